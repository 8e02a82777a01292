"""The steps of a document, a review and a copy: what may follow what. A step that is not in the table cannot
be taken (ASVS 2.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, update

from redactor.errors import Conflict


class DocumentState(StrEnum):
    """Where an uploaded version stands."""

    RECEIVED = "received"
    READ = "read"
    FAILED = "failed"
    DESTROYED = "destroyed"


class ReviewState(StrEnum):
    """Where one reader's copy of a version stands."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RELEASED = "released"
    FAILED = "failed"


class ReleaseState(StrEnum):
    """Where one numbered copy stands."""

    ORDERED = "ordered"
    READY = "ready"
    REVOKED = "revoked"
    FAILED = "failed"


State = DocumentState | ReviewState | ReleaseState

# One table a kind: members of different enumerations with the same value are equal, so they cannot share a table.
FOLLOWS: dict[type[State], Mapping[State, frozenset[State]]] = {
    DocumentState: {
        DocumentState.RECEIVED: frozenset({DocumentState.READ, DocumentState.FAILED, DocumentState.DESTROYED}),
        DocumentState.READ: frozenset({DocumentState.DESTROYED}),
        DocumentState.FAILED: frozenset({DocumentState.RECEIVED, DocumentState.DESTROYED}),
        DocumentState.DESTROYED: frozenset(),
    },
    ReviewState: {
        ReviewState.REQUESTED: frozenset({ReviewState.PROPOSED, ReviewState.FAILED}),
        ReviewState.PROPOSED: frozenset({ReviewState.IN_REVIEW, ReviewState.REVIEWED, ReviewState.REQUESTED}),
        ReviewState.IN_REVIEW: frozenset({ReviewState.IN_REVIEW, ReviewState.REVIEWED, ReviewState.REQUESTED}),
        ReviewState.REVIEWED: frozenset({ReviewState.IN_REVIEW, ReviewState.APPROVED}),
        ReviewState.APPROVED: frozenset({ReviewState.IN_REVIEW, ReviewState.RELEASED}),
        ReviewState.RELEASED: frozenset({ReviewState.RELEASED}),
        ReviewState.FAILED: frozenset({ReviewState.REQUESTED}),
    },
    ReleaseState: {
        ReleaseState.ORDERED: frozenset({ReleaseState.READY, ReleaseState.FAILED, ReleaseState.REVOKED}),
        ReleaseState.READY: frozenset({ReleaseState.REVOKED}),
        ReleaseState.FAILED: frozenset({ReleaseState.ORDERED, ReleaseState.REVOKED}),
        ReleaseState.REVOKED: frozenset(),
    },
}


def follows(present: str, to: State) -> bool:
    """Say whether a state follows from the one that a row is in."""
    return to in FOLLOWS[type(to)][type(to)(present)]


def move(connection: Connection, table: Table, identifier: str, to: State, **values: Any) -> None:
    """Take a row to its next state, if that state follows from the one it is in.

    Raises:
        Conflict: if it does not, because a step is missing or somebody else was faster.
    """
    before = [state.value for state, following in FOLLOWS[type(to)].items() if to in following]
    step = update(table).where(table.c.id == identifier, table.c.state.in_(before)).values(state=to.value, **values)
    if connection.execute(step).rowcount != 1:
        raise Conflict(f"The step to '{to.value.replace('_', ' ')}' does not follow from where this item stands.")
