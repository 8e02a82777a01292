"""The bundle file: which documents go into one bundle for a court, in which section of Practice Direction 27A."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from redactor.policy import strictyaml
from redactor.resources import path

_TEXT = 200


def _empty(value: object) -> object:
    return "" if value is None else value


Words = Annotated[str, BeforeValidator(_empty), Field(max_length=_TEXT)]
Day = Annotated[str, BeforeValidator(_empty), Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rules(_Strict):
    """The content of templates/bundle.yaml."""

    most_pages: int
    sections: dict[str, str]


@cache
def rules() -> Rules:
    """Return the sections of a bundle and its limit of pages."""
    return strictyaml.parse(path("templates", "bundle.yaml").read_bytes(), Rules, "bundle rules")


class BundleDocument(_Strict):
    """One document of a bundle.

    Args:
        section: letter of a section.
        file: beside the bundle file.
        title: for index and bookmarks; must name nobody whom the copy hides.
        dated: of the document, YYYY-MM-DD.
        plan: a reviewed plan's file; without one the whole bundle is a draft.
        case: its own case file where it is not the bundle's.
    """

    section: str
    file: str = Field(min_length=1)
    title: str = Field(min_length=3, max_length=_TEXT)
    dated: Day = ""
    plan: Words = ""
    case: Words = ""

    @field_validator("section")
    @classmethod
    def _known_section(cls, letter: str) -> str:
        if letter not in rules().sections:
            raise ValueError(f"is not a section of a bundle; use one of {', '.join(rules().sections)}")
        return letter


class BundleFile(_Strict):
    """The whole bundle file."""

    court: str = Field(min_length=3, max_length=_TEXT)
    case_number: str = Field(min_length=3, max_length=_TEXT)
    profile: str = "court_bundle"
    case: Words = ""
    recipient: Words = ""
    documents: tuple[BundleDocument, ...] = Field(min_length=1)


def load_bundle(untrusted: bytes) -> BundleFile:
    """Read a bundle file.

    Raises:
        InvalidDefinition: with line and column, for anything that does not fit.
    """
    return strictyaml.parse(untrusted, BundleFile, "bundle file")
