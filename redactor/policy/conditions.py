"""What a rule of a profile may ask about a detail: whose it is seen from the reader, what it is, where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator

from redactor.model import Action, Audience, Label, ReaderKind, Role
from redactor.policy.vocabulary import vocabulary


class Strict(BaseModel):
    """A part of a profile: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Standing(StrEnum):
    """Who a detail is about, seen from the reader."""

    SELF = "self"
    NOBODY = "nobody"
    SUBJECT_CHILD = "subject_child"
    SIBLING = "sibling"
    PARENT = "parent"
    FAMILY = "family"
    FOSTER_CARER = "foster_carer"
    OTHER_CHILD = "other_child"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    REFERRER = "referrer"
    THIRD_PARTY = "third_party"
    PROFESSIONAL = "professional"
    VISITOR = "visitor"
    DECEASED = "deceased"
    UNKNOWN = "unknown"


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _labels(value: Any) -> Any:
    """Accept one label or several, and the shared group words."""
    groups = vocabulary().label_groups
    return [label for word in _as_list(value) for label in groups.get(word, [word])]


def _action(value: Any) -> Any:
    names = {action.name.lower(): action for action in Action}
    if isinstance(value, str) and value in names:
        return names[value]
    raise ValueError(f"must be one of {', '.join(names)}")


Labels = Annotated[tuple[Label, ...], BeforeValidator(_labels)]
Standings = Annotated[tuple[Standing, ...], BeforeValidator(_as_list)]
Kinds = Annotated[tuple[ReaderKind, ...], BeforeValidator(_as_list)]
Audiences = Annotated[tuple[Audience, ...], BeforeValidator(_as_list)]
Parts = Annotated[tuple[Role, ...], BeforeValidator(_as_list)]
Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Does = Annotated[Action, BeforeValidator(_action)]


class When(Strict):
    """Conditions of a rule; all that are given must hold, an empty one holds always.

    Args:
        label: labels or group words.
        relation: who the detail is about, relative to the reader.
        confidential: the person's confidential marks cover this label.
        contact_unsafe: the person has no safe contact with the child or the other parent.
        reader_unsafe: the reader has no safe contact.
        reader_speaks_of: the reader is shown to know of the person: by their own words, or by an action that they own.
        reader_is: the reading person's own relation in the case file.
        receives: the case file lists the person as one who gets a copy of their own, as a parent or carer does.
        deceased: the person has died.
        works_with: the reading agency already works with the person.
        known: the person is in the case file.
        kin_of_protected: an adult with the surname of another family's child or of a source, so that it tells theirs.
        addressed_to_reader: the document is a letter to the reader, who has been told what it says.
        danger: a parent of the case has no safe contact.
        names_reader: the detail's own text is the name of the reading court or agency.
        case_given: the case file names people, so that a stranger is somebody whom it does not know.
        placement_hidden: somebody other than the reader has a confidential placement.
        home_hidden: somebody of the family other than the reader has a confidential address.
        sure: the detector is sure of the finding.
        reads: the detail's own text fits one of these wordings (templates/vocabulary.yaml).
        reader_service: the reading agency is one of these services, by its name.
        audience: of the section the detail stands in.
        part: of the file.
        reader: kind of reader.
    """

    label: Labels = ()
    relation: Standings = ()
    confidential: bool | None = None
    contact_unsafe: bool | None = None
    reader_unsafe: bool | None = None
    reader_speaks_of: bool | None = None
    reader_is: Standings = ()
    receives: bool | None = None
    deceased: bool | None = None
    works_with: bool | None = None
    known: bool | None = None
    kin_of_protected: bool | None = None
    addressed_to_reader: bool | None = None
    danger: bool | None = None
    names_reader: bool | None = None
    case_given: bool | None = None
    placement_hidden: bool | None = None
    home_hidden: bool | None = None
    sure: bool | None = None
    reads: Names = ()
    reader_service: Names = ()
    audience: Audiences = ()
    part: Parts = ()
    reader: Kinds = ()

    @field_validator("reads")
    @classmethod
    def _known_wordings(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, [*vocabulary().wordings, *vocabulary().contexts])

    @field_validator("reader_service")
    @classmethod
    def _known_services(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, vocabulary().services)


def _known(names: tuple[str, ...], among: Iterable[str]) -> tuple[str, ...]:
    unknown = sorted(set(names) - set(among))
    if unknown:
        raise ValueError(f"'{unknown[0]}' is not in templates/vocabulary.yaml")
    return names
