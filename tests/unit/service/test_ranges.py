"""Promise 4: workers share a large file; order and result do not depend on how many they are or who falls silent."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from redactor.errors import Damaged
from redactor.jobs import Claim, JobKind
from redactor.model import digest_of
from redactor.ranges import ALL
from redactor.service.documents import reading_of
from redactor.service.states import DocumentState
from redactor.store.database import reading
from redactor.store.records import audit_event, blob, reading_range
from tests.unit.service.conftest import PAGE_END, House

PAGES = 130
CONTENT = PAGE_END.join(f"Page {n}: Zebedee met Ermintrude.\n".encode() for n in range(PAGES)) + PAGE_END


def claims(house: House, workers: int) -> list[Claim]:
    found = [house.service.base.jobs.claim(f"w{number}") for number in range(workers)]
    return [claim for claim in found if claim is not None]


def work(house: House, workers: int, dice: random.Random) -> list[JobKind]:
    """Let so many workers take jobs at once, until there are none; they end in any order."""
    kinds = []
    with ThreadPoolExecutor(workers) as pool:
        while taken := claims(house, workers):
            dice.shuffle(taken)
            list(pool.map(lambda claim: house.service.processing.run(claim, house.machine), taken))
            kinds += [claim.kind for claim in taken]
    return kinds


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_result_does_not_depend_on_how_many_workers_share_a_file(house: House, workers: int) -> None:
    version = house.service.documents.upload(house.people["chair"], house.case(), "large.pdf", CONTENT)
    kinds = work(house, workers, random.Random(workers))
    assert sorted(kinds) == sorted([JobKind.READ, *[JobKind.RANGE] * 4, JobKind.JOIN])
    view = house.service.documents.version(house.people["chair"], version)
    assert (view.state, view.pages) == (DocumentState.READ, PAGES)
    upload = house.machine.admit(CONTENT, "", None, lambda stage: None)
    with reading(house.service.base.engine) as connection:
        found = reading_of(house.service.base, connection, house.people["chair"].organisation, version)
        assert connection.execute(select(func.count()).select_from(reading_range)).scalar_one() == 0
        left = select(func.count()).where(blob.c.purpose == "reading range", blob.c.wrapped.is_not(None))
        assert connection.execute(left).scalar_one() == 0
    assert found.document == house.machine.read(upload, ALL, lambda stage: None)
    assert found.document.digest == digest_of(CONTENT)


def test_a_range_that_two_workers_read_counts_once(house: House) -> None:
    version = house.service.documents.upload(house.people["chair"], house.case(), "large.pdf", CONTENT)
    jobs, processing = house.service.base.jobs, house.service.processing
    processing.run(claims(house, 1)[0], house.machine)
    slow = claims(house, 1)[0]
    house.clock.move(jobs.lease)
    work(house, 2, random.Random(5))
    processing.run(slow, house.machine)  # it wakes when all is done
    assert house.service.documents.version(house.people["chair"], version).state is DocumentState.READ
    with reading(house.service.base.engine) as connection:
        effects = select(func.count()).where(audit_event.c.action == "document.read")
        assert connection.execute(effects).scalar_one() == 1


def test_a_range_that_cannot_be_read_fails_the_file_once_and_it_can_be_tried_again(house: House) -> None:
    chair = house.people["chair"]
    version = house.service.documents.upload(chair, house.case(), "large.pdf", CONTENT)
    house.service.processing.run(claims(house, 1)[0], house.machine)
    taken = claims(house, 2)
    house.machine.problem = Damaged("A page is broken.")
    for claim in taken:  # both fail; the file fails once
        house.service.processing.run(claim, house.machine)
    house.machine.problem = None
    work(house, 2, random.Random(6))
    view = house.service.documents.version(chair, version)
    assert (view.state, view.failure) == (DocumentState.FAILED, "A page is broken.")
    house.service.documents.retry(chair, version)
    work(house, 2, random.Random(7))
    assert house.service.documents.version(chair, version).state is DocumentState.READ


def test_a_file_destroyed_while_it_is_read_leaves_nothing(house: House) -> None:
    chair = house.people["chair"]
    house.service.documents.upload(chair, case := house.case(), "large.pdf", CONTENT)
    work_once = claims(house, 1)[0]
    house.service.processing.run(work_once, house.machine)
    house.service.processing.run(claims(house, 1)[0], house.machine)
    document = house.service.documents.list(chair, case)[0]
    assert house.service.retention.destroy_document(chair, document.id) == 2
    work(house, 2, random.Random(8))
    with reading(house.service.base.engine) as connection:
        assert connection.execute(select(func.count()).where(blob.c.wrapped.is_not(None))).scalar_one() == 0
