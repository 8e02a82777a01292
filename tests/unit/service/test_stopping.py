"""Promise 4: a person can stop long work at any moment; it ends for good, is on the record, and can be begun again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from redactor import sandbox
from redactor.errors import Conflict, TooLarge
from redactor.jobs import JobKind
from redactor.service.states import DocumentState, ReleaseState, ReviewState
from redactor.store.database import writing
from tests.unit.service.conftest import TEXT, House
from tests.unit.service.test_journey import GATE, approved, proposed
from tests.unit.service.test_ranges import CONTENT, PAGES


def _actions(house: House, case: str) -> list[str]:
    return [event.action for event in house.service.trail.of_case(house.people["chair"], case, limit=500)]


def test_reading_that_was_stopped_has_no_effect_and_can_be_begun_again(house: House) -> None:
    chair, service, case = house.people["chair"], house.service, house.case()
    version = service.documents.upload(chair, case, "a.txt", TEXT.encode())
    claim = service.base.jobs.claim("somebody")  # at work on it already
    assert claim is not None
    service.documents.stop(chair, version)
    assert service.documents.version(chair, version).state is DocumentState.FAILED
    service.processing.run(claim, house.machine)
    assert service.documents.version(chair, version).state is DocumentState.FAILED
    assert service.documents.version(chair, version).failure == "A person stopped this work."
    assert house.run() == 0, "nobody takes it up again by itself"
    with pytest.raises(Conflict):
        service.documents.stop(chair, version)
    service.documents.retry(chair, version)
    assert house.run() == 1
    assert service.documents.version(chair, version).state is DocumentState.READ
    assert "document.stop" in _actions(house, case)


def test_a_proposal_and_a_copy_can_be_stopped(house: House) -> None:
    chair, service = house.people["chair"], house.service
    case, version, _ = proposed(house)
    review = service.reviews.request(chair, version, "r1", "learning_review")
    service.reviews.stop(chair, review)
    assert house.run() == 0
    assert service.reviews.summary(chair, review).state is ReviewState.FAILED
    service.reviews.propose_again(chair, review)
    assert house.run() == 1
    other, ended = approved(house)
    release = service.releases.send(chair, ended, GATE)
    service.releases.stop(chair, release)
    assert house.run() == 0
    assert service.releases.open(chair, release).state is ReleaseState.FAILED
    service.releases.retry(chair, release)
    assert house.run() == 1
    assert service.releases.open(chair, release).state is ReleaseState.READY
    assert {"review.stop", "release.stop"} <= {*_actions(house, case), *_actions(house, other)}


def test_the_child_that_works_for_a_stopped_job_is_ended(house: House) -> None:
    chair, service, case = house.people["chair"], house.service, house.case()
    version = service.documents.upload(chair, case, "a.txt", TEXT.encode())
    claim = service.base.jobs.claim("somebody")
    assert claim is not None
    begun = threading.Event()

    def stop() -> None:
        begun.wait()
        service.documents.stop(chair, version)

    other = threading.Thread(target=stop)
    other.start()
    with pytest.raises(TooLarge, match="The work was stopped"), service.base.jobs.held(claim, lost=sandbox.end_all):
        begun.set()
        sandbox.call("redactor.sandbox.probe:hang", b'{"seconds": 600}', {})
    other.join()


def test_the_time_left_is_told_by_the_pace_of_jobs_before(house: House) -> None:
    chair, service, case = house.people["chair"], house.service, house.case()
    jobs = service.base.jobs
    first, second = (service.documents.upload(chair, case, "a.txt", (TEXT * n).encode()) for n in (1, 2))
    claim = jobs.claim("somebody")
    assert claim is not None
    jobs.stage(claim, "reading", 0, 40)
    progress = service.documents.version(chair, first).progress
    assert progress is not None
    assert (progress.total, progress.left) == (40, None), "nothing like it was done yet"
    house.clock.move(timedelta(seconds=20))
    with writing(service.base.engine) as connection:
        jobs.finish(connection, claim)
        assert jobs.pace(connection, JobKind.READ) == 0.5
    claim = jobs.claim("somebody")
    assert claim is not None
    jobs.stage(claim, "reading", 25, 100)
    house.clock.move(timedelta(seconds=10))
    progress = service.documents.version(chair, second).progress
    assert progress is not None
    assert (progress.done, progress.total, progress.left) == (25, 100, timedelta(seconds=40))


def test_of_a_file_that_workers_share_all_pages_are_counted_and_all_ranges_stop(house: House) -> None:
    chair, service = house.people["chair"], house.service
    version = service.documents.upload(chair, house.case(), "large.pdf", CONTENT)
    for _ in range(3):  # the door, and two ranges
        claim = service.base.jobs.claim("somebody")
        assert claim is not None
        service.processing.run(claim, house.machine)
    view = service.documents.version(chair, version)
    assert view.progress is not None
    assert (view.progress.done, view.progress.total) == (2 * service.base.settings.range_pages, PAGES)
    service.documents.stop(chair, version)
    assert house.run() == 0
    service.documents.retry(chair, version)
    house.run()
    assert service.documents.version(chair, version).state is DocumentState.READ
