"""Defends 'nothing leaks' over a case's documents: one key, sealed by itself, carried on, ended with the case."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from redactor.model import Case, Detected, Document, Kind, Person, PersonId, Relation, digest_of
from redactor.service.series import SeriesKeys
from redactor.store.database import reading
from redactor.store.records import case_file
from tests.unit.service.conftest import House

pytestmark = pytest.mark.parametrize("deployment", ["embedded", "scaled"])


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


def test_documents_that_arrive_together_never_share_a_label(house: House) -> None:
    case_id, keys = house.case(), SeriesKeys(house.service.base)
    organisation = house.people["chair"].organisation
    child = Person(PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD)
    sisters = [Person(PersonId(f"x{n}"), f"Sister{n} Vale", Relation.SIBLING) for n in range(8)]
    document, case = Document(Kind.TEXT, digest_of(b""), "", ()), Case("DC-1", (child,))

    def one_more(sister: Person) -> None:
        keys.carry_on(organisation, case_id, document, Detected((), (child, sister)), case)

    with ThreadPoolExecutor(len(sisters)) as hands:
        list(hands.map(one_more, sisters))
    with reading(house.service.base.engine) as connection:
        series = keys.present(connection, organisation, case_id)
    assert series is not None
    labels = [label for _, label in series.labels]
    assert len(labels) == len(set(labels)) == 1 + len(sisters)
