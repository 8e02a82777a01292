"""Every file of the shared corpus from upload to proven draft, or to a typed refusal: ``./run bench corpus``.

Prints a table of outcomes. Options: --part=1/2 takes every second file, --kind=docx|pdf, --limit=N.
A file may use 60 s plus 5 s a page and 1 GiB in each child; anything but a proven copy or a typed refusal is a fault.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from redactor import detect, pipeline, policy
from redactor.errors import RedactorError
from redactor.model import Case, CopyMark, Reader
from tests.conftest import SHARED

PROFILE = "third_party_agency"
SECONDS, SECONDS_A_PAGE = 60, 5
OUT = Path("build/bench")


def children() -> int:
    """Return how many processes this one still has."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return len(listed.split())


def one(path: Path, tools: pipeline.Tools) -> dict[str, object]:
    """Take one file the whole way and say how it ended."""
    profile = policy.load_profile(PROFILE)
    case, reader = Case(reference="BENCH"), Reader()
    mark = CopyMark("", "", "2026-01-01", profile.marks.classification, case.reference, draft=True)
    begun, pages, stage = time.monotonic(), 0, ["start"]
    watched = pipeline.Tools(tools.detector, None, stage.append)
    try:
        proposal = pipeline.propose(path.read_bytes(), path.name, profile, case, reader, watched)
        pages = proposal.document.pages
        order = pipeline.Order(case, profile, reader, mark)
        _, rendered = pipeline.release(proposal, proposal.plan, order, watched)
        pages = rendered.body_pages[1] - rendered.body_pages[0]
        outcome = "proven"
    except RedactorError as refusal:
        outcome = f"refused: {refusal.slug}"
        if refusal.slug == "leak-found":
            outcome += f" ({', '.join(getattr(refusal, 'checks', ()))})"
    except Exception as fault:
        outcome = f"FAULT: {type(fault).__name__}"
    seconds = time.monotonic() - begun
    late = seconds > SECONDS + SECONDS_A_PAGE * max(pages, 1)
    return {
        "file": path.name,
        "outcome": outcome,
        "stage": stage[-1],
        "pages": pages,
        "seconds": round(seconds, 2),
        "late": late,
        "left": children(),
    }


def options() -> dict[str, str]:
    """Return the command line's --name=value pairs."""
    return dict(option[2:].partition("=")[::2] for option in sys.argv[1:])  # type: ignore[misc]


def main() -> None:
    """Run the files and print the table."""
    if not SHARED.is_dir():
        sys.exit("The shared corpus is not there.")
    asked = options()
    part, parts = (int(number) for number in asked.get("part", "1/1").split("/"))
    kinds = [asked["kind"]] if "kind" in asked else ["docx", "pdf"]
    files = [path for kind in kinds for path in sorted((SHARED / "corpus" / kind).iterdir())][part - 1 :: parts]
    files = files[: int(asked.get("limit", len(files)))]
    tools = pipeline.Tools(detect.load())
    OUT.mkdir(parents=True, exist_ok=True)
    log = OUT / f"corpus.{'-'.join(kinds)}.{part}of{parts}.jsonl"
    outcomes: Counter[str] = Counter()
    late = left = 0
    with log.open("w") as stream:
        for path in files:
            result = one(path, tools)
            stream.write(json.dumps(result) + "\n")
            stream.flush()
            outcomes[str(result["outcome"])] += 1
            late += bool(result["late"])
            left += bool(result["left"])
    for outcome, count in outcomes.most_common():
        print(f"{count:5}  {outcome}")
    print(f"{len(files)} files, {late} over their time, {left} with a process left over. Details: {log}")


if __name__ == "__main__":
    main()
