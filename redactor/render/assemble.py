"""Joins cover, redacted body and schedule into the one marked PDF that is proven and sealed next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import IntegrityFailure
from redactor.limits import Limits
from redactor.model import CopyMark, Kind, Plan, Redacted, Rendered
from redactor.render import joining
from redactor.render.navigation import Steering


def concatenate(documents: Sequence[bytes], limits: Limits) -> bytes:
    """Return PDFs put behind one another as one.

    Raises:
        ConverterFailed: if one of them is not a PDF.
    """
    files = {f"{number:06}": content for number, content in enumerate(documents)}
    return sandbox.call("redactor.render.joining:concatenate", b"{}", files, limits).files["pdf"]


def assemble(
    redacted: Redacted,
    plan: Plan,
    mark: CopyMark,
    cover_pdf: bytes | None = None,
    schedule_pdf: bytes | None = None,
    *,
    steering: Steering | None = None,
    limits: Limits | None = None,
) -> Rendered:
    """Join the pages of one copy, strip all that is not page, and mark every page.

    Args:
        redacted: the redacted body as PDF (formats that flow were laid out before).
        plan: the plan that was applied.
        mark: what stands on each page.
        cover_pdf: pages before the body.
        schedule_pdf: pages after the body.
        steering: page numbers, bookmarks and links of a bundle.
        limits: of the sandboxed child.

    Raises:
        IntegrityFailure: if the body is not a PDF or belongs to another plan.
        ConverterFailed: if the pages cannot be joined.
    """
    if redacted.kind is not Kind.PDF or redacted.plan.digest != plan.digest:
        raise IntegrityFailure("The redacted body does not belong to this plan or is not laid out yet.")
    files = {joining.BODY: redacted.content}
    files |= {joining.COVER: cover_pdf} if cover_pdf is not None else {}
    files |= {joining.SCHEDULE: schedule_pdf} if schedule_pdf is not None else {}
    files |= {joining.NAVIGATION: steering.as_json()} if steering is not None else {}
    files |= {joining.BOXES: json.dumps([(burnt.page, *burnt.box) for burnt in redacted.boxes]).encode()}
    bounds = limits or Limits().for_pages(len(redacted.routes))
    answer = sandbox.call("redactor.render.joining:run", wire.dump(mark), files, bounds)
    said = json.loads(answer.value)
    first, last = (int(edge) for edge in said["body"])
    return Rendered(
        pdf=answer.files["pdf"],
        plan=plan,
        mark=mark,
        furniture=tuple(str(text) for text in said["furniture"]),
        body_pages=(first, last),
        routes=redacted.routes,
        boxes=tuple(replace(box, page=box.page + first) for box in redacted.boxes),
        warnings=redacted.warnings,
        navigation=steering.titles if steering is not None else (),
    )
