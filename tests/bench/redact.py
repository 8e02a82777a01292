"""Surgery on a long PDF of ordinary minutes, in pages per CPU-second, beside PyMuPDF: ``./run bench redact``.

The same words are taken out of the same boxes by both, in one process each, from bytes to bytes. PyMuPDF is never a
dependency: --rival=PYTHON names the Python of another environment that has it; without that only ours is measured.

Options: --pages=N (default 180), --words=N (a page, default 5), --seed=N, --rival=PYTHON, --profile (where time goes).
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from redactor import ingest
from redactor.limits import Limits
from redactor.model import (
    Action,
    Box,
    Decision,
    Document,
    Kind,
    Label,
    OnPage,
    Plan,
    ProfileRef,
    ReasonCode,
    Span,
    Upload,
    digest_of,
)
from redactor.redact import pdf, places
from redactor.redact.pdf import SURGERY
from tests.bench._minutes import minutes

_WORD = re.compile(r"[^\W\d_]{4,}")
_PROFILE = ProfileRef("bench", 1, digest_of(b""))
_TOKEN = "[withheld]"


def planned(document: Document, words: int, source: random.Random) -> Plan:
    """Choose some words of each page."""
    by_page: dict[int, list[Span]] = {}
    for piece in document.pieces:
        if isinstance(piece.at, OnPage):
            for match in _WORD.finditer(document.text, piece.span.start, piece.span.end):
                by_page.setdefault(piece.at.page, []).append(Span(*match.span()))
    chosen = sorted(span for found in by_page.values() for span in source.sample(found, min(words, len(found))))
    decisions = tuple(
        Decision(span, Action.MASK, _TOKEN, ReasonCode("x"), "Because.", "bench", Label.PERSON) for span in chosen
    )
    return Plan(document.digest, _PROFILE, "bench", "r", decisions)


def ours(upload: Upload, document: Document, plan: Plan) -> tuple[float, str]:
    """Return CPU-seconds and what became of the pages."""
    began = time.process_time()
    made = pdf.apply(upload, document, plan)
    spent = time.process_time() - began
    raster = sum(route != SURGERY for route in made.routes)
    return spent, f"{len(made.content) / 1024:.0f} KiB, {raster} pages as pictures"


def rival(python: str, content: bytes, boxes: dict[int, list[Box]]) -> dict[str, Any]:
    """Let PyMuPDF of another environment take the same boxes out."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.pdf"
        source.write_bytes(content)
        script = str(Path(__file__).with_name("rival_redact.py"))
        request = json.dumps({str(page): found for page, found in boxes.items()})
        done = subprocess.run([python, script, str(source)], input=request, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    """Print the table."""
    asked = dict(option[2:].partition("=")[::2] for option in sys.argv[1:])
    pages = int(asked.get("pages", "180"))
    content = minutes(pages)
    upload = Upload(Kind.PDF, digest_of(content), content)
    document = ingest.read(upload, Limits().for_pages(pages))
    plan = planned(document, int(asked.get("words", "5")), random.Random(asked.get("seed", "1")))
    words = len(document.text.split())
    print(f"{pages} pages of minutes, {words / pages:.0f} words a page, {len(plan.decisions)} of them taken out")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if "profile" in asked:
        watch = cProfile.Profile()
        watch.runcall(pdf.apply, upload, document, plan)
        pstats.Stats(watch).sort_stats("cumulative").print_stats(45)
        pstats.Stats(watch).sort_stats("tottime").print_stats(30)
        return
    spent, said = ours(upload, document, plan)
    print(f"| ours | {pages / spent:.0f} pages per CPU-second | {spent:.2f} s | {said} |")
    if "rival" not in asked:
        print("PyMuPDF: skipped, no --rival=PYTHON given")
        return
    boxes = {page: [change.box for change in found] for page, found in places.changes(document, plan).items()}
    answer = rival(asked["rival"], content, boxes)
    figures = f"{pages / answer['seconds']:.0f} pages per CPU-second | {answer['seconds']:.2f} s"
    print(f"| {answer['program']} | {figures} | {answer['bytes'] / 1024:.0f} KiB |")


if __name__ == "__main__":
    main()
