"""Every file of the shared corpus from upload to proven draft, or to a typed refusal: ``./run bench corpus``.

Prints a table of outcomes. A file may use 60 s plus 5 s a page and 1 GiB; anything but a proven copy or a typed refusal
is a fault. Each file's result is written as it comes, so a run that was stopped goes on where it was.

Options: --kind=docx|pdf, --limit=N, --part=1/2 (every second file), --profile=NAME, --out=FILE (JSON lines; default
build/bench/corpus.jsonl), --again=OUTCOME (also repeat files whose outcome starts so), --table (only print).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from redactor import detect, pipeline, policy
from redactor.errors import RedactorError
from redactor.limits import MEBIBYTE
from redactor.model import Case, CopyMark, Reader
from tests.bench._peak import Peak
from tests.conftest import SHARED

PROFILE = "third_party_agency"
SECONDS, SECONDS_A_PAGE, MEBIBYTES = 60, 5, 1024
KINDS = ("docx", "pdf")


def children() -> int:
    """Return how many processes this one still has."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return len(listed.split())


def one(path: Path, tools: pipeline.Tools, profile_name: str) -> dict[str, Any]:
    """Take one file the whole way and say how it ended."""
    profile = policy.load_profile(profile_name)
    case, reader = Case(reference="BENCH"), Reader()
    mark = CopyMark("", "", "2026-01-01", profile.marks.classification, case.reference, draft=True)
    stages: list[tuple[str, float]] = []

    def note(stage: str, done: int = 0, total: int = 0) -> None:
        del total
        if not done:
            stages.append((stage, time.monotonic()))

    watched = pipeline.Tools(tools.detector, None, note)
    pages, checks, routes, said = 0, 0, Counter[str](), ""
    begun = time.monotonic()
    with Peak() as peak:
        try:
            proposal = pipeline.propose(path.read_bytes(), path.name, profile, case, reader, watched)
            pages = proposal.document.pages
            order = pipeline.Order(case, profile, reader, mark)
            sealed, rendered = pipeline.release(proposal, proposal.plan, order, watched)
            pages = rendered.body_pages[1] - rendered.body_pages[0]
            checks, routes, outcome = len(sealed.certificate.checks), Counter(rendered.routes), "proven"
        except RedactorError as refusal:
            said, outcome = refusal.message, f"refused: {refusal.slug}"
            if refusal.slug == "leak-found":
                outcome += f" ({', '.join(getattr(refusal, 'checks', ()))})"
        except Exception as fault:
            said, outcome = str(fault), f"FAULT: {type(fault).__name__}"
    end = time.monotonic()
    ends = [moment for _, moment in stages[1:]] + [end]
    return {
        "file": path.name,
        "kind": path.parent.name,
        "outcome": outcome,
        "said": said,
        "stage": stages[-1][0] if stages else "start",
        "stages": {stage: round(ended - began, 2) for (stage, began), ended in zip(stages, ends, strict=True)},
        "pages": pages,
        "routes": routes,
        "checks": checks,
        "seconds": round(end - begun, 2),
        "cpu": round(peak.cpu, 2),
        "mebibytes": peak.children // MEBIBYTE,
        "late": end - begun > SECONDS + SECONDS_A_PAGE * max(pages, 1),
        "left": children(),
    }


def options() -> dict[str, str]:
    """Return the command line's --name=value pairs."""
    return dict(option[2:].partition("=")[::2] for option in sys.argv[1:])  # type: ignore[misc]


def table(results: list[dict[str, Any]]) -> str:
    """Return the outcomes, what took longest and what took most memory."""
    lines = []
    for kind in KINDS:
        of_kind = [result for result in results if result["kind"] == kind]
        if not of_kind:
            continue
        lines.append(f"{kind}: {len(of_kind)} files, {sum(result['pages'] for result in of_kind)} pages")
        for outcome, count in Counter(str(result["outcome"]) for result in of_kind).most_common():
            lines.append(f"{count:6}  {outcome}")
        slowest = max(of_kind, key=lambda result: float(result["seconds"]))
        largest = max(of_kind, key=lambda result: int(result["mebibytes"]))
        busiest = max(of_kind, key=lambda result: float(result.get("cpu", 0)))
        lines.append(
            f"        most processor time {busiest.get('cpu')} s ({busiest['file']}, {busiest['pages']} pages)"
        )
        lines.append(f"        slowest {slowest['seconds']} s ({slowest['file']}, {slowest['pages']} pages)")
        lines.append(f"        largest {largest['mebibytes']} MiB ({largest['file']})")
    late = sum(bool(result["late"]) for result in results)
    busy = sum(result.get("cpu", 0) > SECONDS + SECONDS_A_PAGE * max(result["pages"], 1) for result in results)
    large = sum(int(result["mebibytes"]) > MEBIBYTES for result in results)
    left = sum(bool(result["left"]) for result in results)
    faults = sum(str(result["outcome"]).startswith("FAULT") for result in results)
    lines.append(
        f"{faults} faults, {late} over their time by the clock and {busy} by the processor, {large} over 1 GiB, {left} with a process left over"
    )
    return "\n".join(lines)


def main() -> None:
    """Run the files that have no result yet and print the table."""
    if not SHARED.is_dir():
        sys.exit("The shared corpus is not there.")
    asked = options()
    log = Path(asked.get("out", "build/bench/corpus.jsonl"))
    log.parent.mkdir(parents=True, exist_ok=True)
    known = {}
    for line in log.read_text().splitlines() if log.exists() else ():
        result = json.loads(line)
        known[result["kind"], result["file"]] = result
    part, parts = (int(number) for number in asked.get("part", "1/1").split("/"))
    kinds = [asked["kind"]] if "kind" in asked else list(KINDS)
    files = [path for kind in kinds for path in (SHARED / "corpus" / kind).iterdir()]
    files.sort(key=lambda path: hashlib.sha256(path.name.encode()).digest())  # any part of the run is a fair sample
    files = files[part - 1 :: parts][: int(asked.get("limit", len(files)))]
    again = asked.get("again", "\0")
    todo = [
        path
        for path in files
        if known.get((path.parent.name, path.name), {"outcome": again})["outcome"].startswith(again)
    ]
    if todo and "table" not in asked:
        tools = pipeline.Tools(detect.load())
        with log.open("a") as stream:
            for path in todo:
                result = known[path.parent.name, path.name] = one(path, tools, asked.get("profile", PROFILE))
                stream.write(json.dumps(result) + "\n")
                stream.flush()
    print(table([known[key] for path in files if (key := (path.parent.name, path.name)) in known]))
    print(f"Details: {log}")


if __name__ == "__main__":
    main()
