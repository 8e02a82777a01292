"""Restricted parts of minutes, and the open parts that are not.

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason).
"""

from __future__ import annotations

import pytest

from redactor.model import Audience, Case, Kind, MarkedRegion, Person, PersonId, Role
from redactor.sections import find
from tests.unit.detect.texts import document

HEADING = Role.HEADING


def texts(*lines: object, kind: Kind = Kind.DOCX, case: Case | None = None) -> list[tuple[Audience, str]]:
    doc = document(*lines, kind=kind)  # type: ignore[arg-type]
    return [(each.audience, doc.text[each.span.start : each.span.end]) for each in find(doc, case or Case())]


@pytest.mark.parametrize(
    ("heading", "audience"),
    [
        ("4. Closed session – professionals only", Audience.CLOSED),
        ("Professionals' discussion (closed, before the family joined)", Audience.CLOSED),
        ("Information withheld from father", Audience.WITHHELD),
        ("Item 3a – police information, NOT to be shared with family", Audience.WITHHELD),
        ("Third party information – NOT for disclosure to mother", Audience.WITHHELD),
        ("FILE COPY ONLY – legal advice, privileged – do not send", Audience.PRIVILEGED),
        ("Legal advice – privileged and confidential", Audience.PRIVILEGED),
        ("Case 6 – core members only, housing left before this item", Audience.CLOSED),
        ("Police intelligence (not for onward transmission)", Audience.WITHHELD),
        ("Notes for agencies that do not go to the family", Audience.WITHHELD),
        ("Matters raised in confidence", Audience.WITHHELD),
    ],
)
def test_heading_opens_and_next_heading_ends(heading: str, audience: Audience) -> None:
    found = texts(
        (HEADING, "3. School"),
        "Open words.",
        (HEADING, heading),
        "Secret words.",
        (HEADING, "5. Decision"),
        "Open again.",
    )
    assert found == [(audience, f"{heading}\nSecret words.\n")]


@pytest.mark.parametrize(
    "ending",
    [
        "Family members rejoined at 11.35.",
        "[End of closed session]",
        "The parents were invited back and the meeting resumed.",
        "The mother then rejoined the conference.",
    ],
)
def test_words_that_end_a_closed_part(ending: str) -> None:
    found = texts((HEADING, "4. Closed session"), "Secret words.", ending, "Open words.")
    assert found == [(Audience.CLOSED, "4. Closed session\nSecret words.\n")]


def test_bracketed_note_covers_up_to_the_next_heading() -> None:
    found = texts(
        "Open.",
        "[LEGALLY PRIVILEGED – not to be circulated] The advice is this.",
        "More advice.",
        (HEADING, "6. Next"),
        "Open.",
    )
    assert found == [
        (Audience.PRIVILEGED, "[LEGALLY PRIVILEGED – not to be circulated] The advice is this.\nMore advice.\n")
    ]


def test_note_about_this_paragraph_covers_this_paragraph_and_its_comment() -> None:
    found = texts(
        "[School asks that this paragraph be withheld from mum.] He said so.",
        (Role.COMMENT, "Should this be here?"),
        "Open.",
    )
    assert found == [
        (
            Audience.WITHHELD,
            "[School asks that this paragraph be withheld from mum.] He said so.\nShould this be here?\n",
        )
    ]


def test_mail_with_privileged_subject_ends_at_the_next_mail() -> None:
    found = texts(
        "From: One Person", "Subject: FW: children – LEGAL ADVICE – PRIVILEGED", "My advice is no.",
        "From: Another Person", "Subject: RE: visit", "Hello.",
        kind=Kind.EMAIL,
    )  # fmt: skip
    assert found == [
        (Audience.PRIVILEGED, "From: One Person\nSubject: FW: children – LEGAL ADVICE – PRIVILEGED\nMy advice is no.\n")
    ]


def test_plain_text_headings_in_capitals_open_and_end() -> None:
    found = texts(
        "3. SCHOOL", "Open.", "4. CLOSED SESSION", "Secret words here.", "5. DECISION", "Open.", kind=Kind.TEXT
    )
    assert found == [(Audience.CLOSED, "4. CLOSED SESSION\nSecret words here.\n")]


@pytest.mark.parametrize(
    ("note", "audience"),
    [
        ("*** SENSITIVE ENTRY – third party. NOT TO BE SHARED WITH FAMILY ***", Audience.WITHHELD),
        ("Please treat what follows as restricted: it must not go to father.", Audience.WITHHELD),
        ("The nursery has asked that the following is not passed to either parent.", Audience.WITHHELD),
        ("N0T F0R C0PY T0 PARENTS", Audience.WITHHELD),
        ("Professionals only", Audience.CLOSED),
        ("Mum and her sister were asked to step out so that professionals could speak.", Audience.CLOSED),
        ("Legally privileged – counsel's view", Audience.PRIVILEGED),
        ("Sesiwn gaeedig", Audience.CLOSED),
        ("Please keep the next bit off the version that goes home.", Audience.WITHHELD),
        ("The following was said by the grandmother on condition that it goes no further.", Audience.WITHHELD),
        ("Agencies to note: do not discuss the next item with the family.", Audience.WITHHELD),
        ("!! HIDDEN ENTRY - do not print !!", Audience.WITHHELD),
    ],
)
def test_a_paragraph_can_announce_a_restricted_part_itself(note: str, audience: Audience) -> None:
    found = texts("Open.", note, "Secret words.", (HEADING, "Decision"), "Open.")
    assert found == [(audience, f"{note}\nSecret words.\n")]


def test_a_note_in_a_log_reaches_over_one_entry() -> None:
    found = texts(
        "01/03/24 Visit, all well.",
        "*** NOT TO BE SHARED WITH FAMILY ***",
        "02/03/24 Call from a sister in law.",
        "She is afraid.",
        "03/03/24 Clinic.",
    )
    assert found == [
        (
            Audience.WITHHELD,
            "*** NOT TO BE SHARED WITH FAMILY ***\n02/03/24 Call from a sister in law.\nShe is afraid.\n",
        )
    ]


def test_a_note_in_quoted_mail_ends_with_the_quotation() -> None:
    found = texts(
        "> Hello.", "> Please treat what follows as restricted.", "> The cleaner told me.", "Thanks.", kind=Kind.EMAIL
    )
    assert found == [(Audience.WITHHELD, "> Please treat what follows as restricted.\n> The cleaner told me.\n")]


def test_a_note_in_a_letter_ends_at_the_sign_off() -> None:
    found = texts("Dear Ms Bell,", "NOT FOR DISCLOSURE TO PARENTS", "The aunt told me.", "Yours sincerely,", "Dr Low")
    assert found == [(Audience.WITHHELD, "NOT FOR DISCLOSURE TO PARENTS\nThe aunt told me.\n")]


def test_a_note_in_a_cell_reaches_over_its_row() -> None:
    found = texts(
        [
            ["Date", "Event"],
            ["3 May", "[Not to be shared with father] The aunt told me."],
            ["4 May", "Visit."],
        ]
    )
    assert found == [(Audience.WITHHELD, "[Not to be shared with father] The aunt told me.")]


def test_a_column_can_keep_rows_from_the_family() -> None:
    found = texts(
        [["Date", "Event", "Share with family?"], ["3 May", "The aunt told me.", "No"], ["4 May", "Visit.", "Yes"]]
    )
    assert found == [(Audience.WITHHELD, "3 May\tThe aunt told me.\tNo\n")]


def test_a_bracketed_note_inside_a_paragraph_covers_what_it_holds() -> None:
    note = (
        "[Not to be shared with family: the neighbour, Mrs Holt of number 9, told us that she heard it again and again]"
    )
    (section,) = texts(f"Mum agreed. {note} She will ring.")
    assert section == (Audience.WITHHELD, note)


def test_words_that_end_a_part_inside_a_paragraph_leave_what_stands_before_them_restricted() -> None:
    found = texts((HEADING, "4. Closed session"), "The caller was Mrs Holt. The parents rejoined at 11.40.", "Open.")
    assert found == [(Audience.CLOSED, "4. Closed session\nThe caller was Mrs Holt. ")]


def test_headings_before_the_family_comes_back_stand_in_the_closed_part() -> None:
    found = texts(
        (HEADING, "4. Closed session"),
        "Secret.",
        (HEADING, "Police"),
        "More secret.",
        "The parents rejoined the meeting.",
        "Open.",
    )
    assert found == [(Audience.CLOSED, "4. Closed session\nSecret.\nPolice\nMore secret.\n")]


def test_somebody_who_came_home_ends_nothing() -> None:
    found = texts((HEADING, "4. Closed session"), "Mother returned home on Friday.", "Secret.", (HEADING, "5. Plan"))
    assert found == [(Audience.CLOSED, "4. Closed session\nMother returned home on Friday.\nSecret.\n")]


def test_the_family_that_left_and_came_back_missed_what_stands_between() -> None:
    found = texts("Open.", "The parents left the meeting.", "Secret.", "The parents rejoined the meeting.", "Open.")
    assert found == [(Audience.CLOSED, "The parents left the meeting.\nSecret.\n")]


def test_a_comment_can_keep_its_paragraph_back() -> None:
    found = texts("Open.", "The aunt told me.", (Role.COMMENT, "This paragraph is not to be shared with mum."), "Open.")
    assert found == [(Audience.WITHHELD, "The aunt told me.\nThis paragraph is not to be shared with mum.\n")]


@pytest.mark.parametrize(
    "line",
    [
        "DISCLAIMER This e-mail may be confidential or privileged. If you are not the addressee delete it.",
        "Mum left the room in tears at this point.",
        "Dad wants this to be over and not to go on.",
        "Confidential discussions took place at the school.",
        "This record is confidential and must not be shared without the consent of the Chair.",
        "These minutes are for your use and must not be copied.",
        "This was not shared with mum at the time.",
        "Staff should not share personal numbers with children.",
        "The children must not be left with dad.",
        "No closed session was held.",
        "The chair explained that minutes must not be passed on without permission.",
        "She said the matter was not to be discussed with her mother.",
        "He asked for legal advice about contact.",
        "Dad withheld consent for the assessment.",
        "The social worker sought legal advice and this was shared with the parents.",
    ],
)
def test_ordinary_sentences_open_nothing(line: str) -> None:
    assert texts((HEADING, "2. Discussion"), line, "More.") == []


@pytest.mark.parametrize("title", ["Strategy Meeting Record (s47)", "EFH Tactical Meeting Minutes"])
def test_whole_strategy_and_tactical_records_are_not_dropped_as_sections(title: str) -> None:
    assert texts((HEADING, title), "Open.", (HEADING, "1. Present"), "Some people.") == []


def test_page_headers_and_properties_never_belong_to_a_section() -> None:
    found = texts((HEADING, "9. Closed session"), "Secret.", (Role.METADATA, "Minutes of a meeting"))
    assert found == [(Audience.CLOSED, "9. Closed session\nSecret.\n")]


def test_marks_of_the_case_file_are_taken_as_they_are() -> None:
    case = Case(sections=(MarkedRegion("Aunt says", "to know it.", Audience.WITHHELD, "school"),))
    found = texts("Open.", "Aunt  says much", "and wants nobody to know it. Open.", case=case)
    assert found == [(Audience.WITHHELD, "Aunt  says much\nand wants nobody to know it.")]


def test_who_asked_and_from_whom_it_is_withheld() -> None:
    case = Case(people=(Person(PersonId("p5"), "Tanvir Ahmed"), Person(PersonId("p6"), "Rina Begum")))
    doc = document((HEADING, "Withheld at the request of the police from Tanvir"), "Secret.")
    (section,) = find(doc, case)
    assert (section.withheld_by, section.withheld_from) == ("police", (PersonId("p5"),))


def test_sections_are_sorted_and_disjoint() -> None:
    doc = document(
        (HEADING, "1. Closed session"),
        "A.",
        (HEADING, "2. Legal advice – privileged"),
        "B.",
        (HEADING, "3. Open"),
        "C.",
    )
    sections = find(doc, Case())
    assert [each.audience for each in sections] == [Audience.CLOSED, Audience.PRIVILEGED]
    assert sections[0].span.end == sections[1].span.start


@pytest.mark.parametrize(
    "heading",
    [
        "Confidentiality statement",
        "Private fostering",
        "School – no concerns",
        "No information to share from police",
        "Child's views not obtained",
        "Contact with father",
        "Closed cases",
    ],
)
def test_ordinary_headings_open_nothing(heading: str) -> None:
    assert texts((HEADING, "1. Present"), "A.", "B.", "C.", (HEADING, heading), "Open.") == []


@pytest.mark.parametrize(
    ("note", "audience"),
    [
        ("Parents to leave at this stage.", Audience.CLOSED),
        ("[The father was asked to wait in reception for this part]", Audience.CLOSED),
        ("The family were not in the room for the discussion recorded below.", Audience.CLOSED),
        ("Mr Hall had been excluded from the conference; agencies then shared:", Audience.CLOSED),
        ("Panel members' private deliberation", Audience.CLOSED),
        ("Pre-meeting of professionals", Audience.CLOSED),
        ("Gadawodd y teulu yr ystafell.", Audience.CLOSED),
        ("(not for father)", Audience.WITHHELD),
        ("(Mum doesn't know this)", Audience.WITHHELD),
        ("Redact before disclosure:", Audience.WITHHELD),
        ("Info from a neighbour, who is scared of reprisals - keep from family", Audience.WITHHELD),
        ("Health have asked us not to tell dad about this.", Audience.WITHHELD),
        ("Given on the basis that it is not passed on to the patient's partner.", Audience.WITHHELD),
        ("This next part is just for us.", Audience.WITHHELD),
        ("Nid yw'r wybodaeth hon i'w rhannu gyda'r teulu.", Audience.WITHHELD),
        ("The local authority solicitor advised (privileged):", Audience.PRIVILEGED),
    ],
)
def test_short_paragraph_that_keeps_something_from_somebody_opens(note: str, audience: Audience) -> None:
    found = texts((HEADING, "3. School"), "Open words.", note, "Secret words.", (HEADING, "5. Decision"), "Open again.")
    assert found == [(audience, f"{note}\nSecret words.\n")]


@pytest.mark.parametrize(
    "line",
    [
        "The school will not disclose marks until July.",
        "Dad's contact is restricted to Saturdays.",
        "Parents were asked to leave shoes at the door.",
        "Tell the teacher: show her, do not tell her.",
        "See separate confidential sheet held by the head.",
        "Notes not shown in the table",
        "She was told not to share passwords.",
        "Father left the meeting early for work.",
    ],
)
def test_short_paragraph_of_the_story_opens_nothing(line: str) -> None:
    assert texts((HEADING, "3. School"), "Open.", line, "More.") == []


def test_a_long_paragraph_that_claims_privilege_goes_alone() -> None:
    note = (
        "Attendance note, counsel seen: subject to legal professional privilege, detach before copying. "
        "Counsel's view is that our prospects are good and that the other side will not call the expert "
        "before the hearing in spring, so that nothing is lost by waiting until then."
    )
    assert texts("Open.", note, "Open again.") == [(Audience.PRIVILEGED, f"{note}\n")]


def test_a_note_before_a_quoted_mail_is_about_that_mail() -> None:
    note, secret = (
        "*** SOURCE – NOT TO BE SHARED WITH TENANT ***",
        ("From: somebody", "To: Enquiries", "Dear Sirs, it was I."),
    )
    found = texts("Open.", note, *secret, "________________", "From: another", "Open again.")
    assert found == [(Audience.WITHHELD, "\n".join((note, *secret)) + "\n")]


def test_first_words_of_a_mail_keep_its_head_back_too() -> None:
    mail = (
        "From: Legal Services",
        "To: the manager",
        "LEGAL ADVICE – PRIVILEGED & CONFIDENTIAL",
        "The claim would fail.",
    )
    found = texts("Open.", *mail, "________________", "From: another", "Open again.")
    assert found == [(Audience.PRIVILEGED, "\n".join(mail) + "\n")]


def test_a_cell_that_says_withheld_says_so_of_its_row_only() -> None:
    assert texts("Open.", [["Name", "Address"], ["Mother", "withheld"], ["Aunt", "known"]], "More.") == []


@pytest.mark.parametrize(
    ("note", "audience"),
    [
        ("Agencies met alone after the conference.", Audience.CLOSED),
        ("In the parents' absence:", Audience.CLOSED),
        ("Applicants left the room; panel considered.", Audience.CLOSED),
        ("-- closed --", Audience.CLOSED),
        ("Do not feed back to mum.", Audience.WITHHELD),
        ("Parents unaware of the below", Audience.WITHHELD),
        ("SENSITIVE – third party", Audience.WITHHELD),
        ("The source wishes to remain anonymous:", Audience.WITHHELD),
        ("Held back from parents pending police advice", Audience.WITHHELD),
        ("Not to form part of the bundle", Audience.WITHHELD),
        ("School to keep this note off the child's file", Audience.WITHHELD),
        ("Legal advice (LPP)", Audience.PRIVILEGED),
        ("Counsel's note", Audience.PRIVILEGED),
    ],
)
@pytest.mark.parametrize("as_heading", [True, False])
def test_many_ways_to_keep_something_back(note: str, audience: Audience, as_heading: bool) -> None:
    opened = (HEADING, note) if as_heading else note
    found = texts(
        (HEADING, "3. School"), "Open.", "More.", "Open.", opened, "Secret words.", (HEADING, "5. Plan"), "Open."
    )
    assert found == [(audience, f"{note}\nSecret words.\n")]
