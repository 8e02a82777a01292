"""Bytes from outside become a ``Document``: type by content, limits, typed refusals; all parsing behind the wall."""

from __future__ import annotations

import json
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import Damaged, TooLarge
from redactor.ingest import sniff
from redactor.limits import PDF_PAGES, UPLOAD_BYTES, Limits
from redactor.model import Document, Kind, Upload, digest_of

__all__ = ["admit", "read"]

_CONTENT = "content"


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


def read(upload: Upload, limits: Limits | None = None) -> Document:
    """Read everything that an admitted file says.

    Args:
        upload: from ``admit``.
        limits: of the sandboxed child; by default some time for each page that the file says it has.

    Raises:
        InputRefused: if the content turns out to be damaged, hostile, locked or too large.
    """
    request = wire.dump(replace(upload, content=b""))
    answer = sandbox.call(
        "redactor.ingest.inside:read", request, {_CONTENT: upload.content}, limits or Limits().for_pages(upload.pages)
    )
    return wire.load(Document, answer.value)
