"""Words that a standard, a layout program or chance puts into a copy are no leak; a name in their place still is."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from redactor.model import Label
from redactor.redact import rebuild
from redactor.verify import extract, objects, pixels
from redactor.verify.expect import GENERATED_PHRASES, expected
from redactor.verify.fold import Words, words
from tests.unit.verify import copies


def _with(edit: Callable[[pikepdf.Pdf], None], made: copies.Made) -> tuple[str, ...]:
    opened = pikepdf.open(io.BytesIO(copies.copy_of(made).pdf))
    edit(opened)
    return copies.look(made, copies.saved(opened)).failed


def _collection(registry: str, ordering: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        system = Dictionary(Registry=String(registry), Ordering=String(ordering), Supplement=0)
        resources = pdf.pages[0].obj.Resources
        resources.ColorSpace = Dictionary(C=pdf.make_indirect(Dictionary(CIDSystemInfo=system)))

    return edit


LINES = ("Adobe came with Korea1 to the review.", "It was said that en-AU is where Adobe lives.")
MADE = copies.made(
    LINES,
    {"Adobe": ("[Child A]", Label.PERSON), "Korea1": ("[Child B]", Label.PERSON), "en-AU": ("[place]", Label.LOCATION)},
)


@pytest.mark.parametrize(("registry", "ordering"), [("Adobe", "UCS"), ("Adobe", "Korea1"), ("Adobe", "Identity")])
def test_the_character_collection_of_a_font_is_no_name(registry: str, ordering: str) -> None:
    assert _with(_collection(registry, ordering), MADE) == ()


def test_anything_else_in_its_place_is_one() -> None:
    assert _with(_collection(copies.REMOVED.split()[0], "UCS"), copies.made()) == ("objects",)


def test_the_language_of_a_page_is_no_name() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Lang = String("en-AU")

    assert _with(edit, MADE) == ()


def test_a_name_in_its_place_is_one() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Lang = String(copies.REMOVED)

    assert "objects" in _with(edit, copies.made())


def test_a_name_that_only_seems_to_stand_across_two_words_is_none() -> None:
    text = Words(["a motion for judgment of Mr Nathaniel Quill and of mrnathanielquill"])
    assert text.count_squeezed("rjudgment", whole_words=False) == 0
    assert text.count_squeezed("nathanielquill", whole_words=False) == 2


CELLS = ("Eastern", "Context", "Hint", "Eastern", "Total 9", "0", "0", "9")


def test_cells_that_meet_on_a_page_spell_no_removed_string() -> None:
    """Readers take cells row by row or column by column: kept cells that stand side by side betray nothing."""
    made = copies.made(CELLS, {}, spans=[(0, "Eastern", 0, "[place]", Label.LOCATION)])
    expectation = expected(made.document, made.plan, copies.MARK, ())
    assert expectation.can_meet(("eastern", "place", "context"))
    assert not expectation.can_meet(("eastern", "context", "of"))
    shuffled = [made.shown[3], made.shown[1], *made.shown[4:], made.shown[0], made.shown[2]]
    assert "text" not in copies.look(made, copies.cleaned(copies.lay_out(shuffled))).failed


def test_a_removed_word_in_the_middle_of_its_sentence_is_betrayed_by_its_neighbours() -> None:
    lines = ("The boy is 9 and goes to school.", "9")
    made = copies.made(lines, {}, spans=[(0, "9", 0, "[age]", Label.AGE)])
    assert "text" not in copies.look(made).failed
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_letters_drawn_twice_for_a_shadow_are_read_once() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, initialFontName="Helvetica")
    for shift in (0.0, 0.9):
        canvas.setFont("Helvetica", 24)
        canvas.drawString(80 + shift, 700 - shift, "Football still")
    canvas.save()
    assert [words(page) for page in extract.by_pdfminer(stream.getvalue())] == [("football", "still")]


def test_a_part_of_a_longer_kept_word_is_no_name_in_a_stream() -> None:
    contents = objects.Contents(shown=["Keyword s of the review"])
    kept = Words(["Keywords of the review"])
    assert objects.found_in(contents, [("keyw", "ord")], kept=kept) == 0
    assert objects.found_in(contents, [("keyw", "ord")]) == 1


def test_glyph_numbers_are_no_text_and_text_among_them_is() -> None:
    numbers = bytes.fromhex("95417370968099a1b2c3d4e5f60718293a4b")
    assert list(objects.coded(numbers.hex().encode())) == []
    assert any("Quillfeather" in text for text in objects.coded((numbers + b"Quillfeather" + numbers).hex().encode()))


def test_what_stands_for_a_picture_is_known_by_its_words() -> None:
    assert set(GENERATED_PHRASES) == {words(rebuild.PICTURE_MARK), words(rebuild.OBJECT_MARK)}


def test_the_word_picture_is_still_looked_for_elsewhere() -> None:
    made = copies.made(("It is star_picture_one that was sent.",), {"star_picture_one": ("[file]", Label.USERNAME)})
    assert copies.look(made, copies.cleaned(copies.lay_out([*made.shown, "[picture removed]"]))).failed == ()
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out([*made.shown, "star picture"]))).failed


def test_a_name_as_a_key_is_still_found() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources.Properties = Dictionary({"/" + copies.REMOVED.split()[0]: Dictionary(Type=Name.OCG)})

    assert "objects" in _with(edit, copies.made())


def test_a_rule_along_the_edge_of_a_box_is_no_remainder_and_a_piece_of_a_letter_is() -> None:
    box = np.full((20, 60), 255, dtype=np.uint8)
    box[0:3] = 0
    assert pixels.is_lettering(box)
    box[0:3, 20:40] = 255
    assert not pixels.is_lettering(box)


def test_half_of_a_kept_word_is_no_name_and_a_name_beside_a_kept_word_is_one() -> None:
    lines = ("The plan was shaped by Ed and it may be read.",)
    made = copies.made(lines, {"Ed": ("[Child A]", Label.PERSON)})
    split = [made.shown[0].replace("shaped", "shap ed")]
    assert "text" not in copies.look(made, copies.cleaned(copies.lay_out(split))).failed
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out([made.shown[0] + " Shaped Ed"]))).failed
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out([made.shown[0] + " plan ed"]))).failed


def test_glyph_numbers_that_spell_initials_are_no_name_and_long_ones_are() -> None:
    contents = objects.Contents(shown=["\x05J\x06C\x03\x02\x1aH\x04\x06\x18Quillfeather\x01\x02\x03\x05\x06\x07\x08"])
    assert objects.found_in(contents, [("j", "c", "h")]) == 0
    assert objects.found_in(contents, [("quillfeather",)]) == 1
    assert objects.found_in(objects.Contents(shown=["seen by J C H today"]), [("j", "c", "h")]) == 1
