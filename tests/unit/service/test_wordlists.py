"""Promises 1 and 3: what only people know is said once, counts everywhere, and gives its reason."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.errors import BadArguments, NotFound
from redactor.model import (
    Action,
    Case,
    Detected,
    Document,
    Finding,
    InText,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Relation,
    Role,
    Span,
    digest_of,
)
from redactor.service.likeness import NEARLY_THE_SAME, alike, sketch
from redactor.service.listed import ALWAYS_SOURCE, ListedWord, ListKind, apply
from tests.unit.service.conftest import TEXT, House
from tests.unit.service.test_journey import proposed

NEVER = ListedWord("ZEBEDEE", ListKind.NEVER, "It is the name of a form.")
ALWAYS = ListedWord("lives at", ListKind.ALWAYS, "It gives a place away.", Label.LOCATION)


def _document(text: str) -> Document:
    digest = digest_of(text.encode())
    return Document(Kind.TEXT, digest, text, (Piece(Span(0, len(text)), Role.BODY, InText(0)),) if text else ())


def test_lists_of_the_case_and_of_the_organisation_count_from_the_next_proposal(house: House) -> None:
    case, version, review = proposed(house)
    chair, service = house.people["chair"], house.service
    service.words.put(chair, case, NEVER)
    service.words.put_own(chair, ALWAYS)
    service.reviews.propose_again(chair, review)
    house.run()
    view = service.reviews.open(chair, review)
    told = {TEXT[d.span.start : d.span.end]: (d.action, d.because) for d in view.plan.decisions}
    assert told["Zebedee"][0] is Action.KEEP
    assert "It is the name of a form." in told["Zebedee"][1]
    assert told["lives at"][0] is Action.MASK
    (always,) = [finding for finding in view.detected.findings if finding.source == ALWAYS_SOURCE]
    assert "It gives a place away." in always.why
    service.words.remove(chair, case, NEVER.words)
    service.reviews.propose_again(chair, review)
    house.run()
    assert service.reviews.open(chair, review).plan.decisions[0].action is Action.MASK
    with pytest.raises(NotFound):
        service.words.remove(chair, case, NEVER.words)
    with pytest.raises(BadArguments):
        service.words.put(chair, case, ListedWord("Zebedee", ListKind.NEVER, " "))
    assert service.documents.version(chair, version).id == version


def test_a_word_that_is_never_a_detail_shows_nobody_of_the_register() -> None:
    case = Case(people=(Person(PersonId("p1"), "Zebedee", Relation.SUBJECT_CHILD),))
    document = _document("Zebedee and Zebedee, said by a neighbour.")
    known = Finding(Span(0, 7), Label.PERSON, 0.9, "list", person=PersonId("p1"))
    stranger = Finding(Span(12, 19), Label.PERSON, 0.9, "list", person=PersonId("x1"))
    source = Finding(Span(21, 40), Label.ATTRIBUTION, 0.9, "list")
    word = ListedWord("said by a neighbour", ListKind.NEVER, "Because.")
    found = apply(document, Detected((known, stranger, source), case.people), (NEVER, word), case).findings
    assert [finding == before for finding, before in zip(found, (known, stranger, source), strict=True)] == [
        True,
        False,
        True,
    ]


def test_misspelt_words_are_found_only_where_that_is_asked_for() -> None:
    document = _document("They moved to Trantor House last week.")
    nothing = Detected((), ())
    for fuzzy, count in ((False, 0), (True, 1)):
        word = ListedWord("Tranter House", ListKind.ALWAYS, "A refuge.", Label.ADDRESS, fuzzy)
        assert len(apply(document, nothing, (word,), Case()).findings) == count


@given(
    st.text(st.sampled_from("ab "), max_size=40),
    st.lists(st.sampled_from(["a", "b", "ab", "a b"]), max_size=4),
    st.data(),
)
def test_findings_stay_sorted_and_apart_and_none_of_the_detectors_is_lost(
    text: str, words: list[str], data: st.DataObject
) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    before = Detected(tuple(Finding(span, Label.PERSON, 0.9, "list") for span in spans), ())
    kinds = [data.draw(st.sampled_from(list(ListKind))) for _ in words]
    listed = [ListedWord(word, kind, "Because.") for word, kind in zip(words, kinds, strict=True)]
    found = [finding.span for finding in apply(_document(text), before, listed, Case()).findings]
    assert found == sorted(found)
    assert not any(first.overlaps(second) for first, second in pairwise(found))
    assert all(any(each.contains(span) for each in found) for span in spans)


def test_uploads_that_say_nearly_the_same_are_told_to_those_who_may_see_both(house: House) -> None:
    chair, service = house.people["chair"], house.service
    text = " ".join(f"word{number % 97} of{number}" for number in range(400))
    first, second = house.case(), house.case(of="second", also=("chair",))
    one = service.documents.upload(chair, first, "a.txt", text.encode())
    near = service.documents.upload(chair, second, "b.txt", f"{text} and an end".encode())
    same = service.documents.upload(chair, first, "c.txt", text.encode())
    far = service.documents.upload(chair, first, "d.txt", TEXT.encode())
    hidden = house.case(of="second", also=())
    service.documents.upload(house.people["second"], hidden, "e.txt", text.encode())
    house.run()
    found = {each.version: each.same for each in service.likenesses.of(chair, one)}
    assert found == {near: False, same: True}
    assert service.likenesses.of(chair, far) == ()


@given(st.integers(0, 40))
def test_the_sample_tells_how_much_two_texts_have_in_common(changed: int) -> None:
    dice = random.Random(changed)
    words = [f"w{dice.randrange(10_000)}" for _ in range(1_500)]
    other = [*words[: len(words) - 10 * changed], *(f"x{n}" for n in range(10 * changed))]
    shingles = [{" ".join(each[at : at + 5]) for at in range(len(each) - 4)} for each in (words, other)]
    truth = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    assert abs(alike(sketch(" ".join(words)), sketch(" ".join(other))) - truth) < 0.15
    assert 0 < NEARLY_THE_SAME < 1
