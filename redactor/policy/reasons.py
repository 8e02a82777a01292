"""Reason codes as data: why something was left out, in words for the reader and words for the file."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from redactor.model import ReasonCode
from redactor.policy import strictyaml
from redactor.resources import path


class Reason(BaseModel):
    """One reason code (domain rules 1.2).

    Args:
        title: a few words for lists.
        reader: the sentence that the reader's schedule prints; it must not hint at what was removed.
        file: the sentence for the file, with the source of the rule.
        needs_opinion: someone's recorded opinion is needed (for example the health professional's).
        needs_second_approver: a second person must agree to each use.
        tell_reader: False where naming the code itself could harm; the schedule then says only
            that the chair can explain.
        alone: False where the code may not stand as the only reason in a court bundle.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    reader: str
    file: str
    needs_opinion: bool = False
    needs_second_approver: bool = False
    tell_reader: bool = True
    alone: bool = True


class _Reasons(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    without_detail: str
    reasons: dict[str, Reason]


@cache
def _file() -> _Reasons:
    return strictyaml.parse(path("templates", "reasons.yaml").read_bytes(), _Reasons, "list of reasons")


def load_reasons() -> dict[ReasonCode, Reason]:
    """Return every reason code that a profile or a reviewer may use."""
    return {ReasonCode(code): reason for code, reason in _file().reasons.items()}


def reader_sentence(code: ReasonCode) -> str:
    """Return what the reader is told for a code: its own sentence, or the general one where the code could harm."""
    reason = load_reasons().get(code)
    return reason.reader if reason and reason.tell_reader else _file().without_detail
