"""Promises 1 and 3: what a thing is, is said once for all readers; who may see it is decided for each reader alone."""

from __future__ import annotations

import pytest

from redactor.errors import AccessRefused, BadArguments, Conflict
from redactor.model import Action, Label, PersonId, Span
from redactor.service.changes import Accept, AtSpan, Correct, OfTerm, Reject, Undecided
from redactor.service.states import ReviewState
from tests.unit.service.conftest import TEXT, House
from tests.unit.service.test_journey import GATE, approved, proposed

NAME, OTHER = Span(0, 7), Span(12, 22)


def _two(house: House) -> tuple[str, str, str]:
    """A document with a review for each of two kinds of copy."""
    _, version, first = proposed(house)
    second = house.service.reviews.request(house.people["chair"], version, "r1", "learning_review")
    assert house.run() == 1
    return version, first, second


def _at(house: House, review: str, span: Span) -> tuple[Action, str]:
    plan = house.service.reviews.open(house.people["chair"], review).plan
    found = next(decision for decision in plan.decisions if decision.span == span)
    return found.action, found.rule.split(":")[0]


def test_no_detail_at_all_is_said_once_and_holds_for_every_reader(house: House) -> None:
    version, first, second = _two(house)
    chair, service = house.people["chair"], house.service
    saved = service.correcting.say(chair, first, 1, Correct(OfTerm("zebedee"), nothing=True))
    assert saved.counts == (2,)
    assert _at(house, first, NAME) == (Action.KEEP, "corrected")
    assert _at(house, second, NAME)[0] is Action.MASK, "not before the worker has been there"
    assert service.standings.pending(chair, second) == 2
    assert house.run() == 1
    assert _at(house, second, NAME) == (Action.KEEP, "corrected")
    assert service.standings.pending(chair, second) == 0
    third = service.reviews.request(chair, version, "r1", "third_party_agency")
    assert house.run() == 1
    spans = {decision.span for decision in service.reviews.open(chair, third).plan.decisions}
    assert NAME not in spans


def test_who_may_see_it_stays_with_its_reader(house: House) -> None:
    _, first, second = _two(house)
    chair, service = house.people["chair"], house.service
    service.reviews.amend(chair, first, 1, [Reject(AtSpan(NAME))])
    assert house.run() == 0
    assert _at(house, second, NAME)[0] is Action.MASK
    service.reviews.amend(house.people["second"], second, 1, [Reject(AtSpan(OTHER), "She is known to them.")])
    head = service.reviews.summary(chair, first).head
    service.correcting.say(chair, first, head, Correct(AtSpan(OTHER), label=Label.ORG, person=PersonId("p4")))
    assert house.run() == 1
    assert _at(house, second, OTHER) == (Action.KEEP, "reviewer"), "a person decided on it for this reader"
    found = service.reviews.open(chair, second).detected.findings
    assert [(f.label, f.person) for f in found if f.span == OTHER] == [(Label.ORG, PersonId("p4"))]


def test_undo_takes_the_word_back_everywhere(house: House) -> None:
    _, first, second = _two(house)
    chair, service = house.people["chair"], house.service
    saved = service.correcting.say(chair, first, 1, Correct(AtSpan(NAME), nothing=True))
    house.run()
    service.reviews.undo(chair, first, saved.head)
    assert house.run() == 1
    assert _at(house, first, NAME)[0] is Action.MASK
    assert _at(house, second, NAME)[0] is Action.MASK
    service.reviews.redo(chair, first, 1)
    assert house.run() == 1
    assert _at(house, second, NAME) == (Action.KEEP, "corrected")


def test_whose_word_a_copy_rests_on_cannot_approve_it(house: House) -> None:
    _, first, second = _two(house)
    chair, colleague, service = house.people["chair"], house.people["second"], house.service
    service.correcting.say(chair, first, 1, Correct(AtSpan(NAME), nothing=True))
    house.run()
    head = service.reviews.summary(chair, second).head
    saved = service.reviews.amend(colleague, second, head, [Accept(Undecided())])
    service.reviews.complete(colleague, second, saved.head)
    with pytest.raises(AccessRefused):
        service.reviews.approve(chair, second, service.reviews.open(chair, second).plan.digest)


def test_a_completed_copy_that_would_change_is_neither_approved_nor_sent(house: House) -> None:
    _, ended = approved(house)
    chair, service = house.people["chair"], house.service
    version = service.reviews.summary(chair, ended).version
    other = service.reviews.request(chair, version, "r1", "learning_review")
    house.run()
    service.correcting.say(house.people["second"], other, 1, Correct(AtSpan(Span(24, 31)), nothing=True))
    house.run()
    assert service.standings.of(chair, ended).pending == 1
    with pytest.raises(Conflict):
        service.releases.send(chair, ended, GATE)
    service.reviews.send_back(chair, ended)
    assert house.run() == 1
    assert service.reviews.summary(chair, ended).state is ReviewState.IN_REVIEW
    assert service.standings.of(chair, ended).pending == 0
    assert _at(house, ended, Span(24, 31)) == (Action.KEEP, "corrected")


def test_saying_nothing_is_refused(house: House) -> None:
    _, first, _ = _two(house)
    with pytest.raises(BadArguments):
        house.service.correcting.say(house.people["chair"], first, 1, Correct(AtSpan(NAME)))
    assert TEXT[NAME.start : NAME.end] == "Zebedee"
