"""A backlog of mixed files on two processors: ``./run bench mixed [--pages=1000] [--workers=2]``.

70 % of the pages are text PDF, 20 % DOCX, 10 % scans; each file is read, planned, redacted, proven, marked and sealed.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redactor.errors import RedactorError
from tests.bench._minutes import minutes
from tests.bench._table import HERE, detector, heading, take
from tests.bench.end_to_end import long_docx, repeated

PAGES, WORKERS = 1000, 2
TEXT_SHARE, WORD_SHARE = 0.7, 0.2
TEXT_PAGES, WORD_PAGES, SCAN_PAGES = 14, 10, 5  # of one file


@dataclass(frozen=True, slots=True)
class Job:
    """One file of the backlog."""

    kind: str
    name: str
    folder: str


def backlog(pages: int) -> Iterator[Job]:
    """Return files until there are so many pages, kinds well mixed."""
    due = {"text": pages * TEXT_SHARE, "word": pages * WORD_SHARE, "scan": pages * (1 - TEXT_SHARE - WORD_SHARE)}
    each = {"text": TEXT_PAGES, "word": WORD_PAGES, "scan": SCAN_PAGES}
    total, left = dict(due), dict(due)
    while any(left[kind] >= each[kind] / 2 for kind in left):
        kind = max(left, key=lambda kind: left[kind] / total[kind])
        left[kind] -= each[kind]
        yield {
            "text": Job("text", "minutes.pdf", "icpc_minutes"),
            "word": Job("word", "minutes.docx", "icpc_minutes"),
            "scan": Job("scan", "scan.pdf", "scanned_letter"),
        }[kind]


def content_of(kind: str) -> bytes:
    """Return the bytes of a file of this kind."""
    if kind == "text":
        return minutes(TEXT_PAGES)
    if kind == "word":
        return long_docx()
    return repeated(Path(HERE / "scanned_letter" / "scanned_letter.pdf"), SCAN_PAGES)


def run(job: Job) -> tuple[str, int, float, str]:
    """Take one file the whole way; return its kind, pages, processor time and what it was refused for."""
    try:
        taken = take(content_of(job.kind), job.name, job.folder, hands=1)
    except RedactorError as problem:
        return job.kind, 0, 0.0, problem.slug
    return job.kind, taken.pages, taken.cpu, ""


def main() -> None:
    """Print a row for each kind and one for all."""
    options = dict(option.lstrip("-").split("=", 1) for option in sys.argv[1:] if "=" in option)
    workers, pages = int(options.get("workers", WORKERS)), int(options.get("pages", PAGES))
    heading(f"Backlog of {pages} mixed pages, {workers} workers")
    jobs = list(backlog(pages))
    for kind in ("text", "word", "scan"):
        content_of(kind)  # made and kept before the clock starts
    with multiprocessing.get_context("spawn").Pool(workers, initializer=detector) as pool:
        begun = time.monotonic()
        results = pool.map(run, jobs, chunksize=1)
        seconds = time.monotonic() - begun
    done, spent = Counter[str](), Counter[str]()
    for kind, count, cpu, _ in results:
        done[kind] += count
        spent[kind] += int(cpu * 1000)
    for kind in done:
        share = spent[kind] / max(done[kind], 1)
        print(f"| {kind} | {done[kind]} pages, {spent[kind] / 1000:.0f} s of processor time, {share:.0f} ms a page |")
    refused = Counter(slug for *_, slug in results if slug)
    rate = done.total() / seconds * 60
    scaled = f", {PAGES / rate:.1f} minutes for {PAGES} at this rate" if pages != PAGES else ""
    print(
        f"| all | {done.total()} pages of {len(jobs)} files in {seconds / 60:.1f} minutes, {rate:.0f} pages a minute"
        f"{scaled}, {spent.total() / 1000:.0f} s of processor time, refused: {dict(refused) or 'none'} |"
    )


if __name__ == "__main__":
    main()
