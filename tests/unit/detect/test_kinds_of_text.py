"""One test for each class of miss and of needless loss: nicknames, shouted logs, small letters, numbers told aloud.

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason).
"""

from __future__ import annotations

import pytest

from redactor.detect import Detector, find, load
from redactor.model import Case, Document, Kind, Label
from tests.unit.detect.texts import document


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load()


def hidden(detector: Detector, *lines: str, kind: Kind = Kind.DOCX, labels: frozenset[Label] = frozenset()) -> str:
    """The document with every finding as one stroke for each of its characters."""
    doc = document(*lines, kind=kind)
    text = list(doc.text)
    for each in find(doc, Case(), detector):
        if not labels or each.label in labels:
            text[each.span.start : each.span.end] = "█" * len(each.span)
    return "".join(text)


def people(detector: Detector, doc: Document) -> set[str]:
    return {doc.text[e.span.start : e.span.end] for e in find(doc, Case(), detector) if e.label is Label.PERSON}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ('He is known on the estate as "Shadow" and denies it.', "Shadow"),
        ('Her cousins call her "Small Fry" at home.', "Small Fry"),
        ("The older lads are 'Long Man', Yungstar and 3Tone.", "Long Man"),
        ("Street name: Wisps", "Wisps"),
        ("The contact saved as Plug was rung twice.", "Plug"),
        ("Everyone on the landing knows her as Mama B.", "Mama B"),
        ('The lodger is "Nails" Rafferty of no fixed abode.', "Nails"),
    ],
)
def test_what_people_go_by(detector: Detector, sentence: str, name: str) -> None:
    assert name not in hidden(detector, sentence)


@pytest.mark.parametrize(
    ("line", "name", "kept"),
    [
        ("4. UNIT MADE UP OF PC 2217 MAY AND PC LAW DEPLOYED TO THE SCENE", "MAY", "DEPLOYED"),
        ("6. SGT NOWAKOWSKI REVIEWED THE LOG AND CLOSED IT", "NOWAKOWSKI", "REVIEWED"),
        ("7. MALE LEFT IN GREY VAUX CORSA BEFORE UNIT ARRIVED", "\0", "GREY VAUX CORSA"),
    ],
)
def test_logs_all_in_capitals(detector: Detector, line: str, name: str, kept: str) -> None:
    text = hidden(detector, line)
    assert name not in text
    assert kept in text


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("will is the head here and will's office is upstairs.", " is the head here and "),
        ("our ta bev told me at break.", "told me at break"),
        ("will you ring me? it will help and we will see.", "will you ring me? it will help and we will see"),
        ("a will is a paper; his free will is his own.", "a will is a paper; his free will is his own"),
        ("to be frank it was a very bright day.", "to be frank it was a very bright day"),
    ],
)
def test_names_that_are_verbs_and_adjectives_in_small_letters(detector: Detector, sentence: str, left: str) -> None:
    text = hidden(detector, sentence, labels=frozenset({Label.PERSON}))
    assert left in text
    assert not text.startswith("will is")
    assert "bev" not in text


@pytest.mark.parametrize(
    "said",
    [
        "My number is oh one six three two, nine hundred, double oh four.",
        "She was born on the third of May two thousand and eleven.",
        "His car ends K L P I think.",
        "The email is sol dot b at letterbox dot example thanks.",
        "The postcode is S P 4, 7 J Q.",
        "National insurance Q Q 12 34 56 C.",
        "i dont know the postcode but its bh15 i think",
    ],
)
def test_what_is_spoken_or_spelt_aloud(detector: Detector, said: str) -> None:
    text = hidden(detector, said)
    for told in (
        "double",
        "nine hundred",
        "third",
        "eleven",
        "K L P",
        "sol",
        "letterbox",
        "S P",
        "7 J",
        "12 34",
        "bh15",
    ):
        assert told not in text


@pytest.mark.parametrize(
    "sentence",
    [
        "The Guthrie test was done; Barlow and Ortolani negative.",
        "Attachment (Bowlby) and the Laming report were discussed.",
        "An Osman warning and the Philomena Protocol were considered. Clare's Law was explained.",
        "The FSW, the LADO and the GCS were noted; MISPER closed.",
        "Handed to EDT and OOH. Duty Desk updated. Transport Desk rang.",
        "He left in a silver Golf.",
        "B. Background",
        "C. Threshold",
        "The appointment is in 14 weeks; the wait was 61 weeks.",
        "Summer term starts soon; he likes Maths and Art.",
    ],
)
def test_words_of_the_trade_stay(detector: Detector, sentence: str) -> None:
    assert "█" not in hidden(detector, sentence)


def test_colours_that_rate_a_risk_stay(detector: Detector) -> None:
    rows = "Area\tRating\nHome\tAmber\nSchool\tGreen\nHealth\tRed\n"
    assert people(detector, document(rows)) == set()


def test_a_job_title_is_no_part_of_the_name_before_it(detector: Detector) -> None:
    doc = document("Yours sincerely, Dr P K Venkataraman Consultant Paediatrician.", "S. Achterberg SCPHN was present.")
    assert people(detector, doc) == {"P K Venkataraman", "S. Achterberg"}


def test_initials_with_stops_and_of_scottish_names(detector: Detector) -> None:
    doc = document("Present: Fiona McAskill and Olu Bright.", "O.B.: threshold met.", "Typed by FMcA on Friday.")
    text = list(doc.text)
    for each in find(doc, Case(), detector):
        text[each.span.start : each.span.end] = "█" * len(each.span)
    assert "FMcA" not in "".join(text)
    assert "O." not in "".join(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Single Front Door Hub (SFDH) took the call; SFDH agreed.",
        "The PQX was sent. A PQX form was filled in.",
        "Amma said that Abba and Hooyo were cross; Tata too.",
        "S. Modern Slavery Act applies.",
    ],
)
def test_spelt_out_abbreviations_and_kin_words_of_other_tongues_stay(detector: Detector, sentence: str) -> None:
    assert not people(detector, document(sentence))


def test_initials_as_school_records_shorten_them(detector: Detector) -> None:
    rows = [["When", "What happened", "By"], ["Mon", "Seen at the gate", "OWO"], ["Tue", "Rang home", "SBR"]]
    doc = document("Staff: Oliver Wood, Shanice Brown.", rows)
    assert {"OWO", "SBR"} <= people(detector, doc)


def test_all_names_of_a_titled_person_in_capitals_go(detector: Detector) -> None:
    text = hidden(detector, "7. UNIT SPOKE WITH MRS PENNY BANKS AT HER DOOR AND RESUMED PATROL")
    assert "PENNY" not in text
    assert "BANKS" not in text
    assert "RESUMED PATROL" in text


def test_places_in_small_letters(detector: Detector) -> None:
    text = hidden(detector, "he is in aldershot now, used to be on tanner lane. she went down the main road to school.")
    assert "aldershot" not in text
    assert "tanner lane" not in text
    assert "down the main road to school" in text


def test_letters_that_speak_line_after_line(detector: Detector) -> None:
    lines = ("K: My brother.", "SNZ: And then?", "K: Nothing.", "SNZ: Who was there?", "K: Don't know.", "SNZ: I see.")
    assert people(detector, document("\n".join(lines))) == {"K", "SNZ"}
    questions = ("Q: Who came?", "A: My aunt.", "Q: When?", "A: Late.", "Q: Why?", "A: To see us.")
    assert people(detector, document("\n".join(questions))) == set()


def test_signed_with_a_letter_and_families_in_the_plural(detector: Detector) -> None:
    doc = document("Mrs Dance fosters two boys. He stays with the Dances until then.", "I will ring. Thanks, P")
    assert {"Dance", "Dances", "P"} <= people(detector, doc)


def test_tags_lists_of_given_names_and_pupils_are_not_run_together(detector: Detector) -> None:
    assert "Tiana" in people(detector, document("MARAC list: CH Tiana and her aunt Chloe Hall (CH)."))
    doc = document("I saw Amari at Brook Mead Academy at lunch.")
    assert "Amari" in people(detector, doc)


def test_numbers_broken_over_the_ends_of_lines(detector: Detector) -> None:
    lines = (
        "The child's number with the health service is 999 123",
        "4561 and the mother can always be reached on 07700",
        "900 118 in the evening. The family live near to DT4",
        "9QX with an aunt who has a key to the front door.",
    )
    text = hidden(detector, *lines, kind=Kind.PDF)
    for told in ("4561", "07700", "900 118", "9QX"):
        assert told not in text


def test_initials_after_the_time_of_an_entry(detector: Detector) -> None:
    doc = document("Reported by T. Adeyemi-Clarke.", "13/03/25 08:50 TAC - welfare check, toast given.")
    assert "TAC" in people(detector, doc)


def test_what_somebody_speaks_tells_no_origin(detector: Detector) -> None:
    text = hidden(detector, "She speaks Tigrinya at home and an Urdu interpreter was booked. The family are Polish.")
    assert "speaks Tigrinya at home and an Urdu interpreter" in text
    assert "Polish" not in text


def test_headings_in_words_of_their_own(detector: Detector) -> None:
    rows = [["Who lives here?", "When born", "How to reach them"], ["Talent", "?1990", "01632 960009"]]
    labels = {each.label for each in find(document(rows), Case(), detector)}
    assert {Label.DOB, Label.PHONE} <= labels
