"""Promises 1 and 3: nobody decides the same twice, and nothing is shown in a new version because it once was."""

from __future__ import annotations

import pytest

from redactor.errors import AccessRefused
from redactor.model import Action, Label, ReasonCode, Span
from redactor.service.changes import Accept, Add, AtSpan, Reject, Undecided
from tests.unit.service.conftest import TEXT, House
from tests.unit.service.test_journey import proposed


def _worked_on(house: House) -> tuple[str, str]:
    """The chair shows the first name and hides a word that nobody found."""
    _, version, review = proposed(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    lives = TEXT.index("lives")
    add = Add(Span(lives, lives + 5), Action.MASK, ReasonCode("TP"), "Why.", Label.MANUAL)
    reviews.amend(chair, review, 1, [Reject(AtSpan(Span(0, 7))), add])
    return version, review


def test_a_fresh_proposal_keeps_what_people_decided(house: House) -> None:
    _, review = _worked_on(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    before = reviews.open(chair, review).plan
    reviews.propose_again(chair, review)
    assert house.run() == 1
    view = reviews.open(chair, review)
    assert view.plan.digest == before.digest
    reviews.undo(chair, review, view.head)  # the profile's own plan is one step back
    assert len(reviews.open(chair, review).plan.decisions) == len(before.decisions) - 1


def test_a_new_version_hides_again_and_asks_before_it_shows(house: House) -> None:
    version, _ = _worked_on(house)
    chair, service = house.people["chair"], house.service
    old = service.documents.version(chair, version)
    text = "A new line.\n" + TEXT
    newer = service.documents.upload(chair, old.case, "b.txt", text.encode(), into=old.document)
    review = service.reviews.request(chair, newer, "r1", "family_copy")
    assert house.run() == 2
    plan = service.reviews.open(chair, review).plan
    found = {text[d.span.start : d.span.end]: d for d in reversed(plan.decisions)}
    assert found["lives"].action is Action.MASK
    assert (found["Zebedee"].action, found["Zebedee"].certain) == (Action.KEEP, False)
    assert found["1 Sample Street"].by == "profile"
    saved = service.reviews.amend(house.people["second"], review, plan.version, [Accept(Undecided())])
    service.reviews.complete(house.people["second"], review, saved.head)
    with pytest.raises(AccessRefused):  # the chair's earlier decisions are in it
        service.reviews.approve(chair, review, service.reviews.open(chair, review).plan.digest)
