"""What the name model mistakes for a name, cut back. Defends the third promise: nothing is hidden without a reason."""

import pytest

from redactor.detect.candidate import Candidate
from redactor.detect.tidy import tidied
from redactor.model import Case, Label, Person, PersonId

CASE = Case(people=(Person(PersonId("p1"), "Sana Ali Turner"), Person(PersonId("p2"), "Rosie Example")))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Marcus Bell, Yewande Coker", ["Marcus Bell", "Yewande Coker"]),
        ("TROTT, Lee Michael", ["TROTT, Lee Michael"]),
        ("February Kelly-Ann", ["Kelly-Ann"]),
        ("April Jones", ["April Jones"]),
        ("Sunday Adeyemi", ["Sunday Adeyemi"]),
        ("Sunday Craig", ["Craig"]),
        ("Nana Abena", ["Abena"]),
        ("Mama G", ["Mama G"]),
        ("February", []),
        ("SALT", []),
        ("SAT", ["SAT"]),
        ("I", []),
        ("Bubbe", []),
        ("Jo", ["Jo"]),
    ],
)
def test_only_what_can_be_one_persons_name_stays(text: str, names: list[str]) -> None:
    found = tidied(text, [Candidate(0, len(text), Label.PERSON, 0.9, "model", "x")], CASE)
    assert [text[each.start : each.end] for each in found] == names


def test_initials_of_the_case_are_names_even_where_they_spell_an_abbreviation() -> None:
    case = Case(people=(Person(PersonId("p1"), "Sue Ann Lee Tew"),))
    found = tidied("SALT", [Candidate(0, 4, Label.PERSON, 0.9, "model", "x")], case)
    assert len(found) == 1
