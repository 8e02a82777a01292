"""Applies a plan to a file: what the plan removes is not in the result, in no part of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import IntegrityFailure
from redactor.limits import Limits
from redactor.model import Document, Kind, Plan, Redacted, Upload

__all__ = ["apply", "as_word"]

_NO_PICTURES = "Page pictures and page layout are not part of a copy in this form; only its text is."


def apply(
    upload: Upload,
    document: Document,
    plan: Plan,
    *,
    widths: str = "standard",
    pictures: Collection[int] = (),
    limits: Limits | None = None,
) -> Redacted:
    """Apply a plan to the file it was made for.

    Args:
        upload: the admitted file.
        document: what ``ingest.read`` returned for it.
        plan: decisions about spans of that document.
        widths: "standard" closes or quantises the gaps on PDF pages; "layout" keeps positions.
        pictures: pages of a PDF, numbered from 0, that are to be made as pictures.
        limits: of the sandboxed child.

    Returns:
        The redacted file in its own format; text and e-mail become DOCX.

    Raises:
        IntegrityFailure: if the plan was made for another file.
        InputRefused: if the file cannot be redacted safely.
    """
    return _call("redactor.redact.inside:apply", upload, document, plan, limits, widths, pictures)


def as_word(upload: Upload, document: Document, plan: Plan, limits: Limits | None = None) -> Redacted:
    """Apply a plan and return a Word document: a DOCX in its own form, anything else typed anew without its pictures.

    Raises:
        IntegrityFailure: if the plan was made for another file.
        InputRefused: if the file cannot be redacted safely.
    """
    made = _call("redactor.redact.inside:as_word", upload, document, plan, limits)
    if upload.kind in (Kind.PDF, Kind.IMAGE):
        made = replace(made, warnings=(*made.warnings, _NO_PICTURES))
    return made


def _call(
    function: str,
    upload: Upload,
    document: Document,
    plan: Plan,
    limits: Limits | None,
    widths: str = "standard",
    pictures: Collection[int] = (),
) -> Redacted:
    if not upload.digest == document.digest == plan.document:
        raise IntegrityFailure("The plan was made for a different file.")
    files = {"content": upload.content, "document": wire.dump(document), "plan": wire.dump(plan)}
    described = json.loads(wire.dump(replace(upload, content=b"")))
    request = json.dumps({"upload": described, "widths": widths, "pictures": sorted(pictures)}).encode()
    answer = sandbox.call(function, request, files, limits)
    return replace(wire.load(Redacted, answer.value), content=answer.files["content"], plan=plan)
