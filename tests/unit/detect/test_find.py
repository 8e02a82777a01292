"""The whole detector over documents: names in every form, structure, the register; and no socket.

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason).
"""

from __future__ import annotations

import socket
from itertools import pairwise
from typing import Any

import pytest

from redactor.detect import Detector, find, load
from redactor.model import Case, Document, Kind, Label, Person, PersonId, Relation
from tests.unit.detect.texts import document


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load()


def found(detector: Detector, doc: Document, case: Case | None = None) -> set[tuple[str, str]]:
    return {
        (each.label.value, doc.text[each.span.start : each.span.end]) for each in find(doc, case or Case(), detector)
    }


def people(detector: Detector, doc: Document, case: Case | None = None) -> set[str]:
    return {words for label, words in found(detector, doc, case) if label == "PERSON"}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Mrs Banks said that she would ring.",), "Banks"),
        (("TROTT, Lee Michael was arrested.",), "TROTT, Lee Michael"),
        (("He lives with his nan Bev in town.",), "Bev"),
        (("Mother: Shanice Okoro",), "Shanice Okoro"),
        (("Apologies: Oluwaseun Adeyemi, Health Visitor",), "Oluwaseun Adeyemi"),
        (([["Name", "Role"], ["Penny Banks", "DSL"]],), "Penny Banks"),
        (("Dear Ffion,", "Thank you for your letter of last week."), "Ffion"),
        (("Kind regards", "Priyanka Nair"), "Priyanka Nair"),
    ],
)
def test_names_told_by_what_stands_around_them(detector: Detector, lines: Any, name: str) -> None:
    assert name in people(detector, document(*lines))


def test_register_finds_every_form_of_a_name(detector: Detector) -> None:
    case = Case(
        people=(
            Person(PersonId("p1"), "Kacper Wielgosz", Relation.SUBJECT_CHILD, ("Kaz",)),
            Person(PersonId("p2"), "Fern Quill"),
        )
    )
    doc = document("Kasper's coat was torn. wielgosz came late. KW cried. Kaz ran. FQ to ring.")
    assert {"Kasper", "wielgosz", "KW", "Kaz", "FQ"} <= people(detector, doc, case)


def test_words_that_are_names_elsewhere_are_left_as_words(detector: Detector) -> None:
    case = Case(people=(Person(PersonId("p1"), "Will May"),))
    doc = document("They will meet in the hall and may come back on the day if all is well.")
    assert people(detector, doc, case) == set()


def test_name_broken_over_a_line_end_is_found_whole(detector: Detector) -> None:
    long = "The meeting heard from the allocated worker that the child called Oluwa-"
    doc = document(long, "seun had been seen at home and was well, and that the plan is to be kept.", kind=Kind.PDF)
    case = Case(people=(Person(PersonId("p1"), "Oluwaseun Adeyemi"),))
    assert any("Oluwa" in words and "seun" in words for words in people(detector, doc, case))


def test_public_bodies_are_no_findings(detector: Detector) -> None:
    doc = document("Dorset Police and Dorset Council wrote to CAFCASS and the NHS about the Core Group.")
    assert found(detector, doc) == set()


def test_findings_are_sorted_disjoint_and_the_same_each_time(detector: Detector) -> None:
    doc = document(
        "Zara Quill (DOB 02/09/2016) of 14 Nelson Close, Weymouth DT4 9QX rang 07700 900417.", "Her aunt told us."
    )
    first, second = find(doc, Case(), detector), find(doc, Case(), detector)
    assert first == second
    assert all(one.span.end <= other.span.start for one, other in pairwise(first))
    assert {Label.PERSON, Label.DOB, Label.ADDRESS, Label.PHONE} <= {each.label for each in first}


def test_nothing_in_detection_makes_a_socket(detector: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("detection tried to open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    doc = document("Write to zara.quill@school.example or see https://friends.example/zara about Zara Quill.")
    assert ("EMAIL", "zara.quill@school.example") in found(detector, doc)


def test_empty_document_has_no_findings(detector: Detector) -> None:
    assert find(document(""), Case(), detector) == ()


@pytest.mark.parametrize(
    "line",
    [
        "The Dorset Extra-Familial Harm Panel met.",
        "Swindon, Marlborough and Devizes (SMD) Council and Essex Police took part.",
        "Under the Children Act 1989 & 2004, Article 6 (1c), a child is anyone under the age of 18.",
        "Children's homes, Independent Fostering Agencies and Supported Housing Providers",
        "Content-Type: text/plain; charset=utf-8",
        "See bookmark _Hlk37946606 and {1B4E28BA-2FA1-11D2-883F-0016D3CCA427}.",
        "Saved 2024-05-01T09:12:44Z by a program",
    ],
)
def test_agencies_laws_and_what_programs_write_are_left(detector: Detector, line: str) -> None:
    kept = {words for label, words in found(detector, document(line)) if label not in {"DATE"}}
    assert kept == set()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Dywedodd Gethin ap Rhys ei fod yn iawn.", "Gethin ap Rhys"),
        ("DS Amira Law 1876 and a colleague called.", "Amira Law"),
    ],
)
def test_names_beside_unknown_words_are_whole(detector: Detector, line: str, name: str) -> None:
    assert name in people(detector, document(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Her aunt who lives next door told the worker.", "ATTRIBUTION"),
        ("One of the dinner ladies says her lad saw it.", "ATTRIBUTION"),
        ("The caller wished to remain anonymous.", "ATTRIBUTION"),
        ("He is the vicar's son.", "DESCRIPTOR"),
        ("Dad drives a cab at weekends.", "DESCRIPTOR"),
        ("It is the lad with the prosthetic leg.", "DESCRIPTOR"),
    ],
)
def test_descriptions_and_sources_are_flagged(detector: Detector, line: str, label: str) -> None:
    assert label in {kind for kind, _ in found(detector, document(line))}


@pytest.mark.parametrize(
    "line", ["Information was shared by the school nurse.", "A report was received from CAMHS in good time."]
)
def test_services_are_no_sources_to_protect(detector: Detector, line: str) -> None:
    assert "ATTRIBUTION" not in {kind for kind, _ in found(detector, document(line))}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("A boy of 15, Kyle Dale, has been charged.", "Kyle Dale"),
        ("(d) Emilija's school, St Wulfric's Primary, has no worries.", "Emilija"),
    ],
)
def test_a_name_inside_what_looks_like_a_place_is_a_name(detector: Detector, line: str, name: str) -> None:
    assert name in people(detector, document(line))


def test_slips_of_scanning_are_read_through(detector: Detector) -> None:
    doc = document(
        "C1inic 1etter about a chi1d who wi11 be seen with his fami1y on l6 October by Dr Fiona Be1lo. A11 is we11.",
    )
    found_here = found(detector, doc)
    assert ("DATE", "l6 October") in found_here
    assert ("PERSON", "Fiona Be1lo") in found_here


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("told to go straight to mr bull at once", "bull"),
        ("Jit (FSW) came with me.", "Jit"),
        ("Rosalind Page wrote it. Actions: police marker, RP.", "RP"),
        ("Martin Young was asked. Happy to discuss – MY", "MY"),
        ("printed by g bull, and mr bull signed it", "bull"),
    ],
)
def test_names_told_by_small_titles_jobs_and_signatures(detector: Detector, line: str, name: str) -> None:
    assert name in people(detector, document(line))


def test_a_letter_before_a_number_stands_for_a_known_name(detector: Detector) -> None:
    doc = document("Danylo Koval and Sofiia Koval came.", "NHS numbers: D: 999 000 0018; S: 999 000 0026")
    assert {"D", "S"} <= people(detector, doc)


@pytest.mark.parametrize("line", ["She takes Pregabalin and Quetiapine.", "Ferritin was low and impetigo was seen."])
def test_medicines_and_illnesses_are_nobody(detector: Detector, line: str) -> None:
    assert people(detector, document(line)) == set()
