"""Defends 'nothing leaks' over a case's documents: one key, sealed by itself, carried on, ended with the case."""

from sqlalchemy import select

from redactor.model import Case, Detected, Document, Kind, Person, PersonId, Relation, digest_of
from redactor.service.series import SeriesKeys
from redactor.store.database import reading
from redactor.store.records import case_file
from tests.unit.service.conftest import House


def test_the_key_of_a_series_is_carried_on_and_never_lies_open(house: House) -> None:
    case_id, keys = house.case(), SeriesKeys(house.service.base)
    organisation = house.people["chair"].organisation
    child = Person(PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD)
    stranger = Person(PersonId("x1"), "Sam Tewkes", Relation.UNKNOWN)
    document, case = Document(Kind.TEXT, digest_of(b""), "", ()), Case("DC-1", (child,))
    first = keys.carry_on(organisation, case_id, document, Detected((), (child, stranger)), case)
    assert keys.carry_on(organisation, case_id, document, Detected((), (child,)), case) == first
    assert first.shift_days
    with reading(house.service.base.engine) as connection:
        sealed = connection.execute(select(case_file.c.series).where(case_file.c.id == case_id)).scalar_one()
        assert keys.present(connection, organisation, case_id) == first
    assert b"tewkes" not in sealed.lower()
