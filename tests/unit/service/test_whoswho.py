"""Promise 3: the register grows from what the documents say, and every step can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from redactor.access import Actor
from redactor.errors import AccessRefused, Conflict, NotFound
from redactor.model import Case, Detected, Document, Person, PersonId, Relation
from tests.unit.service.conftest import CASE, TEXT, House


@pytest.fixture
def chair(house: House, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """The chair of a case whose document speaks of somebody whom the register does not know."""
    found = house.machine.find

    def find(document: Document, case: Case, stage: Any) -> Detected:
        known = {name for person in case.people for name in (person.name, *person.aliases)}
        fresh = Person(PersonId("x1"), "Testperson Deltaa", Relation.FAMILY, ("Dee",), why="Said to be.", mentions=3)
        people = (*case.people, fresh) if fresh.name not in known else case.people
        return replace(found(document, case, stage), people=people)

    monkeypatch.setattr(house.machine, "find", find)
    return house.people["chair"]


def _case(house: House, chair: Actor) -> str:
    case = house.case()
    house.service.documents.upload(chair, case, "a.txt", TEXT.encode())
    assert house.run() == 1
    return case


def test_a_suggested_person_is_accepted_and_the_step_undone(house: House, chair: Actor) -> None:
    case, who = _case(house, chair), house.service.who
    (suggested,) = who.suggestions(chair, case)
    assert (suggested.name, suggested.why, suggested.mentions) == ("Testperson Deltaa", "Said to be.", 3)
    assert suggested.same[0] == "p4", "the most alike comes first"
    version = who.accept(chair, case, house.service.cases.open(chair, case).version, suggested.name, Relation.FAMILY)
    view = house.service.cases.open(chair, case)
    assert (view.file.people[-1].name, view.file.people[-1].id, view.can_undo) == ("Testperson Deltaa", "p2", True)
    assert who.suggestions(chair, case) == ()
    house.service.cases.undo(chair, case, version)
    view = house.service.cases.open(chair, case)
    assert (view.file, view.can_undo) == (CASE, False)
    with pytest.raises(Conflict):
        house.service.cases.undo(chair, case, view.version)


def test_two_names_become_one_person_and_two_again(house: House, chair: Actor) -> None:
    case, who = _case(house, chair), house.service.who
    version = who.merge(chair, case, house.service.cases.open(chair, case).version, "Testperson Deltaa", "p4")
    person = house.service.cases.open(chair, case).file.person("p4")
    assert person is not None
    assert person.aliases == ("Testperson Deltaa", "Dee")
    who.split(chair, case, version, "p4", "Dee")
    file = house.service.cases.open(chair, case).file
    assert [(one.name, one.aliases) for one in file.people[-2:]] == [
        ("Testperson Delta", ("Testperson Deltaa",)),
        ("Dee", ()),
    ]


def test_nobody_else_sees_or_changes_it(house: House, chair: Actor) -> None:
    case, who = _case(house, chair), house.service.who
    with pytest.raises(AccessRefused):
        who.suggestions(house.people["stranger"], case)
    with pytest.raises(NotFound):
        who.accept(chair, case, 1, "Nobody Known", Relation.FAMILY)
