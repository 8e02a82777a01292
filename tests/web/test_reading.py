"""Promises 1 and 3: the page shows every word once with its mark, and the preview shows nothing that the copy hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.model import (
    Action,
    Decision,
    Digest,
    Document,
    InText,
    Kind,
    Label,
    OnPage,
    Piece,
    Plan,
    ProfileRef,
    ReasonCode,
    Role,
    Span,
    digest_of,
)
from redactor.service.documents import Lie
from redactor.web import findings, pictures, reading


def _plan(text: str, spans: list[Span], action: Action) -> tuple[Document, Plan]:
    digest = digest_of(text.encode())
    document = Document(Kind.TEXT, digest, text, (Piece(Span(0, len(text)), Role.BODY, InText(0)),) if text else ())
    decisions = tuple(
        Decision(span, action, "[x]", ReasonCode("TP"), "", "r", Label.PERSON, certain=False) for span in spans
    )
    return document, Plan(digest, ProfileRef("p", 1, Digest("")), "", "r1", decisions)


@given(st.text(st.sampled_from("abc \n"), min_size=1, max_size=120), st.data())
def test_lines_give_the_text_back_whole(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    document, plan = _plan(text, spans, Action.MASK)
    cuts = reading.pages(text, 20)
    shown = [line for cut in cuts for line in reading.lines(document, plan, cut)]
    assert "".join(part.text for line in shown for part in line.parts) == text
    marked = sum(len(part.text) for line in shown for part in line.parts if part.mark)
    assert marked == sum(len(span) for span in spans)


def test_the_preview_hides_what_the_plan_hides() -> None:
    document, plan = _plan("Zebedee came\nand went\n", [Span(0, 7)], Action.MASK)
    shown = "".join(p.text for line in reading.preview(document, plan, Span(0, 22)) for p in line.parts)
    assert shown == "[x] came\nand went\n"


def test_pages_end_at_line_ends() -> None:
    text = "one line of words\n" * 40
    cuts = reading.pages(text, 100)
    assert cuts[0].start == 0
    assert cuts[-1].end == len(text)
    assert all(text[cut.end - 1] == "\n" for cut in cuts)
    assert reading.page_of(cuts, cuts[2].start) == 2


def test_pages_of_a_pdf_are_its_own_and_an_empty_one_is_there() -> None:
    box = (0.0, 0.0, 9.0, 9.0)
    pieces = (
        Piece(Span(0, 4), Role.BODY, OnPage(0, box)),
        Piece(Span(4, 8), Role.BODY, OnPage(2, box)),
        Piece(Span(8, 11), Role.METADATA, InText(0)),
    )
    document = Document(Kind.PDF, digest_of(b""), "one\ntwo\nend", pieces, 3)
    assert reading.sheets(document) == (Span(0, 4), Span(4, 4), Span(4, 8), Span(8, 11))
    assert [reading.page_of(reading.sheets(document), at) for at in (0, 4, 9)] == [0, 2, 3]


def test_a_box_goes_from_the_page_to_its_turned_picture_and_back() -> None:
    turned = Lie((600, 400), (0.0, 0.75, 0.75, 0.0, 10.0, 20.0))
    box = (40.0, 50.0, 70.0, 95.0)
    assert pictures.to_points(turned, pictures.to_pixels(turned, box)) == pytest.approx(box)


def test_runs_of_pages_read_well() -> None:
    assert findings.runs([0, 1, 2, 6]) == "1–3, 7"
    assert findings.runs([]) == ""


def test_the_second_person_reads_lines_in_which_nothing_was_found() -> None:
    text = "Zebedee came to tea with all of them.\nNobody else came to the house that day.\nA heading\n"
    document, plan = _plan(text, [Span(0, 7)], Action.MASK)
    entry = findings.Entry("0-7", 1, 0, "Zebedee", plan.decisions[0], "", "", None, "", False, 1)
    told = findings.unmarked(document.text, [entry], reading.pages(text), "seed")
    assert [passage.text for passage in told] == ["Nobody else came to the house that day."]
    around = findings.passage(text, Span(8, 12), reading.pages(text))
    assert (around.before, around.text) == ("Zebedee", "came")
