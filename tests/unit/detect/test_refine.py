"""What is trimmed from a candidate and what is no detail after all.

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason).
"""

from __future__ import annotations

import pytest

from redactor.detect.candidate import Candidate
from redactor.detect.refine import refine
from redactor.model import Label


def refined(text: str, words: str, label: Label, score: float = 0.6, source: str = "model") -> list[str]:
    start = text.index(words)
    each = Candidate(start, start + len(words), label, score, source, "")
    return [text[found.start : found.end] for found in refine(text, [each])]


@pytest.mark.parametrize(
    ("text", "words", "label", "left"),
    [
        ("then Pastor Samuel Quill rang", "Pastor Samuel Quill", Label.PERSON, ["Samuel Quill"]),
        ("and Quill rang back", "Quill rang", Label.PERSON, ["Quill"]),
        ("in the Nelson Arms", "the Nelson Arms", Label.LOCATION, ["Nelson Arms"]),
        ("on Monday 9th September 2024", "Monday 9th September 2024", Label.DATE, ["9th September 2024"]),
        ("OF 38 HILL RD, RANG AT 2105", "38 HILL RD, RANG AT", Label.ADDRESS, ["38 HILL RD"]),
        ("some Significant risk", "Significant", Label.PERSON, []),
        ("she felt pale today", "pale", Label.PERSON, []),
        ("for four weeks", "weeks", Label.AGE, []),
        ("aged four weeks", "four weeks", Label.AGE, ["four weeks"]),
        ("a Glasgow Coma Scale of 15", "Glasgow", Label.LOCATION, []),
        ("he went to Glasgow", "Glasgow", Label.LOCATION, ["Glasgow"]),
        ("the national rate", "national", Label.ORG, []),
    ],
)
def test_candidates_are_made_exact(text: str, words: str, label: Label, left: list[str]) -> None:
    assert refined(text, words, label) == left


def test_a_name_that_is_a_word_stands_where_the_model_is_sure() -> None:
    assert refined("then Summer said no", "Summer", Label.PERSON, 0.8) == ["Summer"]
    assert refined("then Summer said no", "Summer", Label.PERSON, 0.2) == []


@pytest.mark.parametrize("words", ["Champions", "Ambassadors", "Volunteers", "Inspectors"])
def test_a_lone_plural_of_a_part_that_people_play_is_nobody(words: str) -> None:
    assert refined(f"9. EFRH {words} update", words, Label.PERSON, 0.97) == []


@pytest.mark.parametrize(
    "words", ["Williams", "Roberts", "Banks", "Woods", "Mills", "Parsons", "Masters", "Childs", "Tom Champions"]
)
def test_surnames_that_end_like_plurals_stay(words: str) -> None:
    assert refined(f"then {words} said no", words, Label.PERSON, 0.97) == [words]


def test_a_title_makes_a_name_of_a_plural() -> None:
    assert refined("then Mr Champions said no", "Champions", Label.PERSON, 0.9, "rules") == ["Champions"]
