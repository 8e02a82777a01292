"""Defends 'nothing leaks' for two readers who put their copies side by side: the sender is told in time."""

from redactor.service.changes import Accept, Undecided
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import GATE, proposed


def test_the_sender_is_told_of_copies_that_are_already_out(house: House) -> None:
    chair, second, service = house.people["chair"], house.people["second"], house.service
    _, version, first = proposed(house)
    other = service.reviews.request(chair, version, "r1", "learning_review")
    assert house.run() == 1
    saved = service.reviews.amend(chair, first, 1, [Accept(Undecided())])
    service.reviews.complete(chair, first, saved.head)
    service.reviews.approve(second, first, service.reviews.open(second, first).plan.digest)
    assert service.releases.beside(chair, other) == ()
    made = service.releases.send(chair, first, GATE)
    assert service.releases.beside(chair, other) == ()
    house.run()
    (told,) = service.releases.beside(chair, other)
    assert (told.reader, told.profile) == ("r1", "family_copy")
    assert not told.joined.tells_more
    service.releases.revoke(second, made)
    assert service.releases.beside(chair, other) == ()
    assert service.releases.risk(chair, other).checklist
