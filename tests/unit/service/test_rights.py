"""Issue 6.6: breaches with the 72-hour clock, subject access across cases, registers, printed copies, who saw what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from redactor.access import AccountRole, Actor
from redactor.errors import AccessRefused, BadArguments, Conflict
from redactor.model import Case, Person, PersonId, Relation
from redactor.policy.processing import load_activities
from redactor.policy.retention import load_retention
from redactor.policy.shelf import shipped_profiles
from redactor.service.breaches import NOTICE_TIME, Facts
from redactor.service.printed import Settled
from redactor.service.subject_access import Asked, Consent, Outcome, ThirdPartyTest, a_month_after
from redactor.store.database import reading
from redactor.store.records import audit_event
from tests.unit.service.conftest import MORNING, TEXT, House
from tests.unit.service.test_journey import ready

HOME = "192.0.2.1"
SECRET = "A letter to the mother went to the wrong house."


@pytest.fixture
def officer(house: House) -> Actor:
    return house.join(house.people["admin"], "officer", AccountRole.INFORMATION_OFFICER)


def weighed(case: str, **values: object) -> ThirdPartyTest:
    usual = {"information": "Where they live", "consent": Consent.REFUSED, "outcome": Outcome.WITHHOLD,
             "because": "They are afraid of the person who asks."}  # fmt: skip
    return ThirdPartyTest(case, "Testperson Delta", **{**usual, **values})  # type: ignore[arg-type]


def test_a_breach_shows_its_clock_and_what_each_copy_went_through(house: House, officer: Actor) -> None:
    release = ready(house)
    chair, breaches, portal = house.people["chair"], house.service.breaches, house.service.portal
    case = house.service.releases.open(chair, release).case
    token = house.service.releases.link(chair, release)
    portal.accept(token, portal.arrive(token, HOME).agreement.number, "Testperson Delta", HOME)
    portal.download(token, HOME)
    (trace,) = breaches.copies(chair, case)
    assert trace.reader == "Testperson Delta"
    assert {look.what for look in trace.sightings} == {"Opened the link", "Fetched the file"}
    aware = house.clock.now()
    made = breaches.report(chair, case, aware, Facts(SECRET, copies=(release,)))
    assert breaches.open(officer, made).due_at == aware + timedelta(hours=72)
    house.clock.move(timedelta(hours=71))
    assert breaches.open(officer, made).in_time
    house.clock.move(timedelta(hours=2))
    late = breaches.open(chair, made)
    assert not late.in_time
    assert late.hours_left == -1
    with pytest.raises(BadArguments):
        breaches.amend(chair, made, Facts(SECRET), house.clock.now())
    breaches.amend(officer, made, Facts(SECRET, late_because="Found on Monday."), house.clock.now())
    assert [each.id for each in breaches.all(officer)] == [made]
    assert not breaches.open(chair, made).in_time


def test_a_breach_is_of_its_case_and_of_no_stranger(house: House, officer: Actor) -> None:
    release, other = ready(house), house.case()
    chair, breaches = house.people["chair"], house.service.breaches
    case = house.service.releases.open(chair, release).case
    with pytest.raises(BadArguments):
        breaches.report(chair, other, house.clock.now(), Facts(SECRET, copies=(release,)))
    with pytest.raises(BadArguments):
        breaches.report(chair, case, house.clock.now() + timedelta(minutes=1), Facts(SECRET))
    made = breaches.report(chair, case, house.clock.now(), Facts(SECRET))
    for attempt in (
        lambda: breaches.open(house.people["stranger"], made),
        lambda: breaches.copies(house.people["stranger"], case),
        lambda: breaches.all(chair),
        lambda: house.service.cases.open(officer, case),
    ):
        with pytest.raises(AccessRefused):
            attempt()
    house.service.cases.set_restricted(chair, case, True)
    assert breaches.open(officer, made).facts.happened == SECRET


def test_what_is_written_down_is_sealed_and_never_on_the_chain(house: House, officer: Actor) -> None:
    case = house.case()
    house.service.breaches.report(house.people["chair"], case, house.clock.now(), Facts(SECRET))
    asked = Asked(("Testperson Alpha",), "", "Seen with a passport.")
    made = house.service.subject_access.begin(officer, asked, house.clock.now())
    house.service.subject_access.weigh(officer, made, weighed(case))
    with reading(house.service.base.engine) as connection:
        events = "".join(map(str, connection.execute(select(audit_event)).all()))
    stored = b"".join(path.read_bytes() for path in house.settings.data.rglob("*.sqlite*"))
    for word in ("letter", "Testperson", "afraid", "passport"):
        assert word not in events
        assert word.encode() not in stored or house.settings.database_url is not None


def test_one_person_is_found_in_every_case_and_a_restricted_one_only_says_whom_to_ask(
    house: House, officer: Actor
) -> None:
    chair, cases, uses = house.people["chair"], house.service.cases, house.service.subject_access
    registered = cases.create(
        chair, "First", Case(people=(Person(PersonId("p1"), "Ermintrude Sample", Relation.PARENT, aliases=("Trudy",)),
                                     Person(PersonId("p2"), "Testperson Beta", Relation.REFERRER)))
    )  # fmt: skip
    mentioned = cases.create(chair, "Second", Case())
    house.service.documents.upload(
        chair, mentioned, "a.txt", b"Then Trudy rang. TRUDY  came. Untrudyness is not meant."
    )
    closed = cases.create(chair, "Third", Case(people=(Person(PersonId("p1"), "Sample Ermintrude", Relation.FAMILY),)),
                          restricted=True)  # fmt: skip
    house.service.cases.create(chair, "Fourth", Case(people=(Person(PersonId("p1"), "Dougal", Relation.PARENT),)))
    house.run()
    made = uses.begin(officer, Asked(("Ermintrude Sampel", "Trudy"), "", "Passport."), house.clock.now())
    hits = {hit.case: hit for hit in uses.search(officer, made)}
    assert set(hits) == {registered, mentioned, closed}
    assert [person.name for person in hits[registered].others] == ["Testperson Beta"]
    assert [one.times for one in hits[mentioned].mentions] == [2]
    shut = hits[closed]
    assert (shut.title, shut.registered, shut.others, shut.mentions) == ("", (), (), ())
    assert shut.ask == ("Person chair",)
    assert shut.found == 1
    for nobody in (chair, house.people["admin"], house.people["stranger"]):
        with pytest.raises(AccessRefused):
            uses.search(nobody, made)


def test_the_third_party_test_is_kept_and_its_rules_hold(house: House, officer: Actor) -> None:
    case, uses = house.case(), house.service.subject_access
    made = uses.begin(officer, Asked(("Testperson Alpha",), "", "Passport."), house.clock.now())
    for wrong in (
        weighed(case, because=" "),
        weighed(case, outcome=Outcome.DISCLOSE, consent=Consent.GIVEN, harm=True),
        weighed(case, outcome=Outcome.DISCLOSE, consent=Consent.NOT_ASKED),
    ):
        with pytest.raises(BadArguments):
            uses.weigh(officer, made, wrong)
    uses.weigh(officer, made, weighed(case))
    uses.weigh(officer, made, weighed(case, outcome=Outcome.REDACT, because="The role is enough."))
    (kept,) = uses.open(officer, made).asked.tests
    assert (kept.outcome, kept.by, kept.at) == (Outcome.REDACT, officer.account, house.clock.now())
    uses.close(officer, made, "Copy sent.")
    with pytest.raises(Conflict):
        uses.weigh(officer, made, weighed(case))


@pytest.mark.parametrize(
    ("received", "due"),
    [((2026, 1, 31), (2026, 2, 28)), ((2026, 12, 3), (2027, 1, 3)), ((2028, 1, 30), (2028, 2, 29))],
)
def test_a_month_is_a_calendar_month(received: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    assert a_month_after(datetime(*received, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def test_printed_copies_are_numbered_and_each_is_settled_once(house: House) -> None:
    release, chair, printed = ready(house), house.people["chair"], house.service.printed
    case = house.service.releases.open(chair, release).case
    assert [printed.hand_out(chair, release, name) for name in ("Somebody, school", "Another, police")] == [1, 2]
    assert printed.out(chair, case) == {release: 2}
    printed.settle(chair, release, 1, Settled.RETURNED)
    for number in (1, 3):
        with pytest.raises(Conflict):
            printed.settle(chair, release, number, Settled.DESTROYED)
    assert [one.settled for one in printed.sheet(chair, release)] == [Settled.RETURNED, Settled.OUT]
    house.service.retention.destroy_document(chair, house.service.documents.list(chair, case)[0].id)
    assert [one.holder for one in printed.sheet(chair, release)] == ["", ""]


def test_who_saw_which_version_names_colleagues_and_copies(house: House) -> None:
    release, chair = ready(house), house.people["chair"]
    case = house.service.releases.open(chair, release).case
    (document,) = house.service.documents.list(chair, case)
    house.service.documents.reading(house.people["second"], document.versions[0].id)
    second = house.service.documents.upload(chair, case, "again.txt", TEXT.encode(), into=document.id)
    house.run()
    house.service.documents.original(chair, second)
    token = house.service.releases.link(chair, release)
    house.service.portal.arrive(token, HOME)
    rows = house.service.sightings.of_document(chair, document.id)
    assert ("Read the text", "Person second", 1, 0) in {(row.what, row.who, row.version, row.copy) for row in rows}
    assert ("Fetched the upload", "Person chair", 2, 0) in {(row.what, row.who, row.version, row.copy) for row in rows}
    assert ("Opened the link", "", 1, 1) in {(row.what, row.who, row.version, row.copy) for row in rows}


def test_the_registers_say_what_went_out_and_what_ended(house: House, officer: Actor) -> None:
    release, chair, register = ready(house), house.people["chair"], house.service.register
    case = house.service.releases.open(chair, release).case
    records = {record.activity: record for record in register.activities(officer)}
    (out,) = records["family_copy"].disclosures
    assert (out.copies, records["court_bundle"].disclosures) == (1, ())
    house.service.cases.close(chair, case)
    (kept,) = register.kept(officer)
    assert kept.ends_at == house.clock.now() + timedelta(days=load_retention().classes["standard"].case_closed)
    house.service.retention.hold(chair, case, True)
    assert register.kept(officer)[0].ends_at is None
    house.service.retention.hold(chair, case, False)
    house.clock.move(timedelta(days=400))
    house.service.retention.sweep()
    certificates = register.certificates(officer)
    assert certificates
    assert all(one.genuine() for one in certificates)
    assert register.certificate(officer, int(certificates[0].fields["number"])) == certificates[0]
    assert register.kept(officer)[0].destroyed_at is not None


def test_every_profile_has_its_record_of_processing() -> None:
    activities = load_activities().activities
    assert set(activities) == set(shipped_profiles())
    assert {each.retention for each in activities.values()} <= set(load_retention().classes)
    assert timedelta(days=3) == NOTICE_TIME
    assert MORNING.tzinfo is UTC
