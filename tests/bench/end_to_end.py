"""Seconds a stage, pages a second and peak memory for three documents: ``./run bench end_to_end``.

A DOCX of about 10 pages, a text PDF of about 50, a scan of 10; each from upload to proven draft, in one process. On a busy machine
compare processor time, not seconds.
"""

from __future__ import annotations

import io
import os
import platform
import time
from pathlib import Path

import docx
import pikepdf

from redactor import detect, pipeline, policy
from redactor.library import copy_mark
from samples import make as samples
from tests.bench._peak import Peak

HERE = Path(samples.HERE)
PROFILE = "family_copy"
DOCX_REPEATS, PDF_REPEATS, SCAN_PAGES = 9, 50, 10


def long_docx() -> bytes:
    """Repeat the minutes' paragraphs until they fill about ten pages."""
    made = docx.Document()
    source = docx.Document(str(HERE / "icpc_minutes" / "icpc_minutes.docx"))
    for _ in range(DOCX_REPEATS):
        for paragraph in source.paragraphs:
            made.add_paragraph(paragraph.text)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repeated(path: Path, times: int) -> bytes:
    """Repeat a PDF's pages."""
    with pikepdf.open(path) as source, pikepdf.new() as made:
        for _ in range(times):
            made.pages.extend(source.pages)
        stream = io.BytesIO()
        made.save(stream)
        return stream.getvalue()


def measure(name: str, content: bytes, tools: pipeline.Tools, folder: str) -> None:
    """Take one document the whole way and print its rows."""
    stages: list[tuple[str, float]] = []

    def note(stage: str, done: int = 0, total: int = 0) -> None:
        del total
        if not done:
            stages.append((stage, time.monotonic()))

    watched = pipeline.Tools(tools.detector, None, note)
    profile, case = policy.load_profile(PROFILE), policy.load_case((HERE / folder / "case.yaml").read_bytes())
    reader = policy.find_reader(case, PROFILE)
    with Peak() as peak:
        proposal = pipeline.propose(content, name, profile, case, reader, watched)
        order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
        _, rendered = pipeline.release(proposal, proposal.plan, order, watched)
    end = time.monotonic()
    pages = rendered.body_pages[1] - rendered.body_pages[0]
    seconds = end - stages[0][1]
    for (stage, begun), (_, ended) in zip(stages, [*stages[1:], ("", end)], strict=True):
        print(f"| {name} | {stage} | {ended - begun:.2f} s |")
    figures = f"{seconds:.1f} s, {pages} pages, {pages / seconds:.2f} pages/s, {peak.cpu:.1f} s of processor time, {peak.bytes / 2**20:.0f} MiB"
    print(f"| {name} | **all** | **{figures}** |")


def main() -> None:
    """Print the table."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| document | stage | figure |\n| --- | --- | --- |")
    begun = time.monotonic()
    tools = pipeline.Tools(detect.load())
    print(f"| – | load the detector | {time.monotonic() - begun:.2f} s |")
    measure("10-page DOCX", long_docx(), tools, "icpc_minutes")
    measure(
        "50-page PDF",
        repeated(HERE / "social_work_report" / "social_work_report.pdf", PDF_REPEATS),
        tools,
        "social_work_report",
    )
    measure(
        "10-page scan", repeated(HERE / "scanned_letter" / "scanned_letter.pdf", SCAN_PAGES), tools, "scanned_letter"
    )


if __name__ == "__main__":
    main()
