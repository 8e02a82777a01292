"""The case file: who is known before the document is read, and for whom copies are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from redactor.errors import InvalidDefinition
from redactor.model import (
    UNKNOWN_READER,
    Audience,
    Case,
    Confidential,
    MarkedRegion,
    Person,
    PersonId,
    Reader,
    ReaderKind,
    Relation,
)
from redactor.policy import strictyaml
from redactor.policy.strictyaml import Misplaced

_TEXT = 400


def _empty(value: object) -> object:
    return "" if value is None else value


def _none_is_empty_list(value: object) -> object:
    return [] if value is None else value


Words = Annotated[str, BeforeValidator(_empty), Field(max_length=_TEXT)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonEntry(_Strict):
    """One person of the case file (contract: files in)."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,40}$")
    name: str = Field(min_length=1, max_length=_TEXT)
    relation: Relation
    aliases: Annotated[tuple[str, ...], BeforeValidator(_none_is_empty_list)] = ()
    role: Words = ""
    agency: Words = ""
    born: Words = ""
    died: Words = ""
    confidential: Annotated[tuple[Confidential, ...], BeforeValidator(_none_is_empty_list)] = ()
    contact: Literal["safe", "unsafe"] = "safe"

    def person(self) -> Person:
        """Return the noun that the stages share."""
        return Person(
            id=PersonId(self.id),
            name=self.name.strip(),
            relation=self.relation,
            aliases=tuple(alias.strip() for alias in self.aliases if alias.strip()),
            role=self.role or None,
            agency=self.agency or None,
            born=self.born or None,
            deceased=bool(self.died) or self.relation == Relation.DECEASED,
            confidential=frozenset(self.confidential),
            contact_unsafe=self.contact == "unsafe",
            why="in the case file",
        )


class RecipientEntry(_Strict):
    """One reader of the case file: someone of the case, or a court, an agency or the public."""

    id: Words = ""
    person: Words = ""
    kind: Literal["", "person", "court", "agency", "public"] = ""
    name: Words = ""
    purpose: Words = ""
    works_with: Annotated[tuple[str, ...], BeforeValidator(_none_is_empty_list)] = ()

    @model_validator(mode="after")
    def _says_who(self) -> RecipientEntry:
        if not self.person and self.kind in ("", "person"):
            raise ValueError("say who reads: 'person:' with an id of the case, or 'kind:' court, agency or public")
        if self.person and self.kind not in ("", "person"):
            raise ValueError("a recipient is either a person of the case or a court, agency or the public, not both")
        return self

    def reader(self, key: str, people: tuple[Person, ...]) -> Reader:
        """Return the noun that the stages share."""
        if self.person:
            name = next(person.name for person in people if person.id == self.person)
            return Reader(key, ReaderKind.PERSON, PersonId(self.person), self.name or name, self.purpose)
        works_with = frozenset(PersonId(person) for person in self.works_with)
        return Reader(key, ReaderKind(self.kind), None, self.name, self.purpose, works_with)


class SectionEntry(_Strict):
    """A region marked by hand: from some words to some words."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    starts_with: str = Field(alias="from", min_length=1)
    ends_with: str = Field(alias="to", min_length=1)
    audience: Audience
    withheld_by: Words = ""


class CaseFile(_Strict):
    """The whole case file."""

    reference: Words = ""
    people: Annotated[tuple[PersonEntry, ...], BeforeValidator(_none_is_empty_list)] = ()
    recipients: dict[str, RecipientEntry] = {}
    sections: Annotated[tuple[SectionEntry, ...], BeforeValidator(_none_is_empty_list)] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> CaseFile:
        check_ids(self.people, self.recipients)
        return self


def check_ids(
    people: tuple[PersonEntry, ...], recipients: Mapping[str, RecipientEntry], within: str = "recipients"
) -> None:
    """Refuse two people with one id, and recipients who are nobody of the case.

    Args:
        within: the key under which the recipients stand in their file.

    Raises:
        Misplaced: with the place inside the file.
    """
    ids = [person.id for person in people]
    for number, identity in enumerate(ids):
        if identity in ids[:number]:
            raise Misplaced(
                f"two people have the id '{identity}' (the second is number {number + 1} in the list)",
                "people",
                number,
                "id",
            )
    for key, entry in recipients.items():
        where = (within, key) if within == "recipients" else (within,)
        if entry.person and entry.person not in ids:
            raise Misplaced(f"the id '{entry.person}' is not among the people", *where, "person")
        for number, person in enumerate(entry.works_with):
            if person not in ids:
                raise Misplaced(f"the id '{person}' is not among the people", *where, "works_with", number)


def load_case(untrusted: bytes) -> Case:
    """Read a case file.

    Raises:
        InvalidDefinition: with line and column, for anything that does not fit the contract.
    """
    file = strictyaml.parse(untrusted, CaseFile, "case file")
    people = tuple(entry.person() for entry in file.people)
    return Case(
        reference=file.reference,
        people=people,
        readers=tuple(entry.reader(key, people) for key, entry in file.recipients.items()),
        sections=tuple(
            MarkedRegion(entry.starts_with, entry.ends_with, entry.audience, entry.withheld_by or None)
            for entry in file.sections
        ),
    )


def find_reader(case: Case, key: str | None) -> Reader:
    """Return the reader for a recipient key or a person id; without a key, the unknown reader.

    Raises:
        InvalidDefinition: if the case knows no such recipient.
    """
    if key is None or key == UNKNOWN_READER:
        return Reader()
    listed = next((reader for reader in case.readers if reader.key == key), None)
    if listed is not None:
        return listed
    person = case.person(key)
    if person is None:
        keys = ", ".join(reader.key for reader in case.readers) or "none are listed"
        raise InvalidDefinition(
            "The case file has no such recipient.", next_step=f"Use a key of its recipients ({keys}) or a person's id."
        )
    return Reader(key, ReaderKind.PERSON, person.id, person.name)
