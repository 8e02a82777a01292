"""Bytes from outside become a ``Document``: type by content, limits, typed refusals; all parsing behind the wall."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from redactor import ranges, sandbox, wire
from redactor.errors import Damaged, TooLarge
from redactor.ingest import sniff
from redactor.limits import PDF_PAGES, UPLOAD_BYTES, Limits
from redactor.model import Document, Kind, Upload, digest_of
from redactor.ranges import PageRange

__all__ = ["admit", "read"]

_CONTENT = "content"
_READ = "redactor.ingest.inside:read"
_MOST_PAGES = 20  # of a child
_FEWEST_PAGES = 4  # of a range: to start a child takes about as long as reading a page by OCR


def admit(untrusted: bytes, name: str, password: str | None = None) -> Upload:
    """Decide whether a file may come in, and as what.

    The name decides nothing: type is by content. Legacy formats arrive as the DOCX they were converted to and an
    encrypted DOCX arrives opened; the digest stays that of the uploaded bytes.

    Args:
        untrusted: the file as uploaded.
        name: the file's name; only used to tell plain text from e-mail where the content leaves both open.
        password: opens an encrypted file.

    Raises:
        InputRefused: one of its kinds, each saying what to do.
    """
    if not untrusted:
        raise Damaged("The file is empty.")
    if len(untrusted) > UPLOAD_BYTES:
        raise TooLarge(f"The file is larger than {UPLOAD_BYTES // 1024 // 1024} MiB.")
    sniffed = sniff.sniff(untrusted, name)
    digest = digest_of(untrusted)
    request = json.dumps({"sniffed": sniffed.value, "password": password}).encode()
    answer = sandbox.call("redactor.ingest.inside:admit", request, {_CONTENT: untrusted})
    said = json.loads(answer.value)
    kind, pages = Kind(said["kind"]), min(max(int(said["pages"]), 1), PDF_PAGES)
    opened = answer.files.get(_CONTENT)
    if opened is None:
        return Upload(kind, digest, untrusted, password, pages)
    return Upload(kind, digest, opened, pages=pages)


def read(
    upload: Upload,
    limits: Limits | None = None,
    *,
    wanted: PageRange = ranges.ALL,
    hands: int = 1,
    told: Callable[[int], None] = lambda pages: None,
) -> Document:
    """Read everything that an admitted file says, or what some of its pages say; ``join`` puts such parts together.

    Args:
        upload: from ``admit``.
        limits: of the sandboxed child; by default some time for each page that the file says it has.
        wanted: these pages only.
        hands: how many children may read ranges of the pages at once; the document does not depend on it.
        told: hears how many of the pages wanted are read.

    Raises:
        InputRefused: if the content turns out to be damaged, hostile, locked or too large.
    """
    parts = _parts(upload, wanted, hands)
    bounds = limits or Limits().for_pages(max(part.end - part.first for part in parts))
    requests = [_request(upload, part) for part in parts]

    def read_so_far(answered: int) -> None:
        told(parts[answered - 1].end - wanted.first)

    answers = sandbox.spread(_READ, requests, {_CONTENT: upload.content}, bounds, hands=hands, told=read_so_far)
    documents = [wire.load(Document, answer.value) for answer in answers]
    return documents[0] if len(documents) == 1 else ranges.join(documents)


def _parts(upload: Upload, wanted: PageRange, hands: int) -> tuple[PageRange, ...]:
    """Return what each child reads: an equal share, unless starting it would take as long as reading that.

    Of many pages no child reads all: people hear how far it is, and a stopped job loses little.
    """
    first, end = wanted.first, max(upload.pages if wanted.last else wanted.end, wanted.first + 1)
    if upload.kind not in ranges.PAGED:
        return (PageRange(first, end),)
    each = min(_MOST_PAGES, max(_FEWEST_PAGES, -(-(end - first) // max(hands, 1))))
    return ranges.cut(first, end, each, last=wanted.last)


def _request(upload: Upload, wanted: PageRange) -> bytes:
    described = json.loads(wire.dump(replace(upload, content=b"")))
    return json.dumps({"upload": described, "first": wanted.first, "end": wanted.end, "last": wanted.last}).encode()
