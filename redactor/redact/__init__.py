"""Applies a plan to a file: what the plan removes is not in the result, in no part of it."""

from __future__ import annotations

import json
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import IntegrityFailure
from redactor.limits import Limits
from redactor.model import Document, Plan, Redacted, Upload

__all__ = ["apply"]


def apply(
    upload: Upload, document: Document, plan: Plan, *, widths: str = "standard", limits: Limits | None = None
) -> Redacted:
    """Apply a plan to the file it was made for.

    Args:
        upload: the admitted file.
        document: what ``ingest.read`` returned for it.
        plan: decisions about spans of that document.
        widths: "standard" closes or quantises the gaps on PDF pages; "layout" keeps positions.
        limits: of the sandboxed child.

    Returns:
        The redacted file in its own format; text and e-mail become DOCX.

    Raises:
        IntegrityFailure: if the plan was made for another file.
        InputRefused: if the file cannot be redacted safely.
    """
    if not upload.digest == document.digest == plan.document:
        raise IntegrityFailure("The plan was made for a different file.")
    files = {"content": upload.content, "document": wire.dump(document), "plan": wire.dump(plan)}
    request = json.dumps({"upload": json.loads(wire.dump(replace(upload, content=b""))), "widths": widths}).encode()
    answer = sandbox.call("redactor.redact.inside:apply", request, files, limits)
    return replace(wire.load(Redacted, answer.value), content=answer.files["content"], plan=plan)
