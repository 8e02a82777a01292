"""People's rights: breaches, requests for one's own data, printed copies, who saw what, and the registers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from redactor.access import Permission
from redactor.service.breaches import BreachView, CopyTrace, Facts
from redactor.service.printed import PrintedView, Settled
from redactor.service.register import Kept, ProcessingRecord
from redactor.service.sightings import Sighting
from redactor.service.subject_access import Asked, Hit, RequestView, ThirdPartyTest
from redactor.store.audit import Verdict
from redactor.web.api.operations import Made, Model, operation
from redactor.web.gate import actor, service

TAG = "Rights"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
Words = Annotated[str, StringConstraints(max_length=2000)]
Identifier = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]


class BreachFacts(Model):
    """What is written down of a breach."""

    happened: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]
    kinds: Words = ""
    people: Annotated[int, Field(ge=0, le=10**6)] = 0
    consequences: Words = ""
    measures: Words = ""
    risk: bool = True
    reference: Words = ""
    late_because: Words = ""
    people_told: Words = ""
    copies: tuple[Identifier, ...] = ()


class NewBreach(BreachFacts):
    """A breach, and when somebody first knew of it."""

    aware_at: AwareDatetime


class Breach(BreachFacts):
    """What is known of a breach now, and when the Commissioner was told."""

    told_at: AwareDatetime | None = None


class NewRequest(Model):
    """A request of somebody for their own data."""

    names: Annotated[list[Line], Field(min_length=1, max_length=10)]
    identity: Line
    requester: Words = ""
    received_at: AwareDatetime


class Weighed(Model):
    """How one third party's data was weighed."""

    test: ThirdPartyTest


class Answered(Model):
    """What was answered."""

    answer: Line


class HandedOut(Model):
    """Who has a printed copy."""

    holder: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"\S")]


class Numbered(Model):
    """A printed copy's number on its sheet."""

    number: int


class BackAgain(Model):
    """What became of a printed copy."""

    number: Annotated[int, Field(ge=1, le=10**6)]
    how: Settled


class Destruction(Model):
    """A certificate as it was signed."""

    fields: dict[str, str]
    digest: str
    signature: str
    public_key: str


@operation("GET", "/cases/<case>/breaches", Permission.BREACH_REPORT, TAG)
def list_breaches(case: str) -> tuple[BreachView, ...]:
    """List the breaches of a case, newest first."""
    return service().breaches.of_case(actor(), case)


@operation("POST", "/cases/<case>/breaches", Permission.BREACH_REPORT, TAG)
def report_breach(case: str, body: NewBreach) -> Made:
    """Write a breach down; the Commissioner's 72 hours run from when somebody knew."""
    facts = Facts(**body.model_dump(exclude={"aware_at"}))
    return Made(id=service().breaches.report(actor(), case, _utc(body.aware_at), facts))


@operation("GET", "/cases/<case>/breaches/copies", Permission.BREACH_REPORT, TAG)
def trace_copies(case: str) -> tuple[CopyTrace, ...]:
    """Return what the record says of each copy of a case: who opened it, when, and which pages."""
    return service().breaches.copies(actor(), case)


@operation("GET", "/breaches/<breach>", Permission.BREACH_REPORT, TAG)
def show_breach(breach: str) -> BreachView:
    """Show a breach with its clock."""
    return service().breaches.open(actor(), breach)


@operation("PUT", "/breaches/<breach>", Permission.BREACH_REPORT, TAG)
def amend_breach(breach: str, body: Breach) -> None:
    """Replace what is written down of a breach."""
    facts = Facts(**body.model_dump(exclude={"told_at"}))
    service().breaches.amend(actor(), breach, facts, _utc(body.told_at) if body.told_at else None)


@operation("GET", "/rights/breaches", Permission.RIGHTS_MANAGE, TAG)
def all_breaches() -> tuple[BreachView, ...]:
    """List every breach of the organisation."""
    return service().breaches.all(actor())


@operation("GET", "/rights/requests", Permission.RIGHTS_MANAGE, TAG)
def list_requests() -> tuple[RequestView, ...]:
    """List the requests for one's own data, the one due first at the head."""
    return service().subject_access.list(actor())


@operation("POST", "/rights/requests", Permission.RIGHTS_MANAGE, TAG)
def begin_request(body: NewRequest) -> Made:
    """Write a request down."""
    asked = Asked(tuple(body.names), body.requester, body.identity)
    return Made(id=service().subject_access.begin(actor(), asked, _utc(body.received_at)))


@operation("GET", "/rights/requests/<subject_request>", Permission.RIGHTS_MANAGE, TAG)
def show_request(subject_request: str) -> RequestView:
    """Show a request with its tests."""
    return service().subject_access.open(actor(), subject_request)


@operation("GET", "/rights/requests/<subject_request>/search", Permission.RIGHTS_MANAGE, TAG)
def search_request(subject_request: str) -> tuple[Hit, ...]:
    """Search every case for the person of a request; the search goes on the record."""
    return service().subject_access.search(actor(), subject_request)


@operation("POST", "/rights/requests/<subject_request>/tests", Permission.RIGHTS_MANAGE, TAG)
def weigh_third_party(subject_request: str, body: Weighed) -> None:
    """Record how one third party's data was weighed (DPA 2018 Schedule 2 paragraph 16)."""
    service().subject_access.weigh(actor(), subject_request, body.test)


@operation("POST", "/rights/requests/<subject_request>/close", Permission.RIGHTS_MANAGE, TAG)
def close_request(subject_request: str, body: Answered) -> None:
    """Close a request with what was answered."""
    service().subject_access.close(actor(), subject_request, body.answer)


@operation("GET", "/rights/retention", Permission.RIGHTS_MANAGE, TAG)
def list_retention() -> tuple[Kept, ...]:
    """List every case with its retention class and its end."""
    return service().register.kept(actor())


@operation("GET", "/rights/certificates", Permission.RIGHTS_MANAGE, TAG)
def list_certificates() -> tuple[Destruction, ...]:
    """List the certificates of what was destroyed, newest first."""
    return tuple(
        Destruction(
            fields=dict(one.fields), digest=one.digest, signature=one.signature.hex(), public_key=one.public_key.hex()
        )
        for one in service().register.certificates(actor())
    )


@operation("GET", "/rights/processing", Permission.RIGHTS_MANAGE, TAG)
def list_processing() -> tuple[ProcessingRecord, ...]:
    """Return the record of processing activities (UK GDPR Article 30)."""
    return service().register.activities(actor())


@operation("GET", "/releases/<release>/printed", Permission.RELEASE_READ, TAG)
def list_printed(release: str) -> tuple[PrintedView, ...]:
    """Return the sheet of printed copies."""
    return service().printed.sheet(actor(), release)


@operation("POST", "/releases/<release>/printed", Permission.RELEASE_SEND, TAG)
def hand_out_printed(release: str, body: HandedOut) -> Numbered:
    """Put a printed copy on the sheet and get its number."""
    return Numbered(number=service().printed.hand_out(actor(), release, body.holder))


@operation("PUT", "/releases/<release>/printed", Permission.RELEASE_SEND, TAG)
def settle_printed(release: str, body: BackAgain) -> None:
    """Write down that a printed copy came back or was destroyed."""
    service().printed.settle(actor(), release, body.number, body.how)


@operation("GET", "/documents/<document>/seen", Permission.CASE_AUDIT, TAG)
def who_saw(document: str) -> tuple[Sighting, ...]:
    """Return who saw which version of a document and its copies."""
    return service().sightings.of_document(actor(), document)


@operation("GET", "/audit/verification", Permission.AUDIT_READ, TAG)
def verify_audit() -> Verdict:
    """Walk the organisation's audit chain and say whether it holds."""
    return service().trail.verify_own(actor())


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
