"""Redacts random words of every PDF in a folder inside the sandbox and counts what is left, lost and refused.

Run: python tests/bench/corpus_pdf.py FOLDER [--words 5] [--seed 1]. Not collected by pytest.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pdfminer.high_level import extract_text

from redactor import ingest, redact
from redactor.errors import RedactorError
from redactor.limits import Limits
from redactor.model import Action, Decision, Document, Label, OnPage, Plan, ProfileRef, ReasonCode, Span, digest_of

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


def main() -> None:
    """Run the whole folder and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=Path("..") / "shared" / "corpus" / "pdf")
    parser.add_argument("--words", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    residual: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    scans = kept = lost = targets = 0
    refused: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    slowest = (0.0, "")
    for path in sorted(asked.folder.glob("*.pdf")):
        begun = time.monotonic()
        try:
            upload = ingest.admit(path.read_bytes(), path.name)
            limits = Limits().for_pages(_pages(upload.content))
            document = ingest.read(upload, limits)
            plan, words = plan_of(document, asked.words, rng)
            result = redact.apply(upload, document, plan, limits=limits)
        except RedactorError as problem:
            refused[f"{type(problem).__name__}: {problem.message}"] += 1
            print(f"{path.name}: {type(problem).__name__} {problem.message}", flush=True)
            continue
        spent = time.monotonic() - begun
        slowest = max(slowest, (spent, path.name))
        scanned = {p.at.page for p in document.pieces if isinstance(p.at, OnPage) and p.at.confidence is not None}
        for number, route in enumerate(result.routes):
            if number in scanned:
                scans += 1
            else:
                routes[route] += 1
        reasons.update(result.warnings)
        found = {
            name: [word for word in words if word.casefold() in text.casefold()]
            for name, text in texts_of(result.content).items()
        }
        residual.update({name: len(left) for name, left in found.items()})
        targets += len(words)
        before, after = _letters(document, plan, scanned), Counter(_squeezed(texts_of(result.content)["pdfium"]))
        if not scanned and "raster" not in result.routes:
            kept += sum(before.values())
            lost += sum((before - after).values())
        left = {name: len(words) for name, words in found.items() if words}
        print(f"{path.name}: {len(words)} words {dict(Counter(result.routes))} {spent:.1f} s {left or ''}", flush=True)
    print("targets", targets, "residual", dict(residual))
    print("born-digital pages", dict(routes), "scanned pages", scans, "refused", dict(refused))
    print("collateral letters", lost, "of", kept, "slowest", slowest, file=sys.stdout)
    for reason, count in reasons.most_common():
        print(count, reason)


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
