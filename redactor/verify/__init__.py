"""The independent second look: opens the final bytes with other code, trusts nobody, and refuses on any doubt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from redactor import sandbox, wire
from redactor.errors import LeakFound
from redactor.limits import MEBIBYTE, Limits
from redactor.model import Document, Proven, ProvenWritten, Rendered, Written, digest_of
from redactor.verify.report import Report, Sighting, certify

__all__ = ["Report", "Sighting", "examine", "prove", "prove_written", "sees"]

_SECONDS_EACH_PAGE = 5.0
_BYTES_EACH_PAGE = 4 * MEBIBYTE
_BYTES_AT_MOST = 3 * 1024 * MEBIBYTE


def _limits(pages: int) -> Limits:
    """Return what one look may use: a fixed share and some for each page."""
    base = Limits()
    memory = min(base.memory_bytes + pages * _BYTES_EACH_PAGE, _BYTES_AT_MOST)
    return replace(base, memory_bytes=memory).for_pages(pages, _SECONDS_EACH_PAGE)


def prove(rendered: Rendered, document: Document) -> Proven:
    """Check a finished copy against the document and plan it was made from.

    Args:
        rendered: the marked copy, not yet encrypted.
        document: the uploaded document that the plan is about.

    Raises:
        LeakFound: if any check fails; names the checks and holds no document text.
        Damaged: if the copy cannot be opened.
    """
    answer = sandbox.call(
        "redactor.verify.inside:prove",
        wire.dump(replace(rendered, pdf=b"")),
        {"pdf": rendered.pdf, "document": wire.dump(document)},
        _limits(rendered.body_pages[1]),
    )
    report = _passed(answer.value)
    return Proven(
        pdf=rendered.pdf,
        plan=rendered.plan,
        mark=rendered.mark,
        certificate=certify(digest_of(rendered.pdf), rendered.plan.digest, report),
        warnings=(*rendered.warnings, *report.warnings),
    )


def prove_written(written: Written, document: Document) -> ProvenWritten:
    """Check a copy that flows, a Word document or a web page, as ``prove`` does a PDF.

    Raises:
        LeakFound: if any check fails; names the checks and holds no document text.
        Damaged: if the copy cannot be opened.
    """
    files = {"copy": written.content, "document": wire.dump(document)}
    answer = sandbox.call(
        "redactor.verify.inside:prove_written", wire.dump(replace(written, content=b"")), files, _limits(document.pages)
    )
    report = _passed(answer.value)
    return ProvenWritten(
        form=written.form,
        content=written.content,
        plan=written.plan,
        mark=written.mark,
        certificate=certify(digest_of(written.content), written.plan.digest, report),
        warnings=(*written.warnings, *report.warnings),
    )


def _passed(answer: bytes) -> Report:
    report = wire.load(Report, answer)
    if not report.checks or not report.passed:
        failed = ", ".join(report.failed) or "no check ran"
        said = f"The copy did not pass its proof ({failed})."
        raise LeakFound(said, checks=report.failed, pages=report.failed_pages)
    return report


def examine(pdf: bytes, password: str | None = None, *, pages: int = 500) -> Report:
    """Look through any PDF in the world for redactions that do not hold.

    Args:
        pdf: the file's bytes, trusted in nothing.
        password: opens the file, where it is encrypted.
        pages: how many pages the time and memory limits allow for.

    Raises:
        InputRefused: if the file cannot be opened or goes beyond a limit.
    """
    request = json.dumps({"password": password}).encode()
    answer = sandbox.call("redactor.verify.inside:examine", request, {"pdf": pdf}, _limits(pages))
    return wire.load(Report, answer.value)


def sees(pdf: bytes, needles: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each needle, the kinds of places of a PDF where it can be found; an empty tuple means nowhere."""
    request = json.dumps({"needles": list(needles)}).encode()
    answer = sandbox.call("redactor.verify.inside:sees", request, {"pdf": pdf}, _limits(100))
    return {str(needle): tuple(map(str, places)) for needle, places in json.loads(answer.value).items()}
