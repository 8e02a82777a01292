"""Promise 1: nothing leaks. Canaries are seen wherever they are planted, and nowhere once they are gone."""

from __future__ import annotations

import pytest

from redactor import verify
from redactor.verify import sightings
from tests.mutants.broken import FIRST, LAST, MUTANTS, SECRET
from tests.unit.verify import copies

PLANTED = {
    "invisible_text": {"pdfium", "pdfminer", "poppler", "objects"},
    "alternative_text_in_tags": {"objects"},
    "name_in_a_picture_under_a_box": {"pictures"},
    "drawn_as_outlines": {"ink"},
    "broken_at_a_line_end": {"pdfium", "pdfminer", "poppler"},
    "base64_in_a_remark": {"objects"},
}


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_canary_is_seen_where_it_was_planted(name: str) -> None:
    found = sightings.sees(MUTANTS[name]().pdf, (SECRET, FIRST, LAST, "Canary Wharfinger"))
    assert set(found[SECRET]) | set(found[FIRST]) | set(found[LAST]) >= PLANTED[name]
    assert found["Canary Wharfinger"] == []


def test_it_is_not_seen_in_a_sound_copy_even_through_the_wall() -> None:
    sound = copies.copy_of(copies.made()).pdf
    assert verify.sees(sound, (SECRET, "Priya Nandakumar"))[SECRET] == ()
    assert "pdfium" in verify.sees(sound, ("Priya Nandakumar",))["Priya Nandakumar"]
