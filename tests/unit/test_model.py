"""Promises 1 and 3: spans never lie, pieces cover the text exactly, and the same plan has the same digest."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor import exchange, wire
from redactor.errors import IntegrityFailure, InvalidDefinition
from redactor.model import (
    Action,
    Decision,
    Digest,
    Document,
    InText,
    Kind,
    Label,
    PersonId,
    Piece,
    Plan,
    ProfileRef,
    ReasonCode,
    Role,
    SectionDecision,
    Span,
    digest_of,
)

PROFILE = ProfileRef("family_copy", 1, digest_of(b"profile"))
spans = st.tuples(st.integers(0, 500), st.integers(0, 50)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
decisions = st.builds(
    Decision,
    span=spans,
    action=st.sampled_from(Action),
    replacement=st.sampled_from(["", "[Child A]"]),
    reason=st.just(ReasonCode("TP")),
    because=st.just("Somebody else's."),
    rule=st.just("others"),
    label=st.sampled_from(Label),
    person=st.sampled_from([None, PersonId("p1")]),
    by=st.just("profile"),
    certain=st.booleans(),
)


def plan(*made: Decision) -> Plan:
    ordered = tuple(sorted(made, key=lambda decision: decision.span))
    section = SectionDecision(Span(600, 700), Action.REMOVE, ReasonCode("CLOSED"), "Closed session.", "[left out]")
    return Plan(digest_of(b"document"), PROFILE, "SM-1", "r1", ordered, (section,))


@given(st.lists(decisions, max_size=6))
def test_a_plan_survives_both_of_its_json_forms(made: list[Decision]) -> None:
    original = plan(*made)
    assert wire.load(Plan, wire.dump(original)) == original
    read = exchange.plan_from_json(wire.dump(exchange.plan_json(original)))
    assert read == original
    assert read.digest == original.digest


@given(st.lists(decisions, min_size=1, max_size=4))
def test_the_digest_changes_with_whatever_decides_the_output_and_with_nothing_else(made: list[Decision]) -> None:
    original = plan(*made)
    first, *rest = original.decisions
    louder = dataclasses.replace(first, replacement=first.replacement + "!")
    reworded = dataclasses.replace(first, because="Other words.")
    assert dataclasses.replace(original, decisions=(louder, *rest)).digest != original.digest
    assert dataclasses.replace(original, decisions=(reworded, *rest), reviewed_by="u1").digest == original.digest


def test_pieces_must_cover_the_text_exactly() -> None:
    def document(*cuts: tuple[int, int]) -> Document:
        pieces = tuple(Piece(Span(*cut), Role.BODY, InText(0)) for cut in cuts)
        return Document(Kind.TEXT, Digest("sha256:0"), "hello", pieces)

    assert document((0, 2), (2, 5)).text == "hello"
    for wrong in ([(0, 2)], [(0, 2), (3, 5)], [(0, 3), (2, 5)], [(1, 5)]):
        with pytest.raises(ValueError, match="cover"):
            document(*wrong)


@pytest.mark.parametrize("untrusted", [b"", b"{}", b"[1]", b'{"start": -1, "end": 2}', b'{"start": 3, "end": 2}'])
def test_json_that_is_no_span_is_refused(untrusted: bytes) -> None:
    with pytest.raises(IntegrityFailure):
        wire.load(Span, untrusted)


@pytest.mark.parametrize("untrusted", [b"", b"{}", b'{"decisions": 3}'])
def test_a_file_that_is_no_plan_is_refused(untrusted: bytes) -> None:
    with pytest.raises(InvalidDefinition):
        exchange.plan_from_json(untrusted)
