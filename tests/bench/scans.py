"""Word recall and time on made scans whose words are known: ``./run bench scans``.

Pages of ordinary minutes are rendered at 200 dots per inch and spoilt as paper is: turned, blurred, uneven light, grain,
specks, JPEG. Each is read, a few words are taken out, and the copy is read again from its burnt pixels.
Reach: at least 0.95 of the words, at most 8 s of processor time a page for both readings.

Options: --pages=N (default 6), --grades=light,usual,poor, --seed=N, --keep=FOLDER (save the scans).
"""

from __future__ import annotations

import io
import os
import random
import re
import resource
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from redactor.model import (
    Action,
    Decision,
    Document,
    Kind,
    Label,
    Plan,
    ProfileRef,
    ReasonCode,
    Span,
    Upload,
    digest_of,
)
from tests.bench._minutes import minutes

DPI = 200
# turn in degrees, blur in pixels, grain in grey levels, specks a page, quality of the JPEG
GRADES = {
    "light": (0.3, 0.4, 6.0, 0, 80),
    "usual": (0.8, 0.7, 14.0, 150, 60),
    "poor": (1.6, 1.0, 24.0, 600, 40),
}
_WORD = re.compile(r"[^\W_]+")
_LONG = re.compile(r"[A-Za-z]{5,}")


def spoilt(page: Image.Image, grade: str, source: np.random.Generator) -> Image.Image:
    """Print and scan a page badly."""
    turn, blur, grain, specks, quality = GRADES[grade]
    angle = float(source.uniform(0.5, 1.0) * turn * source.choice((-1, 1)))
    image = (
        page.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=250).filter(ImageFilter.GaussianBlur(blur))
    )
    grey = np.asarray(image, dtype=np.float64)
    light = np.linspace(0.0, 18.0 * turn, grey.shape[1])[None, :]
    grey = grey * 0.86 + 22 - light + source.normal(0.0, grain, grey.shape)
    for y, x in zip(source.integers(0, grey.shape[0], specks), source.integers(0, grey.shape[1], specks), strict=True):
        grey[y : y + 2, x : x + 2] = 40
    stream = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=quality, dpi=(DPI, DPI))
    return Image.open(io.BytesIO(stream.getvalue()))


def folded(text: str) -> Counter[str]:
    """Return the words of a text, each with its count."""
    return Counter(_WORD.findall(text.casefold()))


def share(wanted: Counter[str], found: Counter[str]) -> float:
    """Return how many of the wanted words were found."""
    return (wanted & found).total() / max(1, wanted.total())


def plan_of(document: Document, source: random.Random) -> Plan:
    """Take out five long words."""
    spans = [Span(*match.span()) for match in _LONG.finditer(document.text)]
    chosen = sorted(source.sample(spans, min(5, len(spans))))
    decisions = tuple(
        Decision(span, Action.MASK, "[withheld]", ReasonCode("x"), "Because.", "bench", Label.PERSON) for span in chosen
    )
    return Plan(document.digest, ProfileRef("bench", 1, digest_of(b"")), "bench", "r", decisions)


def used() -> float:
    """Return the processor time of this process and of the programs that it ran, in seconds."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def one(scan: Image.Image, wanted: Counter[str], source: random.Random) -> tuple[float, float, float, float, float]:
    """Return recall and precision of the reading, recall of the copy's text layer, and seconds of both."""
    from redactor.ingest import inside
    from redactor.redact import image

    stream = io.BytesIO()
    scan.save(stream, "JPEG", quality=95, dpi=(DPI, DPI))
    upload = Upload(Kind.IMAGE, digest_of(stream.getvalue()), stream.getvalue())
    began = used()
    document = inside.reader(upload)
    read = used()
    plan = plan_of(document, source)
    made = image.apply(upload, document, plan)
    end = used()
    found = folded(document.text)
    kept = wanted - folded(" ".join(document.text[d.span.start : d.span.end] for d in plan.decisions))
    with pdfium.PdfDocument(made.content) as file:
        copy = folded(file[0].get_textpage().get_text_range())
    return share(wanted, found), share(found, wanted), share(kept, copy), read - began, end - read


def main() -> None:
    """Print the table."""
    os.environ["REDACTOR_CONTAINMENT"] = "none"  # the scans are our own; times are then of the work alone
    asked = dict(option[2:].partition("=")[::2] for option in sys.argv[1:])
    pages, seed = int(asked.get("pages", "6")), asked.get("seed", "1")
    noise, source = np.random.default_rng(int(seed)), random.Random(seed)
    print(
        "| scans | words read | read words that are right | words of the copy | reading | redacting, with its reading |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    with pdfium.PdfDocument(minutes(300)) as file:
        numbers = source.sample(range(len(file)), pages)
        for grade in asked.get("grades", ",".join(GRADES)).split(","):
            results = []
            for number in numbers:
                scan = spoilt(file[number].render(scale=DPI / 72, grayscale=True).to_pil(), grade, noise)
                if "keep" in asked:
                    Path(asked["keep"]).mkdir(parents=True, exist_ok=True)
                    scan.save(Path(asked["keep"]) / f"{grade}-{number}.png")
                wanted = folded(file[number].get_textpage().get_text_range())
                results.append(one(scan, wanted, source))
            recall, right, copy, reading, redacting = (sum(each) / len(results) for each in zip(*results, strict=True))
            worst = min(result[0] for result in results)
            print(
                f"| {pages} {grade} | {recall:.3f}, worst {worst:.3f} | {right:.3f} | {copy:.3f} "
                f"| {reading:.1f} s | {redacting:.1f} s |",
                flush=True,
            )


if __name__ == "__main__":
    main()
