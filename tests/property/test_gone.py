"""Promises 1 and 3: whatever is kept and whatever is removed, a sound text is no leak and one forgotten string is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.model import Label
from redactor.verify import gone
from redactor.verify.expect import expected
from tests.unit.verify import copies

# Names that are also everyday words, names inside other names, hyphens and apostrophes.
NAMES = ("May", "Will", "Emma", "Emma Tallis", "Tallis", "Okafor-Bright", "O'Shea", "Ann", "Annabel", "Zofia Wójcik")
SAID = "may will annual the child was seen by a worker and they agreed that it would be reviewed in may"
FILLER = SAID.split()


@st.composite
def documents(draw: st.DrawFn) -> tuple[copies.Made, int]:
    """Draw a record in which some mentions of some names are removed and others kept, and one removal to forget."""
    lines, spans = [], []
    for number in range(draw(st.integers(2, 5))):
        words: list[str] = []
        for _ in range(draw(st.integers(1, 3))):
            words += draw(st.lists(st.sampled_from(FILLER), min_size=1, max_size=5))
            name = draw(st.sampled_from(NAMES))
            removed = draw(st.booleans())
            words.append(name)
            if removed:
                spans.append((number, len(" ".join(words)) - len(name), name))
        words += draw(st.lists(st.sampled_from(FILLER), min_size=1, max_size=4))
        lines.append(" ".join(words) + ".")
    wanted = [
        (line, name, sum(1 for m in re.finditer(rf"\b{re.escape(name)}\b", lines[line]) if m.start() < at), "[someone]")
        for line, at, name in spans
    ]
    made = copies.made(lines, {}, spans=[(*entry, Label.PERSON) for entry in wanted])
    return made, draw(st.integers(0, 1_000))


def readings(lines: Sequence[str], width: int) -> list[gone.Reading]:
    """Read lines broken anywhere, three times over."""
    words = " ".join(lines).split(" ")
    page = "\n".join(" ".join(words[n : n + width]) for n in range(0, len(words), width))
    return [gone.read(name, [page], ()) for name in ("pdfium", "pdfminer", "poppler")]


@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(2, 9))
def test_a_sound_text_is_no_leak(drawn: tuple[copies.Made, int], width: int) -> None:
    made, _ = drawn
    expectation = expected(made.document, made.plan, copies.MARK, ())
    assert gone.leaked(expectation, readings(made.shown, width), 1) == []
    assert gone.fragments_found(expectation, readings(made.shown, width), from_pictures=False) == 0


@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(2, 9))
def test_one_forgotten_string_is_a_leak(drawn: tuple[copies.Made, int], width: int) -> None:
    made, choice = drawn
    decisions = made.plan.decisions
    if not decisions:
        return
    forgotten = decisions[choice % len(decisions)]
    text, at = "", 0
    for decision in decisions:
        text += made.document.text[at : decision.span.start]
        kept = made.document.text[decision.span.start : decision.span.end]
        text += kept if decision is forgotten else decision.replacement
        at = decision.span.end
    text += made.document.text[at:]
    expectation = expected(made.document, made.plan, copies.MARK, ())
    assert gone.leaked(expectation, readings(text.splitlines(), width), 1)
