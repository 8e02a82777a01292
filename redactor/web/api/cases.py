"""Cases, their people, readers, members and record."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Case, Person, PersonId, Reader
from redactor.policy.retention import load_retention
from redactor.service.cases import CaseSummary, CaseView
from redactor.store.audit import Event
from redactor.web.api.operations import Made, Model, Query, operation
from redactor.web.gate import actor, service

TAG = "Cases"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]


class NewCase(Model):
    """A case to create. The title names nobody."""

    title: Line
    reference: Annotated[str, StringConstraints(max_length=200)] = ""
    restricted: bool = False


class CaseNames(Model):
    """A case's title and reference, and the version that they replace."""

    version: int
    title: Line
    reference: Annotated[str, StringConstraints(max_length=200)] = ""


class PersonOfCase(Model):
    """A person for the register, and the version of the case that it changes. The address says the person's id."""

    version: int
    person: Person


class ReaderOfCase(Model):
    """Somebody for whom copies are made, and the version of the case that it changes."""

    version: int
    reader: Reader


class OfVersion(Query):
    """Which version of the case is changed."""

    version: Annotated[int, Field(ge=0)]


class Closed(Model):
    """Whether auditors who are not members are kept out."""

    restricted: bool


class RetentionClass(Model):
    """The retention class of a case, and whether an inquiry or a court holds it."""

    name: Line | None = None
    held: bool | None = None


class After(Query):
    """Which part of a record."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class Version(Model):
    """The case's new version, to be sent with the next change."""

    version: int


@operation("GET", "/cases", Permission.CASE_READ, TAG, own=True)
def list_cases() -> tuple[CaseSummary, ...]:
    """List the cases of which you are a member."""
    return service().cases.list(actor())


@operation("POST", "/cases", Permission.CASE_CREATE, TAG)
def create_case(body: NewCase) -> Made:
    """Create a case; you are its first member."""
    file = Case(reference=body.reference.strip())
    return Made(id=service().cases.create(actor(), body.title, file, restricted=body.restricted))


@operation("GET", "/cases/<case>", Permission.CASE_READ, TAG)
def show_case(case: str) -> CaseView:
    """Show a case with its people, readers and members."""
    return service().cases.open(actor(), case)


@operation("PUT", "/cases/<case>/names", Permission.CASE_EDIT, TAG)
def rename_case(case: str, body: CaseNames) -> Version:
    """Change a case's title and reference."""
    return Version(version=service().cases.rename(actor(), case, body.version, body.title, body.reference))


@operation("PUT", "/cases/<case>/people/<person>", Permission.CASE_EDIT, TAG)
def put_person(case: str, person: str, body: PersonOfCase) -> Version:
    """Add a person to the register, or replace the one with this id."""
    known = replace(body.person, id=PersonId(_key(person)))
    return Version(version=service().cases.put_person(actor(), case, body.version, known))


@operation("DELETE", "/cases/<case>/people/<person>", Permission.CASE_EDIT, TAG)
def remove_person(case: str, person: str, query: OfVersion) -> Version:
    """Take a person off the register."""
    return Version(version=service().cases.remove_person(actor(), case, query.version, person))


@operation("PUT", "/cases/<case>/readers/<key>", Permission.CASE_EDIT, TAG)
def put_reader(case: str, key: str, body: ReaderOfCase) -> Version:
    """Add somebody for whom copies are made, or replace the one with this key."""
    reader = replace(body.reader, key=_key(key))
    return Version(version=service().cases.put_reader(actor(), case, body.version, reader))


@operation("DELETE", "/cases/<case>/readers/<key>", Permission.CASE_EDIT, TAG)
def remove_reader(case: str, key: str, query: OfVersion) -> Version:
    """Take a reader off the case."""
    return Version(version=service().cases.remove_reader(actor(), case, query.version, key))


@operation("PUT", "/cases/<case>/members/<account>", Permission.CASE_MEMBERS, TAG)
def add_member(case: str, account: str) -> None:
    """Let a colleague know of the case."""
    service().cases.add_member(actor(), case, account)


@operation("DELETE", "/cases/<case>/members/<account>", Permission.CASE_MEMBERS, TAG)
def remove_member(case: str, account: str) -> None:
    """End a colleague's need to know."""
    service().cases.remove_member(actor(), case, account)


@operation("PUT", "/cases/<case>/restricted", Permission.CASE_MEMBERS, TAG)
def restrict_case(case: str, body: Closed) -> None:
    """Close the case to auditors who are not members, or open it to them."""
    service().cases.set_restricted(actor(), case, body.restricted)


@operation("POST", "/cases/<case>/close", Permission.CASE_MEMBERS, TAG)
def close_case(case: str) -> None:
    """Close a case: its retention time begins."""
    service().cases.close(actor(), case)


@operation("PUT", "/cases/<case>/retention", Permission.DOCUMENT_DESTROY, TAG)
def keep_case(case: str, body: RetentionClass) -> None:
    """Choose a case's retention class; hold it for an inquiry or a court, or lift the hold."""
    if body.name is not None and body.name not in load_retention().classes:
        raise BadArguments("There is no such retention class.")
    if body.name is not None:
        service().retention.set_class(actor(), case, body.name)
    if body.held is not None:
        service().retention.hold(actor(), case, body.held)


@operation("GET", "/cases/<case>/audit", Permission.CASE_AUDIT, TAG)
def case_audit(case: str, query: After) -> tuple[Event, ...]:
    """Read the record of one case, in order."""
    return service().trail.of_case(actor(), case, after=query.after, limit=query.limit)


def _key(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise BadArguments("An identifier is made of plain letters, digits, - and _.")
    return text
