"""The inside of the wall for redaction: rebuilds the nouns and calls the redactor for the file's kind."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import replace

from redactor import wire
from redactor.model import Document, Kind, Plan, Redacted, Upload

_REDACTORS = {
    Kind.DOCX: "redactor.redact.docx",
    Kind.PDF: "redactor.redact.pdf",
    Kind.IMAGE: "redactor.redact.image",
    Kind.TEXT: "redactor.redact.retypeset",
    Kind.EMAIL: "redactor.redact.retypeset",
}


def apply(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Apply a plan; the answer is a ``Redacted`` whose content travels as a file."""
    asked = json.loads(request)
    upload = replace(wire.load(Upload, json.dumps(asked["upload"])), content=files["content"])
    document, plan = wire.load(Document, files["document"]), wire.load(Plan, files["plan"])
    redacted = redactor(upload, document, plan, asked["widths"], frozenset(asked["pictures"]))
    return wire.dump(replace(redacted, content=b"")), {"content": redacted.content}


def as_word(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Apply a plan and answer with a Word document, whatever the upload was."""
    from redactor.redact import docx, retypeset

    upload = replace(wire.load(Upload, json.dumps(json.loads(request)["upload"])), content=files["content"])
    document, plan = wire.load(Document, files["document"]), wire.load(Plan, files["plan"])
    if upload.kind is Kind.DOCX:
        redacted = docx.apply(upload, document, plan)
    else:
        redacted = retypeset.apply(upload, document, plan)
        redacted = replace(redacted, content=docx.rebuilt(redacted.content))
    return wire.dump(replace(redacted, content=b"")), {"content": redacted.content}


def redactor(upload: Upload, document: Document, plan: Plan, widths: str, pictures: frozenset[int]) -> Redacted:
    """Call the redactor for the upload's kind; imported late, since each drags in its own libraries."""
    apply = importlib.import_module(_REDACTORS[upload.kind]).apply
    more = {"pictures": pictures} if upload.kind in (Kind.PDF, Kind.IMAGE) else {}
    redacted: Redacted = apply(upload, document, plan, widths, **more)
    return redacted
