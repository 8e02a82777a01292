"""What is known of a case: people suggested, merged, split; and words that are always or never a detail."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from redactor.access import Permission
from redactor.model import Relation
from redactor.service.listed import ListedWord
from redactor.service.searching import LONGEST_TERM
from redactor.service.whoswho import Suggestion
from redactor.web.api.cases import Line, Version
from redactor.web.api.operations import Model, Query, operation
from redactor.web.gate import actor, service

TAG = "Cases"
Key = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")]


class Known(Model):
    """The version of the case that is changed."""

    version: Annotated[int, Field(ge=0, le=2**31)]


class Accepted(Known):
    """A suggested person, and who they are."""

    name: Line
    relation: Relation


class Merged(Known):
    """A suggested name that is another name of somebody on the register."""

    name: Line
    person: Key


class Split(Known):
    """A name of somebody on the register that is somebody else's."""

    person: Key
    name: Line


class Listed(Model):
    """Words that are always or never a detail, and why."""

    word: ListedWord


class Unlisted(Query):
    """Words to take off a list, as they stand on it."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TERM)]


@operation("GET", "/cases/<case>/who", Permission.DOCUMENT_READ, TAG)
def suggest_people(case: str) -> tuple[Suggestion, ...]:
    """List the people whom the documents speak of and the register does not know, with the evidence."""
    return service().who.suggestions(actor(), case)


@operation("POST", "/cases/<case>/who/accept", Permission.CASE_EDIT, TAG)
def accept_person(case: str, body: Accepted) -> Version:
    """Put a suggested person on the register."""
    return Version(version=service().who.accept(actor(), case, body.version, body.name, body.relation))


@operation("POST", "/cases/<case>/who/merge", Permission.CASE_EDIT, TAG)
def merge_person(case: str, body: Merged) -> Version:
    """Make a suggested name another name of somebody on the register."""
    return Version(version=service().who.merge(actor(), case, body.version, body.name, body.person))


@operation("POST", "/cases/<case>/who/split", Permission.CASE_EDIT, TAG)
def split_person(case: str, body: Split) -> Version:
    """Make a name of somebody on the register a person of its own."""
    return Version(version=service().who.split(actor(), case, body.version, body.person, body.name))


@operation("POST", "/cases/<case>/undo", Permission.CASE_EDIT, TAG)
def undo_case(case: str, body: Known) -> Version:
    """Take the last change of the register back."""
    return Version(version=service().cases.undo(actor(), case, body.version))


@operation("GET", "/cases/<case>/words", Permission.CASE_READ, TAG)
def list_words(case: str) -> tuple[ListedWord, ...]:
    """List the words that are always or never a detail in a case."""
    return service().words.of_case(actor(), case)


@operation("PUT", "/cases/<case>/words", Permission.CASE_EDIT, TAG)
def put_words(case: str, body: Listed) -> None:
    """Put words on the list of a case; the next proposal knows them."""
    service().words.put(actor(), case, body.word)


@operation("DELETE", "/cases/<case>/words", Permission.CASE_EDIT, TAG)
def remove_words(case: str, query: Unlisted) -> None:
    """Take words off the list of a case."""
    service().words.remove(actor(), case, query.words)


@operation("GET", "/words", Permission.CASE_CREATE, TAG)
def list_own_words() -> tuple[ListedWord, ...]:
    """List the words that are always or never a detail in all of the organisation's cases."""
    return service().words.own(actor())


@operation("PUT", "/words", Permission.CASE_CREATE, TAG)
def put_own_words(body: Listed) -> None:
    """Put words on the organisation's list."""
    service().words.put_own(actor(), body.word)


@operation("DELETE", "/words", Permission.CASE_CREATE, TAG)
def remove_own_words(query: Unlisted) -> None:
    """Take words off the organisation's list."""
    service().words.remove_own(actor(), query.words)
