"""Promise 1: nothing leaks. Every redaction broken on purpose is caught, and sound ones pass."""

from __future__ import annotations

import pytest

from redactor.errors import Damaged
from tests.mutants.broken import MUTANTS
from tests.unit.verify import copies

# Which check has to notice, for those where only one is made for it.
MEANT = {
    "text": (
        "one_of_two_occurrences_left only_the_surname_left header_forgotten white_text invisible_text tiny_text"
        " off_page_text clipped_text rotated_text letter_by_letter spelt_out soft_hyphens broken_at_a_line_end"
        " upper_case look_alike_letters reversed_letters accents_added ligatures type3_letters hidden_layer"
    ),
    "fragments": "comment_left tracked_deletion_left dropped_section_left_in_part",
    "boxes": "boxes_only glyphs_in_a_declared_box",
    "pixels": "a_declared_box_that_shows_something",
    "ink": "drawn_as_outlines name_in_a_picture",
    "objects": (
        "old_form_still_listed text_in_an_unused_pattern actual_text_in_content alternative_text_in_tags title"
        " actual_text_in_tags_double_byte metadata_stream layer_name base64_in_a_remark hexadecimal_in_a_remark"
        " number_in_metadata number_in_a_remark name_of_a_resource name_in_the_notes_of_a_photograph"
    ),
    "structure": (
        "author_in_metadata outline attachment note mail_link form_value script named_destination page_label"
        " private_data thumbnail"
    ),
    "streams": "undecodable_stream",
    "revisions": "saved_over_the_original bytes_after_the_end",
    "pages": "a_page_too_few",
    "fonts": "unicode_map_not_pruned widths_not_pruned outlines_not_pruned",
    "pictures": "name_in_a_picture_under_a_box name_in_a_picture_nobody_draws",
    "furniture": "schedule_that_tells",
}


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_CONTAINED", "1")
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_the_verifier_catches(name: str) -> None:
    broken = MUTANTS[name]()
    try:
        report = copies.look(broken.made, broken.pdf, **broken.promises)
    except Damaged:
        return
    assert not report.passed
    assert {check for check, names in MEANT.items() if name in names.split()} <= set(report.failed)


def test_there_are_enough_of_them_and_their_base_is_sound() -> None:
    assert len(MUTANTS) >= 40
    assert copies.look(copies.made()).passed
