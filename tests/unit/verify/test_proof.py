"""Promise 1: nothing leaks. A sound copy passes every check, and words that were rightly kept are no leak."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest

from redactor import verify
from redactor.errors import LeakFound
from redactor.model import Action, Decision, Label, ReasonCode, Role, Span
from redactor.verify import objects, proof
from redactor.verify.expect import expected
from redactor.verify.fold import words
from tests.unit.verify import copies


def test_a_sound_copy_passes_every_check() -> None:
    report = copies.look(copies.made())
    assert report.failed == ()
    assert {check.name for check in report.checks} >= {"text", "objects", "fonts", "structure", "revisions", "pages"}
    assert all(
        check.looked_at > 0 for check in report.checks if check.name not in ("boxes", "pixels", "pictures", "furniture")
    )


def test_the_unredacted_document_fails() -> None:
    made = copies.made()
    report = copies.look(made, copies.cleaned(copies.lay_out(copies.LINES)))
    assert "text" in report.failed


def test_one_forgotten_occurrence_fails() -> None:
    made = copies.made()
    lines = [*made.shown[:-1], made.shown[-1] + f" {copies.REMOVED}"]
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_half_a_name_left_standing_fails() -> None:
    made = copies.made()
    lines = [line.replace("[Child A]", "[Child A] Quillfeather") for line in made.shown]
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


LIKE_OTHERS = (
    "Emma Tallis, social worker, chaired. May we begin, asked Emma.",
    "The child Emma was seen on Monday by the health visitor.",
    "Will said that he will come in May. The sister May was at home.",
)


def _like_others() -> copies.Made:
    spans = [
        (1, "Emma", 0, "[Child A]", Label.PERSON),
        (2, "Will", 0, "[Father]", Label.PERSON),
        (2, "May", 1, "[Child B]", Label.PERSON),
    ]
    return copies.made(LIKE_OTHERS, {}, spans=spans)


def test_a_removed_name_that_others_rightly_bear_is_no_leak() -> None:
    assert copies.look(_like_others()).failed == ()


@pytest.mark.parametrize(
    ("token", "name", "line"), [("[Child A]", "Emma", 1), ("[Father]", "Will", 2), ("[Child B]", "May", 2)]
)
def test_the_same_name_left_where_it_was_removed_is_one(token: str, name: str, line: int) -> None:
    made = _like_others()
    lines = list(made.shown)
    lines[line] = lines[line].replace(token, name)
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_a_name_kept_in_one_place_and_leaked_in_another_is_found_by_its_neighbours() -> None:
    made = _like_others()
    lines = [
        made.shown[0].replace("asked Emma", "asked she"),
        made.shown[1].replace("[Child A]", "Emma"),
        made.shown[2],
    ]
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_an_age_is_found_by_its_neighbours_and_page_numbers_are_no_leak() -> None:
    lines = ("The boy is 7 years old and lives nearby.", "Item 7: school", "Page 7")
    made = copies.made(lines, {}, spans=[(0, "7", 0, "[age]", Label.AGE)])
    assert copies.look(made).failed == ()
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_a_header_may_stand_on_every_page() -> None:
    lines = (
        "Conference about Okafor",
        *(f"Line {n} of a long record" for n in range(120)),
        "Child Okafor was seen here.",
    )
    made = copies.made(lines, {}, roles={0: Role.HEADER}, spans=[(121, "Okafor", 0, "[Child A]", Label.PERSON)])
    laid = [line for n, line in enumerate(made.shown) for line in ((made.shown[0], line) if n % 60 == 59 else (line,))]
    assert copies.look(made, copies.cleaned(copies.lay_out(laid))).failed == ()


def test_a_dropped_section_must_be_gone_altogether() -> None:
    lines = (*copies.LINES, "The grandmother rang the duty desk because she was frightened of reprisals.")
    made = copies.made(lines, dropped=[6])
    assert copies.look(made).failed == ()
    shown = [*made.shown, "she was frightened of reprisals"]
    assert "fragments" in copies.look(made, copies.cleaned(copies.lay_out(shown))).failed


def test_comments_and_deletions_never_reach_a_reader() -> None:
    lines = (*copies.LINES, "Please check whether this paragraph is libellous before circulating")
    for role in (Role.COMMENT, Role.DELETED):
        made = copies.made(lines, roles={6: role})
        assert copies.look(made).failed == ()
        assert "fragments" in copies.look(made, copies.cleaned(copies.lay_out([*made.shown, lines[6]]))).failed


def test_marks_on_the_page_may_hold_the_readers_own_name() -> None:
    made = copies.made(("Okoye asked for the minutes.", "Then all left."), {"Okoye": ("[Mother]", Label.PERSON)})
    mark = "Copy 2 of 4 - Maria Okoye - 2026-11-24"
    pdf = copies.cleaned(copies.lay_out([mark, *made.shown, mark]))
    assert copies.look(made, pdf, furniture=(mark,)).failed == ()
    leaking = copies.cleaned(copies.lay_out([mark, *made.shown, "asked Okoye", mark]))
    assert "text" in copies.look(made, leaking, furniture=(mark,)).failed


def test_the_sandboxed_face_certifies_or_refuses() -> None:
    made = copies.made()
    proven = verify.prove(copies.copy_of(made), made.document)
    assert proven.certificate.plan == made.plan.digest
    assert "free of" not in proven.certificate.statement
    with pytest.raises(LeakFound) as refusal:
        verify.prove(copies.copy_of(made, copies.cleaned(copies.lay_out(copies.LINES))), made.document)
    assert "text" in refusal.value.checks
    assert "Quill" not in str(refusal.value)


def test_the_label_that_a_list_gives_a_line_is_no_removed_age() -> None:
    """Numbers of lists are drawn by the layout program and stand nowhere in the document's text."""
    lines = ("The younger child is 12", "Carrying on at school with the plan")
    made = copies.made(lines, {}, spans=[(0, "12", 0, "[age]", Label.AGE)])
    labelled = copies.cleaned(copies.lay_out([made.shown[0], "12 " + made.shown[1]]))
    assert copies.look(made, labelled).failed == ()
    assert "text" in copies.look(made, copies.cleaned(copies.lay_out(lines))).failed


def test_lines_that_may_be_read_are_no_fragment_when_they_stand_together() -> None:
    lines = ("Name of the parent", "Telephone at home", "Anybody", "Name of the parent\u2028Telephone at home")
    made = copies.made(lines, {}, roles={3: Role.HIDDEN})
    assert copies.look(made, copies.cleaned(copies.lay_out(lines[:3]))).failed == ()
    hidden = ("Name of the parent", "Telephone at home", "grandmother rang the desk")
    made = copies.made(hidden, {}, roles={2: Role.HIDDEN})
    assert "fragments" in copies.look(made, copies.cleaned(copies.lay_out(hidden))).failed


def test_words_of_scripts_without_spaces_are_found_however_they_are_spaced() -> None:
    assert words("采用Nandrive芯片") == ("采", "用", "nandrive", "芯", "片")


SIDE_BY_SIDE = (
    "KARIM Tahmid",
    "in year four at the junior school",
    "KARIM Nabila",
    "She goes swimming with Tahmid Karim from the flats on most days.",
)


def _side_by_side() -> copies.Made:
    return copies.made(SIDE_BY_SIDE, {}, spans=[(3, "Tahmid Karim", 0, "[another child]", Label.PERSON)])


def test_two_kept_cells_that_meet_on_the_page_are_no_leak() -> None:
    first, year, second, last = _side_by_side().shown
    laid_out = copies.cleaned(copies.lay_out([f"{first} {second}", year, last]))
    assert copies.look(_side_by_side(), laid_out).failed == ()


def test_the_removed_name_itself_stays_a_leak_where_cells_may_meet() -> None:
    first, year, second, last = _side_by_side().shown
    forgotten = last.replace("[another child]", "Tahmid Karim")
    assert (
        "text" in copies.look(_side_by_side(), copies.cleaned(copies.lay_out([first, year, second, forgotten]))).failed
    )


def test_a_percent_sign_in_a_string_begins_no_remark() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"BT [(a%) -6 <2006> 2 (b)] TJ ET\n% Quillfeather\n")
        contents = objects.walk(pdf)
    assert objects.found_in(contents, [("2006",)]) == 0
    assert objects.found_in(contents, [("quillfeather",)]) == 1


def test_a_coarser_date_drawn_after_another_number_is_no_leak_but_the_exact_one_in_an_object_is() -> None:
    lines = ("Visits so far: 2", "Seen on 2 June 2026 by the worker.")
    made = copies.made(lines, {}, spans=[(1, "2 June 2026", 0, "[June 2026]", Label.DATE)])
    expectation = expected(made.document, made.plan, copies.MARK, ())
    assert objects.places_found(objects.Contents(shown=["2 [June 2026]"]), expectation) == 0
    assert objects.places_found(objects.Contents(texts=["2 June 2026"]), expectation) == 1


def test_the_metadatas_own_words_are_no_leak() -> None:
    """XMP names its alternative for any language "x-default", whatever a document calls its defaults."""
    lines = ("The Default rang the desk.", "Then all left.")
    made = copies.made(lines, {}, spans=[(0, "Default", 0, "[name]", Label.PERSON)])
    said = b'<rdf:li xmlns:rdf="r" xml:lang="x-default">Copy</rdf:li>'
    plain = copies.cleaned(copies.lay_out(made.shown))
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        pdf.Root.Metadata = pdf.make_stream(said, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        assert objects.places_found(objects.walk(pdf), expected(made.document, made.plan, copies.MARK, ())) == 0
        pdf.Root.Metadata = pdf.make_stream(said.replace(b"Copy", b"Default"), Type=pikepdf.Name.Metadata)
        assert objects.places_found(objects.walk(pdf), expected(made.document, made.plan, copies.MARK, ())) == 1


def test_a_removed_word_in_a_box_is_the_replacements_only_beside_its_neighbour() -> None:
    lines = ("The group met at Oak Hall on most days.", "Mr Hall came too and stayed on.")
    spans = [
        (0, "Oak Hall", 0, "[a community hall]", Label.LOCATION),
        (1, "Hall", 0, "[a named adult]", Label.PERSON),
    ]
    made = copies.made(lines, {}, spans=spans)
    expectation = expected(made.document, made.plan, copies.MARK, ())
    assert proof._foreign_words("[a community hall]", expectation) == 0
    assert proof._foreign_words("Hall", expectation) == 1


def test_kept_findings_that_meet_inside_a_word_do_not_part_it() -> None:
    """A reference may be found in two halves, both kept: where it also stood in a dropped part it is no fragment."""
    lines = ("Our ref: CS/NS/LCS1080116 Direct line", "Closed note: our ref CS/NS/LCS1080116 direct line again.")
    made = copies.made(lines, {}, dropped=[1])
    start = lines[0].index("NS/")
    kept = tuple(
        Decision(Span(first, last), Action.KEEP, "", ReasonCode("x"), "Because.", "test", Label.CASE_REF)
        for first, last in ((start, start + 6), (start + 6, start + 13))
    )
    made = replace(made, plan=replace(made.plan, decisions=kept))
    assert "lcs1080116" in expected(made.document, made.plan, copies.MARK, ()).kept.vocabulary()
    assert copies.look(made).failed == ()
