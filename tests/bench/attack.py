"""Attacks released pages with a list of names: how many names could have stood where one was removed?

The attacker knows everything but the name: the text that stays, the program that set the page, this service's source.
For every name of the list the page is typeset and redacted; names whose copies agree byte for byte (pictures: pixel for
pixel) cannot be told apart. The figure is the size of the set that the true name hides in, over all names as the truth.

Run: ./run bench attack [--names 864] [--ways surgery,raster]. Needs ../shared/data/names. Not collected by pytest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from redactor.formats import ocr, pages
from redactor.ingest import pdf as reading
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
from redactor.redact import pdf as redacting
from redactor.redact import places, raster

NAMES = Path("..") / "shared" / "data" / "names"
REACH = 250
FACES = {
    "Carlito": "/usr/share/fonts/truetype/crosextra/Carlito-Regular.ttf",
    "Liberation Sans": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
}
_PROFILE = ProfileRef("bench", 1, digest_of(b""))
_SIZE, _LEADING, _LEFT, _TOP, _WIDTH = 11, 15, 70, 760, 455

# Each holds the name once, at another place of its line and of its sentence.
PARAGRAPHS = (
    "{} was seen at home by the social worker on Tuesday and said that the house had been cold since the autumn.",
    "The referral came by telephone at ten to five. The caller gave the name {} and asked that it should not be passed on.",
    "School reports that attendance fell to eighty one per cent in the spring term, and that {} often arrives hungry.",
    "Conference heard from the health visitor that the baby is well; {} collects the milk and sees to the older children.",
    "The strategy discussion agreed that {} should not be told of the visit before the police have spoken to the neighbours.",
    "Present: the Chair, the Headteacher, the named nurse, {}, and the independent reviewing officer who joined by video.",
)


def names(count: int) -> list[str]:
    """Return forenames and surnames of the United Kingdom, commonest first, half of each."""
    found: dict[str, list[str]] = {}
    for file, column in (
        ("common-forenames-by-country.csv", "Romanized Name"),
        ("common-surnames-by-country.csv", "Romanized Name"),
    ):
        with (NAMES / file).open(encoding="utf-8") as source:
            rows = [row[column].strip() for row in csv.DictReader(source) if row.get("Country") == "GB"]
        found[file] = [row for row in dict.fromkeys(rows) if row.isascii() and row.isalpha()]
    babies = NAMES / "uk_baby_names_1996_2020_totals.csv"
    with babies.open(encoding="utf-8") as source:
        rows = [next(iter(row.values())).strip().title() for row in csv.DictReader(source)]
    found["babies"] = [row for row in rows if row.isascii() and row.isalpha()]
    merged = list(dict.fromkeys(name for listed in found.values() for name in listed))
    return merged[:count]


def typeset(paragraph: str, name: str, face: str, *, justified: bool) -> bytes:
    """Typeset two paragraphs as a word processor does, line by line, and return the PDF."""
    if face not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(face, FACES[face]))
    file = io.BytesIO()
    paper = canvas.Canvas(file, invariant=True)
    paper.setFont(face, _SIZE)
    y = _TOP
    for text in ("Record of the meeting", paragraph.format(name), "The next meeting is in ten working days."):
        lines = list(_lines(text.split(), face))
        for number, line in enumerate(lines):
            _draw(paper, line, y, face, stretch=justified and number + 1 < len(lines))
            y -= _LEADING
        y -= _LEADING
    paper.save()
    return file.getvalue()


def _lines(words: Sequence[str], face: str) -> Iterator[list[str]]:
    line: list[str] = []
    for word in words:
        if line and pdfmetrics.stringWidth(" ".join([*line, word]), face, _SIZE) > _WIDTH:
            yield line
            line = []
        line.append(word)
    yield line


def _draw(paper: canvas.Canvas, line: Sequence[str], y: float, face: str, *, stretch: bool) -> None:
    if not stretch:
        paper.drawString(_LEFT, y, " ".join(line))
        return
    natural = sum(pdfmetrics.stringWidth(word, face, _SIZE) for word in line)
    gap = (_WIDTH - natural) / max(len(line) - 1, 1)
    x = float(_LEFT)
    for word in line:
        paper.drawString(x, y, word + " ")
        x += pdfmetrics.stringWidth(word, face, _SIZE) + gap


def planned(content: bytes, name: str) -> tuple[Upload, Document, Plan]:
    """Read a page and plan to remove the name."""
    upload = Upload(Kind.PDF, digest_of(content), content)
    document = reading.read(upload)
    start = document.text.index(name)
    decision = Decision(
        Span(start, start + len(name)), Action.PSEUDONYM, "[Person 1]", ReasonCode("x"), "Because.", "b", Label.PERSON
    )
    return upload, document, Plan(document.digest, _PROFILE, "bench", "r", (decision,))


def by_surgery(content: bytes, name: str) -> bytes:
    """Return all that a copy made by surgery says."""
    made = redacting.apply(*planned(content, name))
    if made.routes != ("surgery",):
        sys.exit("a page went as a picture: the measurement would be of something else")
    return made.content


def by_raster(content: bytes, name: str) -> bytes:
    """Return the pixels of a copy made as a picture; its text layer is read from nothing but them."""
    _, document, plan = planned(content, name)
    wanted = places.changes(document, plan)
    kept = places.kept_parts(document, plan, wanted)
    with pages.opened(content) as file:
        page = pages.load_page(file, 0)
        picture = pages.render(page, raster.RASTER_DPI)
        cut = partial(pages.render_part, page, picture.dpi)
        burnt = raster.burn(picture, wanted[0], kept[0], scanned=False, cut=cut)
    return burnt.image.tobytes() + repr(burnt.boxes).encode()


WAYS: dict[str, Callable[[bytes, str], bytes]] = {"surgery": by_surgery, "raster": by_raster}


def hidden_among(copies: Sequence[bytes]) -> list[int]:
    """Return, for each copy, how many of all copies are the same."""
    marks = [hashlib.sha256(copy).digest() for copy in copies]
    counts = Counter(marks)
    return [counts[mark] for mark in marks]


def main() -> None:
    """Run every way over every paragraph and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", type=int, default=864)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--paragraphs", type=int, default=len(PARAGRAPHS))
    asked = parser.parse_args()
    ocr.read = lambda *_, **__: []  # type: ignore[assignment]  # what is read on equal pixels is equal
    listed = names(asked.names)
    print(f"{len(listed)} names; reach: a median of at least {REACH * len(listed) // 864} of them")
    for way in asked.ways.split(","):
        every: list[int] = []
        for number, paragraph in enumerate(PARAGRAPHS[: asked.paragraphs]):
            face = list(FACES)[number % len(FACES)]
            justified = number % 3 == 2
            copies = [WAYS[way](typeset(paragraph, name, face, justified=justified), name) for name in listed]
            sizes = hidden_among(copies)
            every += sizes
            print(
                f"{way} {number + 1} {face}{' justified' if justified else ''}: median {statistics.median(sizes):.0f},"
                f" least {min(sizes)}, kinds of copy {len(set(copies))}",
                flush=True,
            )
        print(f"{way}: median {statistics.median(every):.0f}, 5th percentile {sorted(every)[len(every) // 20]}")


if __name__ == "__main__":
    main()
