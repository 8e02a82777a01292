"""Broken and spliced files against reading and redacting: ``./run bench fuzz``.

Every sample is damaged at random: bytes changed, cut, repeated; in a Word document the XML of its parts as well.
Each must be read or refused with a typed error; whatever is read must be redacted without a trace of the words taken out,
or refused. Options: --seconds=N (default 60), --seed=N, --kind=docx|pdf|eml.
"""

from __future__ import annotations

import copy
import io
import random
import sys
import time
import traceback
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pikepdf
from lxml import etree

from redactor.errors import RedactorError
from redactor.ingest import door, inside, sniff
from redactor.model import Document, Kind, Role, Upload, digest_of
from redactor.redact import docx, pdf
from redactor.redact.pdf import RASTER
from samples import make as samples
from tests.bench import corpus_docx, corpus_pdf

HERE = Path(samples.HERE)
MOST_CHANGES = 6
MOST_PAGES = 4
RAW_SHARE, LOSS_SHARE = 0.1, 0.01
_VALUES = (
    "",
    "0",
    "-1",
    "99999999999",
    "Zebediah",
    "rId1",
    "../../etc/passwd",
    "\u202e",
    "1e9",
    "true",
    "\U0001f4a9 x" * 20,
)
_JUNK = (b"\x00", b"\xff" * 8, b"<", b">", b"&amp;", b"&x;", b"'", b"]]>", b"<w:p>", b"</w:p>", b"<w:sdt>", b"<w:tbl/>",
         b"99999999999", b"-1", b"\xf0\x9f\x92\xa9", b"(", b"<<", b"endobj", b"stream\n", b"\r\n\r\n", b"--")  # fmt: skip


@cache
def seeds() -> list[tuple[str, bytes]]:
    """Return the samples whose reading needs no OCR; the PDF also unpacked, so that damage meets what it says."""
    names = ("icpc_minutes/icpc_minutes.docx", "panel_minutes/panel_minutes.docx", "email/email.eml",
             "social_work_report/social_work_report.pdf")  # fmt: skip
    listed = [(name, (HERE / name).read_bytes()) for name in names]
    stream = io.BytesIO()
    with pikepdf.open(HERE / names[-1]) as pdf:
        pdf.save(stream, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return [*listed, ("unpacked.pdf", stream.getvalue())]


def damaged(content: bytes, source: random.Random) -> bytes:
    """Change a few places of some bytes."""
    raw = bytearray(content)
    for _ in range(source.randint(1, MOST_CHANGES)):
        at = source.randrange(len(raw) or 1)
        length = source.choice((1, 2, 8, 64, 512))
        what = source.randrange(5)
        if what == 0:
            raw[at : at + 1] = bytes([source.randrange(256)])
        elif what == 1:
            del raw[at : at + length]
        elif what == 2:
            raw[at:at] = source.choice(_JUNK)
        elif what == 3:
            raw[at:at] = raw[at : at + length]
        else:
            other = source.randrange(len(raw) or 1)
            raw[at : at + length] = raw[other : other + length]
    return bytes(raw)


def rearranged(content: bytes, source: random.Random) -> bytes:
    """Change the parts of a Word document and pack it again: well-formed XML that no program would write."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = {*source.sample(sorted(parts), min(2, len(parts))), "word/document.xml"}
    for name in sorted(chosen):
        if source.random() < RAW_SHARE or not name.endswith((".xml", ".rels")):
            parts[name] = damaged(parts[name], source)
            continue
        root = etree.fromstring(parts[name])
        elements = [one for one in root.iter(etree.Element) if one is not root]
        for _ in range(source.randint(1, MOST_CHANGES) if elements else 0):
            _rearrange(source.choice(elements), source.choice(elements), source)
        parts[name] = etree.tostring(root)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if source.random() > LOSS_SHARE:
                archive.writestr(name, part)
    return stream.getvalue()


def _rearrange(one: etree._Element, other: etree._Element, source: random.Random) -> None:
    parent = one.getparent()
    if parent is None:
        return
    what = source.randrange(6)
    if what == 0:
        parent.remove(one)
    elif what == 1:
        other.append(copy.deepcopy(one))
    elif what == 2 and other not in one.iter() and other is not one:
        one.append(copy.deepcopy(other))
    elif what == 3 and one.attrib:
        key = source.choice(sorted(map(str, one.attrib)))
        one.set(key, source.choice(_VALUES))
    elif what == 4:
        one.text = source.choice(_VALUES)
    else:
        one.tag = other.tag


def outcome(name: str, content: bytes, source: random.Random) -> str:
    """Read a file in this process, redact it if it is a Word document, and say how it ended."""
    try:
        opened = door.open_up(sniff.sniff(content, name), content, None)
        upload = Upload(opened.kind, digest_of(content), opened.changed or content)
        document = inside.reader(upload)
        if document.kind is Kind.PDF:
            return cut_out(upload, document, source)
        if document.kind is not Kind.DOCX:
            return "read"
        taken = corpus_docx.sample(document, source)
        spans = corpus_docx.spans_of(document.text, taken)
        redacted = docx.apply(upload, document, corpus_docx.plan_for(document, spans))
        return "LEFT OVER" if corpus_docx.left_over(redacted.content, taken) else "redacted"
    except RedactorError as refusal:
        return f"refused: {refusal.slug}"
    except RecursionError:
        return "refused: hostile"  # so the child says it: see sandbox/child.py


def cut_out(upload: Upload, document: Document, source: random.Random) -> str:
    """Take words out of a PDF and look for them in what the copy says; recognised pages are left to other measurements."""
    if document.pages > MOST_PAGES or any(piece.role is Role.OCR for piece in document.pieces):
        return "read"
    plan, words = corpus_pdf.plan_of(document, 5, source)
    redacted = pdf.apply(upload, document, plan)
    said = corpus_pdf.texts_of(redacted.content)
    left = any(word.casefold() in text.casefold() for word in words for name, text in said.items() if name != "objects")
    return "LEFT OVER" if left else "redacted" if RASTER not in redacted.routes else "redacted, pages as pictures"


def run(seed: int, seconds: float, most: int = 10**9, kind: str = "") -> Counter[str]:
    """Try damaged files until the time is up; an untyped error ends the run with its seed."""
    found: Counter[str] = Counter()
    end = time.monotonic() + seconds
    for number in range(most):
        if time.monotonic() > end:
            break
        source = random.Random(f"{seed}.{number}")
        name, content = source.choice([each for each in seeds() if each[0].endswith(kind)])
        changed = (
            rearranged(content, source)
            if name.endswith(".docx") and source.random() < 0.8
            else damaged(content, source)
        )
        try:
            found[outcome(name, changed, source)] += 1
        except Exception as fault:
            where = traceback.extract_tb(fault.__traceback__)[-1]
            found[
                f"FAULT {type(fault).__name__} at {Path(where.filename).name}:{where.lineno} ({seed}.{number}, {name})"
            ] += 1
    return found


def main() -> int:
    """Print the outcomes; leave with 1 if any was neither typed nor clean."""
    asked = dict(option[2:].partition("=")[::2] for option in sys.argv[1:])
    found = run(int(asked.get("seed", "1")), float(asked.get("seconds", "60")), kind=asked.get("kind", ""))
    for what, count in found.most_common():
        print(f"{count:6}  {what}")
    return int(any(what.startswith(("FAULT", "LEFT")) for what in found))


if __name__ == "__main__":
    sys.exit(main())
