"""Promises 2 and 3: colleagues see comments and which pages were looked at; nobody else does, and both end with it."""

from __future__ import annotations

import pytest

from redactor.errors import AccessRefused, BadArguments, NotFound
from redactor.model import Action, ReasonCode, Span
from redactor.service.changes import Add, AtSpans, Change
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import proposed


def test_comments_are_read_by_colleagues_and_settled(house: House) -> None:
    _, _, review = proposed(house)
    notes, chair, second = house.service.notes, house.people["chair"], house.people["second"]
    made = notes.comment(chair, review, " Is this the aunt? ", 12)
    (seen,) = notes.comments(second, review)
    assert (seen.text, seen.start, seen.by, seen.settled) == ("Is this the aunt?", 12, "Person chair", False)
    notes.settle(second, review, made)
    assert notes.comments(chair, review)[0].settled
    for attempt in (
        lambda: notes.comments(house.people["stranger"], review),
        lambda: notes.comment(house.people["stranger"], review, "x"),
        lambda: notes.look(house.people["stranger"], review, 0),
    ):
        with pytest.raises(AccessRefused):
            attempt()
    with pytest.raises(BadArguments):
        notes.comment(chair, review, "  ")
    with pytest.raises(NotFound):
        notes.settle(chair, review, "0" * 32)


def test_looks_are_counted_once_for_each_person(house: House) -> None:
    _, _, review = proposed(house)
    notes, chair, second = house.service.notes, house.people["chair"], house.people["second"]
    for who in (chair, chair, second):
        notes.look(who, review, 2)
    assert notes.looks(chair, review) == {2: {chair.account, second.account}}


def test_comments_end_with_their_document(house: House) -> None:
    case, _, review = proposed(house)
    house.service.notes.comment(house.people["chair"], review, "About Zebedee.")
    document = house.service.documents.list(house.people["chair"], case)[0].id
    house.service.retention.destroy_document(house.people["chair"], document)
    assert house.service.notes.comments(house.people["chair"], review) == ()


def test_many_exact_places_are_decided_or_added_in_one_step(house: House) -> None:
    _, _, review = proposed(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    chosen = AtSpans(frozenset({Span(0, 7), Span(12, 22)}))
    first = reviews.amend(chair, review, 1, [Change(chosen, Action.REMOVE, ReasonCode("TP"), replacement="")])
    assert first.counts == (2,)
    more = Add(Span(8, 11), Action.MASK, ReasonCode("TP"), "Why.", also=(Span(32, 37),))
    assert reviews.amend(chair, review, first.head, [more]).counts == (2,)
    with pytest.raises(BadArguments):
        wrong = Add(Span(8, 11), Action.MASK, ReasonCode("TP"), "Why.", also=(Span(900, 901),))
        reviews.amend(chair, review, first.head + 1, [wrong])
