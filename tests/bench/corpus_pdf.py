"""Redacts random words of every PDF in a folder inside the sandbox and counts what is left, lost and refused.

Run: ./run bench corpus_pdf [--words=5] [--seed=1] [--seconds=N] or with a folder: python -m tests.bench.corpus_pdf FOLDER.
Results are kept, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pdfminer.high_level import extract_text

from redactor import ingest, redact
from redactor.errors import RedactorError
from redactor.limits import Limits
from redactor.model import Action, Decision, Document, Label, OnPage, Plan, ProfileRef, ReasonCode, Span, digest_of
from redactor.verify.vocabulary import GRAMMAR
from tests.conftest import SHARED

_PROFILE = ProfileRef("bench", 1, digest_of(b""))
_WORD = re.compile(r"[A-Za-z]{5,}")


def plan_of(document: Document, words: int, rng: random.Random) -> tuple[Plan, set[str]]:
    """Choose words a page, each of which stands once in the whole document."""
    pages: dict[int, list[re.Match[str]]] = {}
    counts = Counter(m.group().casefold() for m in re.finditer(r"[A-Za-z]+", document.text))
    squeezed = re.sub(r"[^a-z]", "", document.text.casefold())
    for piece in document.pieces:
        if isinstance(piece.at, OnPage):
            for m in _WORD.finditer(document.text, piece.span.start, piece.span.end):
                word = m.group().casefold()
                if counts[word] == 1 and squeezed.count(word) == 1:
                    pages.setdefault(piece.at.page, []).append(m)
    chosen = [m for found in pages.values() for m in rng.sample(found, min(words, len(found)))]
    chosen.sort(key=lambda m: m.start())
    decisions = tuple(
        Decision(Span(m.start(), m.end()), Action.MASK, "[Child A]", ReasonCode("x"), "Because.", "bench", Label.PERSON)
        for m in chosen
    )
    return Plan(document.digest, _PROFILE, "bench", "r", decisions), {m.group() for m in chosen}


def texts_of(pdf: bytes) -> dict[str, str]:
    """Read a PDF with three extractors and as raw strings of its objects."""
    with pdfium.PdfDocument(pdf) as file:
        by_pdfium = "\n".join(page.get_textpage().get_text_range() for page in file)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        by_poppler = subprocess.run(["pdftotext", file.name, "-"], capture_output=True, check=False).stdout.decode()
    try:
        by_pdfminer = extract_text(io.BytesIO(pdf))
    except Exception:
        by_pdfminer = ""
    strings: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for item in file.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    strings.append(item.read_bytes().decode("latin-1"))
                except pikepdf.PdfError:
                    continue
            strings.append(str(item) if not isinstance(item, pikepdf.Stream) else "")
    return {"pdfium": by_pdfium, "pdfminer": by_pdfminer, "pdftotext": by_poppler, "objects": "\n".join(strings)}


def one(path: Path, words: int, seed: int) -> dict[str, Any]:
    """Take words out of one file and say what became of them and of its pages."""
    begun = time.monotonic()
    try:
        upload = ingest.admit(path.read_bytes(), path.name)
        limits = Limits().for_pages(_pages(upload.content))
        document = ingest.read(upload, limits)
        plan, removed = plan_of(document, words, random.Random(f"{seed} {path.name}"))
        result = redact.apply(upload, document, plan, limits=limits)
    except RedactorError as problem:
        return {"file": path.name, "refused": f"{type(problem).__name__}: {problem.message}"}
    spent = time.monotonic() - begun
    scanned = {p.at.page for p in document.pieces if isinstance(p.at, OnPage) and p.at.confidence is not None}
    worded = {p.at.page for p in document.pieces if isinstance(p.at, OnPage)} - scanned
    texts = texts_of(result.content)
    left = {name: [word for word in removed if word.casefold() in text.casefold()] for name, text in texts.items()}
    # Every PDF says "Unicode" and "content" in its own grammar: that tells nothing of a removed word.
    grammar = " ".join(GRAMMAR)
    left["grammar"] = [word for word in left["objects"] if word.casefold() in grammar]
    left["objects"] = [word for word in left["objects"] if word.casefold() not in grammar]
    kept = lost = 0
    if not scanned and "raster" not in result.routes:
        before, after = _letters(document, plan, scanned), Counter(_squeezed(texts["pdfium"]))
        kept, lost = sum(before.values()), sum((before - after).values())
    return {
        "file": path.name,
        "words": len(removed),
        "left": {name: found for name, found in left.items() if found},
        "routes": dict(Counter(route for number, route in enumerate(result.routes) if number in worded)),
        "scanned": len(scanned),
        "empty": len(result.routes) - len(scanned) - len(worded),
        "reasons": list(result.warnings),
        "kept": kept,
        "lost": lost,
        "seconds": round(spent, 1),
    }


def table(results: Sequence[dict[str, Any]]) -> str:
    """Return what all files came to."""
    done = [result for result in results if "refused" not in result]
    left: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for result in done:
        left.update({name: len(found) for name, found in result["left"].items()})
        routes.update(result["routes"])
        reasons.update(result["reasons"])
    share = 100 * routes["surgery"] / max(1, routes.total())
    lines = [
        f"{len(results)} files, {sum(result['words'] for result in done)} words taken out, found again: {dict(left)}",
        f"pages with a text layer: {dict(routes)} = {share:.1f} % by surgery;"
        f" scanned {sum(result['scanned'] for result in done)}, without text {sum(result['empty'] for result in done)}",
        f"letters lost beside them: {sum(result['lost'] for result in done)} of {sum(result['kept'] for result in done)}",
    ]
    refusals = Counter(result["refused"] for result in results if "refused" in result)
    lines += [f"{count:5}  {reason}" for reason, count in (reasons + refusals).most_common()]
    return "\n".join(lines)


def main() -> None:
    """Run the files that have no result yet and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "corpus" / "pdf")
    parser.add_argument("--words", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=math.inf, help="end after this time; run again to go on")
    parser.add_argument("--out", type=Path, default=Path("build") / "bench" / "corpus_pdf.jsonl")
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        sys.exit(f"skipped: {asked.folder} is not there")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    lines = asked.out.read_text().splitlines() if asked.out.exists() else []
    known = {result["file"]: result for result in map(json.loads, lines)}
    end = time.monotonic() + asked.seconds
    with asked.out.open("a") as stream:
        for path in sorted(asked.folder.glob("*.pdf")):
            if path.name in known or time.monotonic() > end:
                continue
            result = known[path.name] = one(path, asked.words, asked.seed)
            stream.write(json.dumps(result) + "\n")
            stream.flush()
            print(result, flush=True)
    print(table(list(known.values())))


def _pages(content: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 1


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _letters(document: Document, plan: Plan, scanned: set[int]) -> Counter[str]:
    gone = [decision.span for decision in plan.decisions]
    counted: Counter[str] = Counter()
    for piece in document.pieces:
        if isinstance(piece.at, OnPage) and piece.at.page not in scanned and piece.role.value != "hidden":
            counted.update(_squeezed(document.text[piece.span.start : piece.span.end]))
    for span in gone:
        counted.subtract(_squeezed(document.text[span.start : span.end]))
    return +counted


if __name__ == "__main__":
    main()
