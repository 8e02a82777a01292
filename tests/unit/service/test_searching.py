"""Promise 1: a search finds every place that it says, and only those, whatever is typed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.errors import BadArguments
from redactor.service.searching import Mode, search

TEXT = "Craig Tranter came. CRAIG left.\nCraigs's van; Mr Trantor, tranter-hire.\n"


@pytest.mark.parametrize(
    ("term", "mode", "found"),
    [
        ("craig", Mode.WHOLE, ["Craig", "CRAIG"]),
        ("craig", Mode.EXACT, ["Craig", "CRAIG", "Craig"]),
        ("craig  tranter", Mode.WHOLE, ["Craig Tranter"]),
        ("tranter", Mode.FUZZY, ["Tranter", "Trantor"]),
        (r"tr\w+r\b", Mode.REGEX, ["Tranter", "Trantor", "tranter"]),
        ("a.b", Mode.EXACT, []),
        ("", Mode.WHOLE, []),
    ],
)
def test_each_way_finds_what_it_says(term: str, mode: Mode, found: list[str]) -> None:
    assert [TEXT[span.start : span.end] for span in search(TEXT, term, mode)] == found


@pytest.mark.parametrize("expression", ["(", "*", "[a-"])
def test_an_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(BadArguments):
        search(TEXT, expression, Mode.REGEX)


def test_an_expression_that_never_ends_is_stopped() -> None:
    with pytest.raises(BadArguments):
        search("ab" * 40 + "!", r"^((ab)*|(ba)*|a|b)*(ab|a|b)*$", Mode.REGEX)


@given(st.text("ab c.", max_size=60), st.text("ab c.", min_size=1, max_size=5), st.sampled_from(list(Mode)))
def test_places_are_in_order_and_apart(text: str, term: str, mode: Mode) -> None:
    spans = search(text, term, mode)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(span.end <= len(text) for span in spans)
