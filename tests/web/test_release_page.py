"""Promise 2: what goes to the public goes only when somebody says that the questions of an intruder were answered."""

from __future__ import annotations

from flask import Flask

from redactor.model import Reader, ReaderKind
from redactor.service.changes import Accept, Undecided
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import GATE, ready
from tests.web.conftest import signed_in

FORM = {name: str(getattr(GATE, name)) for name in GATE.__dataclass_fields__ if name != "approved_by"}


def test_a_public_copy_needs_the_answers_of_the_independent_checker(app: Flask, house: House) -> None:
    chair, second, service = house.people["chair"], house.people["second"], house.service
    first = service.releases.open(chair, ready(house))
    version = service.reviews.summary(chair, first.review).version
    case = service.cases.open(chair, first.case)
    service.cases.put_reader(chair, case.id, case.version, Reader("pub", ReaderKind.PUBLIC, None, "The public"))
    review = service.reviews.request(chair, version, "pub", "learning_review")
    house.run()
    saved = service.reviews.amend(chair, review, 1, [Accept(Undecided())])
    service.reviews.complete(chair, review, saved.head)
    service.reviews.approve(second, review, service.reviews.open(second, review).plan.digest)
    client = signed_in(app, house, "chair")
    page = client.post(f"/reviews/{review}/release", data=FORM).text
    assert "You are sending to The public" in page
    assert "Could somebody be recognised?" in page
    sent = FORM | {"step": "send", "again": "The public"}
    assert "Tick the box when the independent checker" in client.post(f"/reviews/{review}/release", data=sent).text
    assert len(service.releases.register(chair, case.id)) == 1
    answer = client.post(f"/reviews/{review}/release", data=sent | {"answered": "yes"})
    assert answer.status_code == 302
    house.run()
    assert "motivated intruder were answered" in house.machine.orders[-1].gate.notes
