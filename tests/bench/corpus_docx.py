"""Defends "Nothing leaks" on other people's files: random words taken out of every DOCX of the shared corpus.

Run: ``python -m tests.bench.corpus_docx [FOLDER] [--most N]``; prints a table of outcomes, the slowest file, and any sampled word
left anywhere in a released package.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from redactor import ingest
from redactor.errors import RedactorError
from redactor.formats import builtin
from redactor.ingest import door, sniff
from redactor.limits import Limits
from redactor.model import (
    Action,
    Decision,
    Digest,
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
from redactor.redact import docx

TOKEN = "[x]"
READING = Limits(seconds=120)
WORDS_EACH = 5
_WORD = re.compile(r"[^\W\d_]{5,}")
_PART_NAME = re.compile(
    r"\[Content_Types\]\.xml|(word/)?_rels/([a-z0-9.]+\.xml)?\.rels|word/_rels/[a-z]+\d*\.xml\.rels|word/media/[a-z]+\d*\.png"
    r"|word/(document|styles|numbering|settings|footnotes|endnotes|(header|footer)\d+)\.xml"
)
_PLAIN = re.compile(r"Style \d+|s\d+|rId\w+|word/document\.xml|Picture \d*|http://schemas\.openxmlformats\.org/\S+")
_MARKS = re.compile(r"\[(picture|object|image) removed\]")
_BREAKS = {"br": "\n", "tab": "\t", "instrText": ""}
_LIVE_FIELD = re.compile(r" (PAGE|NUMPAGES|SECTIONPAGES) ")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    what: str
    seconds: float
    words: int = 0
    residual: tuple[str, ...] = ()


def plan_for(document: Document, spans: Iterable[Span], token: str = TOKEN) -> Plan:
    """A plan that masks these spans."""
    decisions = tuple(
        Decision(span, Action.MASK, token, ReasonCode("test"), "test", "test", Label.MANUAL) for span in sorted(spans)
    )
    return Plan(document.digest, ProfileRef("test", 1, Digest("sha256:0")), "", "unknown", decisions)


def left_over(package: bytes, words: Iterable[str]) -> list[str]:
    """Which of the words are still in a package: in the text of a part or an attribute's value.

    The writer's own grammar cannot carry content: part names, types and relationships must be of its fixed form, and a
    marker, a page-number field or a neutral style name is no trace of the source.
    """
    said: list[str] = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            if not _PART_NAME.fullmatch(name):
                said.append(name)
            if name.endswith(".xml") and not name.startswith("["):
                said += _strings(etree.fromstring(archive.read(name)))
            elif name.endswith(".rels"):
                said += [
                    value
                    for arrow in etree.fromstring(archive.read(name))
                    for key, value in arrow.attrib.items()
                    if key != "Type" and not (_PART_NAME.fullmatch("word/" + value) or _PLAIN.fullmatch(value))
                ]
    everything = "\n".join(said).casefold()
    return [word for word in words if word.casefold() in everything]


def _strings(root: etree._Element) -> Iterable[str]:
    """Text by paragraph with runs joined, text by element, and what attributes say beyond the schema's vocabulary."""
    for block in root.iter("{*}p"):
        written = (_BREAKS.get(etree.QName(one).localname, one.text or "") for one in block.iter(etree.Element))
        yield _MARKS.sub("", "".join(written))
    for element in root.iter(etree.Element):
        if not _LIVE_FIELD.fullmatch(element.text or ""):
            yield _MARKS.sub("", element.text or "")
        for value in map(str, element.attrib.values()):
            known = builtin.is_builtin(value) or builtin.is_font(value) or value in builtin.VALUES
            if not (known or _PLAIN.fullmatch(value)):
                yield value


def sample(document: Document, random_source: random.Random) -> set[str]:
    """Random words of the text."""
    found = sorted({word.casefold() for word in _WORD.findall(document.text)})
    return set(random_source.sample(found, min(WORDS_EACH, len(found))))


def spans_of(text: str, words: set[str]) -> list[Span]:
    """Every place where one of the words stands, whatever its case; overlapping places are joined."""
    if not words:
        return []
    places: list[Span] = []
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    position = 0
    while match := pattern.search(text, position):
        if places and match.start() < places[-1].end:
            places[-1] = Span(places[-1].start, max(places[-1].end, match.end()))
        else:
            places.append(Span(match.start(), match.end()))
        position = match.start() + 1
    return places


def _admit(content: bytes, name: str) -> Upload:
    """Zip packages are checked in this process, for speed; what needs a converter goes behind the wall as always."""
    sniffed = sniff.sniff(content, name)
    if sniffed is not sniff.Sniffed.ZIP:
        return ingest.admit(content, name)
    opened = door.open_up(sniffed, content, None)
    return Upload(opened.kind, digest_of(content), opened.changed or content)


def try_one(path: Path, seed: int) -> Outcome:
    """Take random words out of one file and look for them in the result."""
    content, began = path.read_bytes(), time.process_time()
    try:
        upload = _admit(content, path.name)
        kind = upload.kind
        if kind is not Kind.DOCX:
            return Outcome(path.name, f"other kind: {kind}", time.process_time() - began)
        document = ingest.read(upload, READING)
        words = sample(document, random.Random(seed))
        redacted = docx.apply(upload, document, plan_for(document, spans_of(document.text, words)))
    except RedactorError as refusal:
        return Outcome(path.name, f"refused: {refusal.slug}", time.process_time() - began)
    except Exception as error:
        return Outcome(path.name, f"ERROR: {type(error).__name__}", time.process_time() - began)
    seconds = time.process_time() - began
    return Outcome(path.name, "processed", seconds, len(words), tuple(left_over(redacted.content, words)))


def main(arguments: list[str]) -> int:
    """Print the table; return 1 if anything was left over or failed without a type."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=Path("..") / "shared" / "corpus" / "docx")
    parser.add_argument("--most", type=int, default=10_000)
    asked = parser.parse_args(arguments)
    outcomes = [try_one(path, number) for number, path in enumerate(sorted(asked.folder.iterdir())[: asked.most])]
    for what, count in sorted(Counter(outcome.what for outcome in outcomes).items()):
        print(f"{count:5}  {what}")
    for outcome in outcomes:
        if outcome.residual or outcome.what.startswith("ERROR"):
            print(f"       {outcome.file}: {outcome.what} {' '.join(outcome.residual)}")
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    residual = sum(len(outcome.residual) for outcome in outcomes)
    print(f"sampled words {sum(outcome.words for outcome in outcomes)}, residual {residual}")
    print(f"slowest {slowest.seconds:.1f} s of processor time ({slowest.file})")
    return 1 if residual or any(outcome.what.startswith("ERROR") for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
