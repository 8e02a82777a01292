"""Retention classes as data: how long each kind of working copy is kept, from which moment, and why."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from redactor.policy import strictyaml
from redactor.resources import path

_LONGEST_DAYS = 75 * 366  # the longest time that any statute sets for a child's record


class RetentionClass(BaseModel):
    """One class (ASVS 14.2.7).

    Args:
        title: a few words for lists.
        basis: the rule and its source, in one or two sentences.
        case_closed: days from closing the case to destroying its documents and register.
        link_ended: days from the end of a copy's links to destroying the copy's file.
        upload_failed: days from a failed upload to destroying it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    basis: str
    case_closed: int = Field(ge=1, le=_LONGEST_DAYS)
    link_ended: int = Field(ge=1, le=_LONGEST_DAYS)
    upload_failed: int = Field(ge=1, le=_LONGEST_DAYS)

    def after(self, trigger: str) -> timedelta:
        """Return how long after a trigger the thing is destroyed."""
        return timedelta(days=getattr(self, trigger))


class RetentionRules(BaseModel):
    """All classes, and the one that a new case has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str
    classes: dict[str, RetentionClass]

    @model_validator(mode="after")
    def _default_exists(self) -> RetentionRules:
        if self.default not in self.classes:
            raise ValueError("the default class is not one of the classes")
        return self


@cache
def load_retention() -> RetentionRules:
    """Return the retention classes as shipped."""
    return strictyaml.parse(
        path("templates", "retention.yaml").read_bytes(), RetentionRules, "list of retention classes"
    )
