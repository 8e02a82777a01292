"""Promise 3: codes of reasons stand in the boxes where a reviewer wants them, and go again without a trace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from redactor.model import (
    Action,
    Decision,
    Digest,
    Document,
    Kind,
    Label,
    Plan,
    ProfileRef,
    ReasonCode,
    Span,
    digest_of,
)
from redactor.service.amendments import apply, shows_codes
from redactor.service.changes import ShowCodes

_WORDS = st.sampled_from(["[a named adult]", "[withheld · see page 2]", "x", "", "March 2026"])


@given(st.lists(st.tuples(_WORDS, st.sampled_from(list(Action)), st.sampled_from(["TP", "PII", ""])), max_size=8))
def test_codes_come_and_go(made: list[tuple[str, Action, str]]) -> None:
    decisions = tuple(
        Decision(Span(n, n + 1), action, words, ReasonCode(code), "Why.", "r", Label.PERSON)
        for n, (words, action, code) in enumerate(made)
    )
    plan = Plan(digest_of(b""), ProfileRef("p", 1, Digest("")), "", "r1", decisions)
    document = Document(Kind.TEXT, digest_of(b""), "", ())

    def turned(before: Plan, *, shown: bool) -> Plan:
        return apply(before, document, [ShowCodes(shown)], "somebody", lambda *_: "").plan

    coded = turned(plan, shown=True)
    for before, after in zip(plan.decisions, coded.decisions, strict=True):
        boxed = before.action is Action.MASK and before.replacement.endswith("]") and before.reason
        assert after.replacement == (f"{before.replacement[:-1]} · {before.reason}]" if boxed else before.replacement)
    assert turned(coded, shown=True) == coded
    assert turned(coded, shown=False) == plan
    assert not shows_codes(plan)
