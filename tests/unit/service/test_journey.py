"""Promises 2 and 3: from upload to the recipient's download, nobody skips a step and nothing goes without approval."""

from __future__ import annotations

import pytest

from redactor.access import AccountRole
from redactor.errors import AccessRefused, Conflict, Damaged, NotCleared, NotFound, SignInRefused
from redactor.model import Action, Gate, Label, ReasonCode, Span
from redactor.service.changes import Accept, Add, AtSpan, Change, OfTerm, Reject, Undecided
from redactor.service.states import DocumentState, ReleaseState, ReviewState
from redactor.store import envelope
from tests.unit.service.conftest import TEXT, House

pytestmark = pytest.mark.parametrize("deployment", ["embedded", "scaled"])
GATE = Gate(
    route="practitioner", lawful_basis="6(1)(e)", purpose="Participation in the conference", authorised_by="The chair",
    authorised_on="2026-11-24", reference="REF-1", agreement_version="1", agreement_signed_on="2026-11-24",
    recipient_checked_by="The minute taker", approved_by="The second chair", expiry="2026-12-24",
)  # fmt: skip


def proposed(house: House) -> tuple[str, str, str]:
    case = house.case()
    version = house.service.documents.upload(house.people["chair"], case, "Testperson Alpha.txt", TEXT.encode())
    review = house.service.reviews.request(house.people["chair"], version, "r1", "family_copy")
    assert house.run() == 2
    return case, version, review


def approved(house: House) -> tuple[str, str]:
    case, _, review = proposed(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    saved = reviews.amend(chair, review, 1, [Accept(Undecided())])
    reviews.complete(chair, review, saved.head)
    digest = reviews.open(house.people["second"], review).plan.digest
    reviews.approve(house.people["second"], review, digest)
    return case, review


def ready(house: House) -> str:
    _, review = approved(house)
    release = house.service.releases.send(house.people["chair"], review, GATE)
    assert house.run() == 1
    return release


def test_upload_to_download(house: House) -> None:
    chair, portal = house.people["chair"], house.service.portal
    release = ready(house)
    assert house.service.releases.open(chair, release).state is ReleaseState.READY
    order = house.machine.orders[0]
    assert house.service.releases.take_password(chair, release) == order.password
    assert order.plan.approved_by == house.people["second"].account
    assert order.mark.reader_name == "Testperson Delta"
    assert not order.mark.draft
    token = house.service.releases.link(chair, release)
    with pytest.raises(AccessRefused):
        portal.download(token, "192.0.2.1")
    arrival = portal.arrive(token, "192.0.2.1")
    portal.accept(token, arrival.agreement.number, "Testperson Delta", "192.0.2.1")
    assert portal.download(token, "192.0.2.1").content.startswith(b"%PDF")
    with pytest.raises(SignInRefused):
        portal.download(token, "192.0.2.1")
    verdicts = house.service.trail.verify()
    assert all(verdict.passed and verdict.events > 10 for verdict in verdicts.values())


def test_the_password_is_shown_once_and_only_to_the_sender(house: House) -> None:
    release = ready(house)
    with pytest.raises(AccessRefused):
        house.service.releases.take_password(house.people["second"], release)
    house.service.releases.take_password(house.people["chair"], release)
    with pytest.raises(Conflict):
        house.service.releases.take_password(house.people["chair"], release)


def test_a_revoked_copy_cannot_be_fetched(house: House) -> None:
    release = ready(house)
    token = house.service.releases.link(house.people["chair"], release)
    house.service.releases.revoke(house.people["second"], release)
    with pytest.raises(SignInRefused):
        house.service.portal.arrive(token, "192.0.2.1")


def test_nobody_approves_their_own_work(house: House) -> None:
    _, _, review = proposed(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    saved = reviews.amend(chair, review, 1, [Accept(Undecided())])
    reviews.complete(house.people["second"], review, saved.head)
    digest = reviews.open(chair, review).plan.digest
    for name in ("chair", "second"):
        with pytest.raises(AccessRefused):
            reviews.approve(house.people[name], review, digest)


def test_a_review_with_open_questions_cannot_be_completed(house: House) -> None:
    _, _, review = proposed(house)
    with pytest.raises(NotCleared):
        house.service.reviews.complete(house.people["chair"], review, 1)


def test_no_step_can_be_skipped(house: House) -> None:
    _, _, review = proposed(house)
    view = house.service.reviews.open(house.people["second"], review)
    with pytest.raises(Conflict):
        house.service.reviews.approve(house.people["second"], review, view.plan.digest)
    with pytest.raises(Conflict):
        house.service.releases.send(house.people["chair"], review, GATE)


def test_an_incomplete_release_form_stops_the_copy(house: House) -> None:
    _, review = approved(house)
    with pytest.raises(NotCleared):
        house.service.releases.send(house.people["chair"], review, Gate())
    assert house.run() == 0


def test_changes_of_every_kind_are_counted_and_undone(house: House) -> None:
    _, _, review = proposed(house)
    reviews, chair = house.service.reviews, house.people["chair"]
    first = reviews.amend(chair, review, 1, [Reject(OfTerm("zebedee"), "His own name.")])
    assert first.counts == (2,)
    street = TEXT.index("lives")
    change = Change(AtSpan(Span(12, 22)), Action.REMOVE, ReasonCode("TP"), because="Somebody else.", replacement="")
    add = Add(Span(street, street + 5), Action.MASK, ReasonCode("TP"), "Points to a place.", Label.MANUAL)
    second = reviews.amend(chair, review, first.head, [change, add])
    assert second.counts == (1, 1)
    plan = reviews.open(chair, review).plan
    assert [d.action for d in plan.decisions][:2] == [Action.KEEP, Action.REMOVE]
    assert any(d.span == Span(street, street + 5) and d.by == chair.account for d in plan.decisions)
    back = reviews.undo(chair, review, second.head)
    assert back == first.head
    assert len(reviews.open(chair, review).plan.decisions) == len(plan.decisions) - 1
    assert reviews.redo(chair, review, back) == second.head
    assert reviews.open(chair, review).plan.digest == plan.digest


def test_two_reviewers_lose_no_work(house: House) -> None:
    _, _, review = proposed(house)
    reviews = house.service.reviews
    reviews.amend(house.people["chair"], review, 1, [Accept(AtSpan(Span(12, 22)))])
    reviews.amend(house.people["second"], review, 1, [Reject(AtSpan(Span(0, 7)))])
    plan = reviews.open(house.people["chair"], review).plan
    assert (plan.decisions[0].action, plan.decisions[1].certain) == (Action.KEEP, True)
    with pytest.raises(Conflict):
        reviews.amend(house.people["chair"], review, 1, [Change(AtSpan(Span(0, 7)), Action.REMOVE, ReasonCode("TP"))])
    assert reviews.open(house.people["chair"], review).plan == plan


def test_a_refused_upload_says_why_and_can_be_tried_again(house: House) -> None:
    case, chair = house.case(), house.people["chair"]
    house.machine.problem = Damaged("The file is broken.")
    version = house.service.documents.upload(chair, case, "a.txt", b"x")
    house.run()
    view = house.service.documents.version(chair, version)
    assert (view.state, view.failure) == (DocumentState.FAILED, "The file is broken.")
    assert view.next_step == Damaged.advice
    house.machine.problem = None
    house.service.documents.retry(chair, version)
    house.run()
    assert house.service.documents.version(chair, version).state is DocumentState.READ


def test_an_unexpected_error_is_tried_again_and_then_told_without_its_text(house: House) -> None:
    case, chair = house.case(), house.people["chair"]
    house.machine.problem = ValueError("Zebedee")
    version = house.service.documents.upload(chair, case, "a.txt", b"x")
    for _ in range(house.settings.job_attempts):
        assert house.run() == 1
        house.clock.move(house.service.base.jobs.lease)
    view = house.service.documents.version(chair, version)
    assert view.state is DocumentState.FAILED
    assert "Zebedee" not in view.failure + view.next_step


def test_destroying_a_document_ends_everything_made_from_it(house: House) -> None:
    release = ready(house)
    chair = house.people["chair"]
    token = house.service.releases.link(chair, release)
    view = house.service.releases.open(chair, release)
    document = house.service.documents.list(chair, view.case)[0]
    assert house.service.retention.destroy_document(chair, document.id) >= 6
    for attempt in (
        lambda: house.service.portal.arrive(token, "192.0.2.1"),
        lambda: house.service.documents.original(chair, document.versions[0].id),
        lambda: house.service.reviews.open(chair, view.review),
        lambda: house.service.releases.certificate(chair, release),
    ):
        with pytest.raises((NotFound, SignInRefused)):
            attempt()


def test_nothing_that_names_anybody_lies_in_clear(house: House) -> None:
    ready(house)
    planted = ("Zebedee", "Ermintrude", "Testperson", "Sample Street", "battery", *house.secrets.values())
    files = [path for place in house.places for path in place.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" or path.parent.name == "pg_wal" for path in files)
    assert any(path.read_bytes().startswith(envelope.MAGIC) for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [word for word in planted if word.encode() in content], path.name


def test_a_stranger_reaches_nothing(house: House) -> None:
    case, version, review = proposed(house)
    stranger, service = house.people["stranger"], house.service
    assert service.cases.list(stranger) == ()
    for attempt in (
        lambda: service.cases.open(stranger, case),
        lambda: service.documents.list(stranger, case),
        lambda: service.documents.upload(stranger, case, "a.txt", b"x"),
        lambda: service.documents.reading(stranger, version),
        lambda: service.documents.original(stranger, version),
        lambda: service.reviews.open(stranger, review),
        lambda: service.reviews.amend(stranger, review, 1, [Accept(Undecided())]),
        lambda: service.releases.register(stranger, case),
        lambda: service.trail.of_case(stranger, case),
        lambda: service.cases.add_member(stranger, case, stranger.account),
    ):
        with pytest.raises(AccessRefused):
            attempt()
    refused = [e for e in service.trail.of_case(house.people["chair"], case) if e.action == "access.refused"]
    assert len(refused) == 10
    assert {event.actor for event in refused} == {stranger.account}


def test_states_of_a_review_are_told_in_order(house: House) -> None:
    _, review = approved(house)
    assert house.service.reviews.summary(house.people["chair"], review).state is ReviewState.APPROVED
    house.service.reviews.send_back(house.people["chair"], review)
    summary = house.service.reviews.summary(house.people["chair"], review)
    assert (summary.state, summary.approved_by) == (ReviewState.IN_REVIEW, None)


def test_an_auditor_sees_no_document_and_no_restricted_case(house: House) -> None:
    case = house.case()
    auditor = house.join(house.people["admin"], "auditor", AccountRole.AUDITOR)
    assert house.service.trail.of_case(auditor, case)
    with pytest.raises(AccessRefused):
        house.service.documents.list(auditor, case)
    house.service.cases.set_restricted(house.people["chair"], case, True)
    with pytest.raises(AccessRefused):
        house.service.trail.of_case(auditor, case)
