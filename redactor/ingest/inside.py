"""The inside of the wall for reading: one entry to check a file, one to read it, each reader by its kind."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import replace

from redactor import wire
from redactor.ingest import sniff
from redactor.model import Document, Kind, Upload
from redactor.ranges import ALL, PAGED, PageRange

_CONTENT = "content"
_READERS = {
    Kind.DOCX: "redactor.ingest.docx",
    Kind.PDF: "redactor.ingest.pdf",
    Kind.IMAGE: "redactor.ingest.image",
    Kind.TEXT: "redactor.ingest.text",
    Kind.EMAIL: "redactor.ingest.email",
}


def admit(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Check the structure of a sniffed file; hand back its kind and pages, and its content where that had to change."""
    from redactor.ingest import door, email

    asked = json.loads(request)
    opened = door.open_up(sniff.Sniffed(asked["sniffed"]), files[_CONTENT], asked["password"])
    pages = email.pages(files[_CONTENT]) if opened.kind is Kind.EMAIL else opened.pages
    said = json.dumps({"kind": opened.kind.value, "pages": pages}).encode()
    return said, {} if opened.changed is None else {_CONTENT: opened.changed}


def read(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Read an admitted file, or some pages of it."""
    asked = json.loads(request)
    upload = replace(wire.load(Upload, json.dumps(asked["upload"])), content=files[_CONTENT])
    wanted = PageRange(int(asked["first"]), int(asked["end"]), bool(asked["last"]))
    return wire.dump(reader(upload, wanted)), {}


def picture(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Draw one page of an admitted PDF or image for the reviewer's screen."""
    from redactor.ingest import picture as pictures

    asked = json.loads(request)
    upload = replace(wire.load(Upload, json.dumps(asked["upload"])), content=files[_CONTENT])
    png, size, matrix = pictures.picture(upload, int(asked["page"]))
    return json.dumps({"size": size, "matrix": matrix}).encode(), {_CONTENT: png}


def extract(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Make a file of some pages of an admitted PDF."""
    from redactor.ingest import extract as extracting

    asked = json.loads(request)
    upload = replace(wire.load(Upload, json.dumps(asked["upload"])), content=files[_CONTENT])
    return b"{}", {_CONTENT: extracting.extract(upload, [int(page) for page in asked["pages"]])}


def reader(upload: Upload, wanted: PageRange = ALL) -> Document:
    """Call the reader for the upload's kind; imported late, since each drags in its own libraries."""
    module = importlib.import_module(_READERS[upload.kind])
    document: Document = module.read(upload, wanted) if upload.kind in PAGED else module.read(upload)
    return document
