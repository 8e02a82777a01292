"""Groups of wording that gives something away without a name: templates/passages.yaml."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from redactor.model import Relation
from redactor.policy import strictyaml
from redactor.resources import path


class Group(BaseModel):
    """One group of tell-tale wording.

    Args:
        about: what the group is, for people.
        patterns: regular expressions, matched without regard to case inside one sentence.
        unless: a sentence that also fits one of these is general talk and does not count.
        people: a detail about a person of these relations pulls in its clause or sentence.
        identity_confidential: so does a detail about somebody of these relations whose identity is confidential.
        alone: only where the clause speaks of nobody else of the case.
        headings: the whole text under a heading that fits, where the case has a confidential referrer.
        extent: how much belongs to the passage.
        follow: sentences after it that go on about the same person with a pronoun.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    people: tuple[Relation, ...] = ()
    identity_confidential: tuple[Relation, ...] = ()
    alone: bool = False
    headings: tuple[str, ...] = ()
    extent: Literal["paragraph", "sentence", "clause"] = "sentence"
    follow: bool = False


class _Groups(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, Group]


@cache
def groups() -> dict[str, Group]:
    """Return the groups of tell-tale wording."""
    return strictyaml.parse(path("templates", "passages.yaml").read_bytes(), _Groups, "list of passages").groups
