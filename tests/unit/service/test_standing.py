"""Promise 2: the second person is told what differs from the copy that the same reader holds already."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from redactor.model import Action, Decision, Digest, Label, Plan, ProfileRef, ReasonCode, Span, digest_of
from redactor.service.changes import Accept, Add, AtSpan, Reject, Undecided
from redactor.service.deltas import delta
from tests.unit.service.conftest import TEXT, House
from tests.unit.service.test_journey import GATE, approved


def _plan(text: str, spans: list[Span], replacement: str = "[x]") -> Plan:
    decisions = tuple(
        Decision(span, Action.MASK, replacement, ReasonCode("TP"), "Why.", "r", Label.PERSON) for span in spans
    )
    return Plan(digest_of(text.encode()), ProfileRef("p", 1, Digest("")), "", "r1", decisions)


@given(st.sets(st.integers(0, 60), max_size=10), st.sets(st.integers(0, 60), max_size=10))
def test_every_place_that_differs_is_told_and_no_other(before: set[int], after: set[int]) -> None:
    text = "".join(chr(97 + number % 26) for number in range(70))
    old, new = ([Span(at, at + 1) for at in sorted(each)] for each in (before, after))
    told = delta(_plan(text, old), text, _plan(text, new), text)
    assert {span.start for span in told.shown} == before - after
    assert {span.start for span in told.hidden} == after - before
    assert told.reworded == ()
    other = delta(_plan(text, old), text, _plan(text, new, "[y]"), text)
    assert {span.start for span in other.reworded} == before & after


def test_a_new_version_is_compared_where_the_words_are_the_same() -> None:
    text = "A long first line that stays as it is.\nThen Zebedee came to tea with everybody.\n"
    newer = "Something new stands before it all here.\n" + text
    at = text.index("Zebedee")
    shown = delta(_plan(text, [Span(at, at + 7)]), text, _plan(newer, []), newer).shown
    assert [newer[span.start : span.end] for span in shown] == ["Zebedee"]
    gone = delta(_plan(text, [Span(at, at + 7)]), text, _plan("Nothing of it.", []), "Nothing of it.")
    assert (gone.count, gone.lost) == (0, 1)


def test_the_approver_sees_what_differs_from_the_copy_before(house: House) -> None:
    chair, service = house.people["chair"], house.service
    _, review = approved(house)
    assert service.standings.of(chair, review).before is None
    service.releases.send(chair, review, GATE)
    house.run()
    version = service.reviews.summary(chair, review).version
    again = service.reviews.request(chair, version, "r1", "family_copy")
    house.run()
    lives = TEXT.index("lives")
    add = Add(Span(lives, lives + 5), Action.MASK, ReasonCode("TP"), "Why.", Label.MANUAL)
    head = service.reviews.summary(chair, again).head
    service.reviews.amend(chair, again, head, [Reject(AtSpan(Span(0, 7))), add, Accept(Undecided())])
    before = service.standings.of(chair, again).before
    assert before is not None
    assert before.delta is not None
    assert (before.copy_number, before.delta.shown, before.delta.hidden) == (
        1,
        (Span(0, 7),),
        (Span(lives, lives + 5),),
    )
