"""Bytes from outside become a ``Document``: type by content, limits, typed refusals; all parsing behind the wall."""

from __future__ import annotations

import json
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import Damaged, TooLarge
from redactor.ingest import ranges, sniff
from redactor.ingest.ranges import PageRange, cut, join
from redactor.limits import PDF_PAGES, UPLOAD_BYTES, Limits
from redactor.model import Document, Kind, Upload, digest_of

__all__ = ["PageRange", "admit", "cut", "join", "read", "read_range"]

_CONTENT = "content"
_RANGE = "redactor.ingest.inside:read_range"
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


def read(upload: Upload, limits: Limits | None = None, *, hands: int = 1) -> Document:
    """Read everything that an admitted file says.

    Args:
        upload: from ``admit``.
        limits: of the sandboxed child; by default some time for each page that the file says it has.
        hands: how many children may read ranges of its pages at once; the document does not depend on it.

    Raises:
        InputRefused: if the content turns out to be damaged, hostile, locked or too large.
    """
    bounds = limits or Limits().for_pages(upload.pages)
    wanted = ranges.cut(upload.pages, _each(upload.pages, hands))
    if hands > 1 and len(wanted) > 1 and upload.kind in ranges.PAGED:
        requests = [_request(upload, each) for each in wanted]
        answers = sandbox.spread(_RANGE, requests, {_CONTENT: upload.content}, bounds, hands=hands)
        return ranges.join([wire.load(Document, answer.value) for answer in answers])
    request = wire.dump(replace(upload, content=b""))
    answer = sandbox.call("redactor.ingest.inside:read", request, {_CONTENT: upload.content}, bounds)
    return wire.load(Document, answer.value)


def read_range(upload: Upload, wanted: PageRange) -> Document:
    """Read some pages of an admitted PDF or image; ``join`` makes one document of all ranges.

    Raises:
        InputRefused: as ``read`` does.
    """
    bounds = Limits().for_pages(wanted.end - wanted.first)
    answer = sandbox.call(_RANGE, _request(upload, wanted), {_CONTENT: upload.content}, bounds)
    return wire.load(Document, answer.value)


def _each(pages: int, hands: int) -> int:
    """Return how many pages a child reads: an equal share, unless starting it would cost more than it reads."""
    return max(_FEWEST_PAGES, -(-pages // max(hands, 1)))


def _request(upload: Upload, wanted: PageRange) -> bytes:
    described = json.loads(wire.dump(replace(upload, content=b"")))
    return json.dumps({"upload": described, "first": wanted.first, "end": wanted.end, "last": wanted.last}).encode()
