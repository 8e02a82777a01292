"""The library's face for notebooks and other programs: ``redact``, ``detect`` and ``verify`` on a path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from redactor import pipeline, policy
from redactor import verify as verifier
from redactor.detect import load
from redactor.errors import READ_ADVICE, FileAccess
from redactor.model import Case, Certificate, CopyMark, Detected, Document, Plan, Reader, ReaderKind

Report = verifier.Report


@dataclass(frozen=True, slots=True)
class Copy:
    """A draft copy for one reader, proven; a released one is made by the service or the command line."""

    pdf: bytes
    plan: Plan
    certificate: Certificate
    warnings: tuple[str, ...]

    def save(self, path: str | Path) -> Path:
        """Write the PDF and return where."""
        target = Path(path)
        target.write_bytes(self.pdf)
        return target


@dataclass(frozen=True, slots=True)
class Found:
    """What a document says and what was found in it."""

    document: Document
    detected: Detected


def redact(
    path: str | Path,
    *,
    profile: str,
    case: str | Path | Case | None = None,
    recipient: str | None = None,
    password: str | None = None,
) -> Copy:
    """Return a proven draft copy of a document for one reader.

    Args:
        path: the document.
        profile: a shipped profile's name, or the path of your own.
        case: the case file, or a Case; without one nobody is known.
        recipient: key of the case's recipients, or a person's id.
        password: opens the copy; without one the draft is not encrypted.

    Raises:
        RedactorError: a typed refusal that says what to do next; nothing is returned on any doubt.
    """
    chosen, known = policy.load_profile(profile), _case(case)
    reader = policy.find_reader(known, recipient)
    proposal = pipeline.propose(_bytes(path), Path(path).name, chosen, known, reader, _tools())
    mark = copy_mark(chosen, known, reader, draft=True)
    order = pipeline.Order(known, chosen, reader, mark, password=password)
    sealed, rendered = pipeline.release(proposal, proposal.plan, order, _tools())
    return Copy(sealed.content, proposal.plan, sealed.certificate, rendered.warnings)


def detect(path: str | Path, *, case: str | Path | Case | None = None) -> Found:
    """Return what a document says, and the people and details found in it."""
    known = _case(case)
    _, document = pipeline.read(_bytes(path), Path(path).name, _tools())
    return Found(document, pipeline.find(document, known, _tools()))


def verify(path: str | Path, *, password: str | None = None) -> Report:
    """Return what somebody would find who looks for hidden text in a PDF."""
    return verifier.examine(_bytes(path), password)


def copy_mark(profile: policy.Profile, case: Case, reader: Reader, *, draft: bool) -> CopyMark:
    """Return what stands on each page of a copy made today."""
    named = case.person(reader.person)
    return CopyMark(
        reader_name="" if reader.kind is ReaderKind.PUBLIC else reader.name or (named.name if named else reader.key),
        copy_number="",
        date=date.today().isoformat(),
        classification=profile.marks.classification,
        reference=case.reference,
        draft=draft,
        watermark=draft or profile.marks.watermark,
    )


@cache
def _tools() -> pipeline.Tools:
    return pipeline.Tools(detector=load())


def _case(given: str | Path | Case | None) -> Case:
    if given is None or isinstance(given, Case):
        return given or Case()
    return policy.load_case(_bytes(given))


def _bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise FileAccess(f"The file cannot be read ({problem.strerror}).", next_step=READ_ADVICE) from None
