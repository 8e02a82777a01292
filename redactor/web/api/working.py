"""Beside the plan: searching its words, comments, looks, what speaks against it, corrections, pictures of pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints
from werkzeug.wrappers import Response

from redactor import risk
from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Label, PersonId, Span
from redactor.service.changes import Add, Correct
from redactor.service.documents import Forecast
from redactor.service.likenesses import Likeness
from redactor.service.notes import LONGEST_COMMENT, Comment
from redactor.service.releases import Beside
from redactor.service.reviews import Saved
from redactor.service.searching import LONGEST_TERM, MOST_HITS, Mode, search
from redactor.service.standing import Standing
from redactor.service.workload import Waiting
from redactor.web.api.changes import change_model, meant, where_model
from redactor.web.api.operations import Made, Model, operation
from redactor.web.gate import actor, service

TAG = "Working on a review"
PNG = "image/png"
_MOST_PAGES = 10**6
Identifier = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]


class Search(Model):
    """Words to search for in the text of a review's document."""

    term: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TERM, pattern=r"\S")]
    mode: Mode = Mode.WHOLE


class Hide(Search):
    """Words to hide wherever they stand: the places must be those that a search showed.

    The change says what happens at each place; its own place is of no concern.
    """

    head: int
    change: change_model()  # type: ignore[valid-type]
    expected: Annotated[int, Field(ge=1, le=MOST_HITS)]


class Found(Model):
    """Where the words stand."""

    places: list[Span]


class Looked(Model):
    """A page, counted from 0, that somebody has had before them."""

    page: Annotated[int, Field(ge=0, le=_MOST_PAGES)]


class Looks(Model):
    """Which accounts have had a page before them."""

    page: int
    accounts: list[str]


class Remark(Model):
    """A comment for colleagues, at a place of the text or on the whole document."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_COMMENT, pattern=r"\S")]
    start: Annotated[int, Field(ge=0, le=2**31)] | None = None


class Said(Model):
    """What some places are: not what they were taken for."""

    head: int
    where: where_model()  # type: ignore[valid-type]
    nothing: bool = False
    label: Label | None = None
    person: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None


@operation("POST", "/reviews/<review>/search", Permission.REVIEW_READ, TAG)
def search_words(review: str, body: Search) -> Found:
    """Search the document's text: whole words, parts, misspelt, or a regular expression; the look is on the record."""
    text = service().reviews.open(actor(), review).document.text
    return Found(places=list(search(text, body.term, body.mode)))


@operation("POST", "/reviews/<review>/hide", Permission.REVIEW_AMEND, TAG)
def hide_words(review: str, body: Hide) -> Saved:
    """Hide words wherever they stand, if they stand where they were last seen to stand."""
    text = service().reviews.open(actor(), review).document.text
    found = search(text, body.term, body.mode)
    try:
        wanted = meant(body.change)
    except ValueError:
        raise BadArguments("A place in the text ends after it begins.") from None
    if not isinstance(wanted, Add):
        raise BadArguments("Words are hidden by a change of the kind 'add'.")
    if len(found) != body.expected:
        raise BadArguments(f"The words stand in {len(found)} places now.", next_step="Search again and look.")
    change = replace(wanted, span=found[0], also=found[1:])
    return service().reviews.amend(actor(), review, body.head, [change])


@operation("GET", "/reviews/<review>/comments", Permission.REVIEW_READ, TAG)
def list_comments(review: str) -> tuple[Comment, ...]:
    """List the comments on a review, oldest first."""
    return service().notes.comments(actor(), review)


@operation("POST", "/reviews/<review>/comments", Permission.REVIEW_AMEND, TAG)
def comment_review(review: str, body: Remark) -> Made:
    """Leave a comment for colleagues; it is sealed and never part of a copy."""
    return Made(id=service().notes.comment(actor(), review, body.text, body.start))


@operation("PUT", "/reviews/<review>/comments/<key>/settled", Permission.REVIEW_AMEND, TAG)
def settle_comment(review: str, key: str) -> None:
    """Say that a comment is dealt with."""
    service().notes.settle(actor(), review, key)


@operation("GET", "/reviews/<review>/looks", Permission.REVIEW_READ, TAG)
def list_looks(review: str) -> tuple[Looks, ...]:
    """List which pages somebody has had before them."""
    found = service().notes.looks(actor(), review)
    return tuple(Looks(page=page, accounts=sorted(accounts)) for page, accounts in sorted(found.items()))


@operation("POST", "/reviews/<review>/looks", Permission.REVIEW_READ, TAG)
def look_at_page(review: str, body: Looked) -> None:
    """Note that you have had a page before you."""
    service().notes.look(actor(), review, body.page)


@operation("GET", "/reviews/<review>/standing", Permission.REVIEW_READ, TAG)
def show_standing(review: str) -> Standing:
    """Say what speaks against a plan: hard stops, what the copy must keep, what colleagues said meanwhile."""
    return service().standings.of(actor(), review)


@operation("POST", "/reviews/<review>/corrections", Permission.REVIEW_AMEND, TAG)
def correct_places(review: str, body: Said) -> Saved:
    """Say what some places are; it holds for every reader's copy of the document."""
    if not (body.nothing or body.label or body.person):
        raise BadArguments("Nothing was said of these places.")
    try:
        where = meant(body.where)
    except ValueError:
        raise BadArguments("A place in the text ends after it begins.") from None
    said = Correct(where, body.nothing, body.label, PersonId(body.person) if body.person else None)
    return service().correcting.say(actor(), review, body.head, said)


@operation("POST", "/reviews/<review>/stop", Permission.REVIEW_REQUEST, TAG)
def stop_review(review: str) -> None:
    """Stop making a proposal."""
    service().reviews.stop(actor(), review)


@operation("GET", "/reviews/<review>/risk", Permission.REVIEW_READ, TAG)
def assess_review(review: str) -> risk.Risk:
    """Say what could still single somebody out in the copy."""
    return service().releases.risk(actor(), review)


@operation("GET", "/reviews/<review>/beside", Permission.RELEASE_SEND, TAG)
def compare_copies(review: str) -> tuple[Beside, ...]:
    """Compare the copy with those of the same document that other readers hold."""
    return service().releases.beside(actor(), review)


@operation("POST", "/releases/<release>/stop", Permission.RELEASE_SEND, TAG)
def stop_release(release: str) -> None:
    """Stop making a copy."""
    service().releases.stop(actor(), release)


@operation("POST", "/versions/<version>/stop", Permission.DOCUMENT_ADD, TAG)
def stop_version(version: str) -> None:
    """Stop reading a version."""
    service().documents.stop(actor(), version)


@operation("GET", "/versions/<version>/forecast", Permission.DOCUMENT_READ, TAG)
def forecast_version(version: str) -> Forecast:
    """Say how long work on a version will take, from what like work took."""
    return service().documents.forecast(actor(), version)


@operation("POST", "/versions/<version>/picture", Permission.DOCUMENT_READ, TAG, produces=PNG)
def picture_page(version: str, body: Looked) -> Response:
    """Return a page of a PDF or scan as a picture."""
    return Response(service().documents.picture(actor(), version, body.page).png, mimetype=PNG)


@operation("GET", "/versions/<version>/alike", Permission.DOCUMENT_READ, TAG)
def list_alike(version: str) -> tuple[Likeness, ...]:
    """List other uploads on your cases that say nearly the same, most alike first."""
    return service().likenesses.of(actor(), version)


class PagesWanted(Model):
    """Page numbers as people write them, from 1."""

    pages: Annotated[str, StringConstraints(min_length=1, max_length=200)]


@operation("POST", "/versions/<version>/extract", Permission.DOCUMENT_ADD, TAG)
def extract_pages(version: str, body: PagesWanted) -> Made:
    """Make a document of its own from some pages of a PDF, such as "3, 5-7"."""
    return Made(id=service().extracting.pages(actor(), version, body.pages))


@operation("GET", "/workload", Permission.REVIEW_READ, TAG, own=True)
def list_waiting() -> tuple[Waiting, ...]:
    """List what waits for people in your own cases, by case and state."""
    return service().workload.of(actor())
