"""The use cases: what people do with the service, one transaction each. docs/service.md lists them with their
permissions."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.service.accounts import Accounts
from redactor.service.agreements import Agreements
from redactor.service.base import Base
from redactor.service.breaches import Breaches
from redactor.service.cases import Cases
from redactor.service.condition import Condition
from redactor.service.correcting import Correcting
from redactor.service.documents import Documents
from redactor.service.doorway import Doorway
from redactor.service.enrolments import Enrolments
from redactor.service.entry import Entry
from redactor.service.extracting import Extracting
from redactor.service.intake import Intake
from redactor.service.likenesses import Likenesses
from redactor.service.meetings import Meetings
from redactor.service.notes import Notes
from redactor.service.passkeys import Passkeys
from redactor.service.portal import Portal
from redactor.service.printed import Printed
from redactor.service.processing import Processing
from redactor.service.recovery import Recovery
from redactor.service.register import Register
from redactor.service.releases import Releases
from redactor.service.retention import Retention
from redactor.service.reviews import Reviews
from redactor.service.sessions import Sessions
from redactor.service.sightings import Sightings
from redactor.service.signatures import Signatures
from redactor.service.single_sign_on import SingleSignOn
from redactor.service.standing import Standings
from redactor.service.subject_access import SubjectAccess
from redactor.service.tokens import Tokens
from redactor.service.tracker import Tracker
from redactor.service.trail import Trail
from redactor.service.whoswho import WhoIsWho
from redactor.service.wordlists import WordLists
from redactor.service.workload import Workload


@dataclass(frozen=True, slots=True)
class Service:
    """All use cases, by subject; ``redactor.app.compose`` builds one."""

    base: Base
    doorway: Doorway
    sessions: Sessions
    entry: Entry
    enrolments: Enrolments
    single_sign_on: SingleSignOn
    passkeys: Passkeys
    accounts: Accounts
    tokens: Tokens
    agreements: Agreements
    cases: Cases
    documents: Documents
    intake: Intake
    reviews: Reviews
    correcting: Correcting
    standings: Standings
    meetings: Meetings
    tracker: Tracker
    signatures: Signatures
    words: WordLists
    extracting: Extracting
    likenesses: Likenesses
    workload: Workload
    notes: Notes
    releases: Releases
    portal: Portal
    processing: Processing
    retention: Retention
    recovery: Recovery
    breaches: Breaches
    subject_access: SubjectAccess
    sightings: Sightings
    printed: Printed
    register: Register
    trail: Trail
    who: WhoIsWho
    condition: Condition


def assemble(base: Base) -> Service:
    """Build the use cases on their stores."""
    cases, sessions = Cases(base), Sessions(base)
    sightings = Sightings(base, sessions)
    entry, enrolments = Entry(base, sessions), Enrolments(base, sessions)
    reviews, trail = Reviews(base, cases), Trail(base)
    documents, tracker = Documents(base), Tracker(base)
    return Service(
        base=base,
        doorway=Doorway(base),
        sessions=sessions,
        entry=entry,
        enrolments=enrolments,
        single_sign_on=SingleSignOn(base, sessions, enrolments),
        passkeys=Passkeys(base, sessions, entry),
        accounts=Accounts(base, sessions, enrolments),
        tokens=Tokens(base, entry, sessions),
        agreements=Agreements(base),
        cases=cases,
        documents=documents,
        intake=Intake(base, documents, sessions),
        reviews=reviews,
        correcting=Correcting(base, cases, reviews),
        standings=Standings(base, cases, reviews),
        meetings=Meetings(base, documents, tracker),
        tracker=tracker,
        signatures=Signatures(base),
        words=WordLists(base),
        extracting=Extracting(base, documents),
        likenesses=Likenesses(base),
        workload=Workload(base),
        notes=Notes(base),
        releases=Releases(base, cases, reviews),
        portal=Portal(base),
        processing=Processing(base, cases, reviews, base.settings.job_attempts),
        retention=Retention(base),
        recovery=Recovery(base, trail),
        breaches=Breaches(base, cases, sightings),
        subject_access=SubjectAccess(base, cases, sessions),
        sightings=sightings,
        printed=Printed(base),
        register=Register(base, cases),
        trail=trail,
        who=WhoIsWho(base, cases),
        condition=Condition(base),
    )


__all__ = ["Service", "assemble"]
