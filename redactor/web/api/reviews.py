"""Reviews: asked for, looked at, changed, completed, approved."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Digest
from redactor.policy import shipped_profiles
from redactor.service.reviews import ReviewSummary, ReviewView, Saved
from redactor.web.api.changes import change_model, meant, where_model
from redactor.web.api.operations import Made, Model, operation
from redactor.web.gate import actor, service

TAG = "Reviews"
MOST_CHANGES = 1_000


class Wanted(Model):
    """For whom a copy is wanted, and under which profile."""

    reader: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")]
    profile: Annotated[str, Field(json_schema_extra={"enum": list(shipped_profiles())})]


class Amendment(Model):
    """Changes to the version of the plan that you were looking at."""

    head: int
    changes: Annotated[list[change_model()], Field(min_length=1, max_length=MOST_CHANGES)]  # type: ignore[valid-type]


class Place(Model):
    """A place in a plan."""

    where: where_model()  # type: ignore[valid-type]


class Head(Model):
    """The number of the plan's version that you were looking at, or of the new one."""

    head: int


class Count(Model):
    """How many decisions a change would touch."""

    count: int


class Approval(Model):
    """Digest of the plan that you were looking at."""

    digest: Annotated[str, StringConstraints(min_length=1, max_length=80)]


@operation("GET", "/cases/<case>/reviews", Permission.REVIEW_READ, TAG)
def list_reviews(case: str) -> tuple[ReviewSummary, ...]:
    """List the reviews of a case, newest first."""
    return service().reviews.list(actor(), case)


@operation("POST", "/versions/<version>/reviews", Permission.REVIEW_REQUEST, TAG)
def request_review(version: str, body: Wanted) -> Made:
    """Ask for a proposal for one reader."""
    if body.profile not in shipped_profiles():
        raise BadArguments("There is no such profile.")
    return Made(id=service().reviews.request(actor(), version, body.reader, body.profile))


@operation("GET", "/reviews/<review>", Permission.REVIEW_READ, TAG)
def show_review(review: str) -> ReviewSummary:
    """Show where a review stands, without opening the document."""
    return service().reviews.summary(actor(), review)


@operation("GET", "/reviews/<review>/plan", Permission.REVIEW_READ, TAG)
def show_plan(review: str) -> ReviewView:
    """Return document, findings and plan of a review; the look goes on the record."""
    return service().reviews.open(actor(), review)


@operation("POST", "/reviews/<review>/count", Permission.REVIEW_READ, TAG)
def count_places(review: str, body: Place) -> Count:
    """Count the decisions that a change would touch."""
    return Count(count=service().reviews.count(actor(), review, _meant(body.where)))


@operation("POST", "/reviews/<review>/changes", Permission.REVIEW_AMEND, TAG)
def amend_review(review: str, body: Amendment) -> Saved:
    """Change a plan; a new version is stored. Changes are carried over where a colleague saved meanwhile."""
    return service().reviews.amend(actor(), review, body.head, [_meant(change) for change in body.changes])


@operation("POST", "/reviews/<review>/undo", Permission.REVIEW_AMEND, TAG)
def undo(review: str, body: Head) -> Head:
    """Go back one version."""
    return Head(head=service().reviews.undo(actor(), review, body.head))


@operation("POST", "/reviews/<review>/redo", Permission.REVIEW_AMEND, TAG)
def redo(review: str, body: Head) -> Head:
    """Go forward again."""
    return Head(head=service().reviews.redo(actor(), review, body.head))


@operation("POST", "/reviews/<review>/proposal", Permission.REVIEW_REQUEST, TAG)
def propose_again(review: str) -> None:
    """Make a fresh proposal, after the register changed or a failure."""
    service().reviews.propose_again(actor(), review)


@operation("POST", "/reviews/<review>/complete", Permission.REVIEW_AMEND, TAG)
def complete_review(review: str, body: Head) -> None:
    """Hand the review over for approval."""
    service().reviews.complete(actor(), review, body.head)


@operation("POST", "/reviews/<review>/send-back", Permission.REVIEW_AMEND, TAG)
def send_back_review(review: str) -> None:
    """Open a completed or approved review again, for changes."""
    service().reviews.send_back(actor(), review)


@operation("POST", "/reviews/<review>/approve", Permission.REVIEW_APPROVE, TAG)
def approve_review(review: str, body: Approval) -> None:
    """Approve the plan as a second person; your own work is refused."""
    service().reviews.approve(actor(), review, Digest(body.digest))


def _meant(sent: Any) -> Any:
    """Return what was meant; a place that cannot be is the sender's mistake."""
    try:
        return meant(sent)
    except ValueError:
        raise BadArguments("A place in the text ends after it begins.") from None
