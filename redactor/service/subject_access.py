"""Subject access: one person searched for across cases, and the test by which each third party's data was weighed.

UK GDPR Articles 12(3) and 15; Data Protection Act 2018 Schedule 2 paragraphs 16 and 17 (other people's data: consent,
or reasonable without it) and Schedule 3 (serious harm).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import regex
from rapidfuzz import fuzz
from sqlalchemy import Connection, Row, func, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict
from redactor.model import Person
from redactor.service.base import Base, one
from redactor.service.cases import Cases
from redactor.service.documents import reading_of
from redactor.service.sessions import Sessions
from redactor.service.states import DocumentState
from redactor.store.records import account, case_file, case_member, document, document_version, new_id
from redactor.store.rights import subject_request

LIKE = 86  # per cent of two names' letters, whatever the order of the words: one slip in a short name
LONGEST_NAMES = 10


class Consent(StrEnum):
    """What the third party said (DPA 2018 Sch 2 para 16(3)(c) to (e))."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    CANNOT = "cannot"


class Outcome(StrEnum):
    """What follows for the third party's data."""

    DISCLOSE = "disclose"
    REDACT = "redact"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class ThirdPartyTest:
    """How one other person's data was weighed against the right of the person who asks.

    Args:
        case: in which case.
        who: the other person, as the case's register names them.
        information: what kind it is (16(3)(a)).
        confidence: whether a duty of confidence is owed to them (16(3)(b)).
        steps: what was done to ask for consent (16(3)(c)).
        worker: whether they act in health, education or social work, so that disclosure is reasonable (17).
        harm: whether disclosure would likely cause serious harm to somebody's health (Schedule 3).
        because: the reason for the outcome.
    """

    case: str
    who: str
    information: str
    consent: Consent
    outcome: Outcome
    because: str
    confidence: bool = False
    steps: str = ""
    worker: bool = False
    harm: bool = False
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and how far it is.

    Args:
        names: the person's name, then other names to search for.
        requester: who asks for them, and by what right; "" for the person.
        identity: how it was made sure who asks.
    """

    names: tuple[str, ...]
    requester: str
    identity: str
    tests: tuple[ThirdPartyTest, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that speaks of the person, and how often."""

    document: str
    version: str
    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that speaks of the person.

    Args:
        title, reference, registered, others, mentions: empty for a restricted case, of which its members know alone.
        registered: the person as the register has them.
        others: the other people of the register, who may have to be weighed.
        ask: who is on the case.
    """

    case: str
    restricted: bool
    ask: tuple[str, ...]
    found: int
    title: str = ""
    reference: str = ""
    registered: tuple[Person, ...] = ()
    others: tuple[Person, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request."""

    id: str
    asked: Asked
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None


class SubjectAccess:
    """Use cases of the information officer around requests for one's own data."""

    def __init__(self, base: Base, cases: Cases, sessions: Sessions) -> None:
        self._base, self._cases, self._sessions = base, cases, sessions

    def begin(self, actor: Actor, asked: Asked, received_at: datetime) -> str:
        """Write a request down and return its id.

        Raises:
            BadArguments: if nobody is named, it is not said how it was made sure who asks, or it lies in the future.
        """
        names = tuple(name.strip() for name in asked.names if name.strip())
        if not 1 <= len(names) <= LONGEST_NAMES or not asked.identity.strip():
            raise BadArguments("A request needs a name to search for, and how it was made sure who asks.")
        if received_at > self._base.clock.now():
            raise BadArguments("A request cannot have come in the future.")
        made = new_id()
        with self._base.act(actor, Permission.RIGHTS_MANAGE) as connection:
            connection.execute(
                insert(subject_request).values(
                    id=made,
                    organisation=actor.organisation,
                    content=self._sealed(connection, actor.organisation, made, replace(asked, names=names, tests=())),
                    received_at=received_at,
                    due_at=a_month_after(received_at),
                    created_by=actor.account,
                )
            )
            self._note(connection, actor, "subject_access.begin", made)
        return made

    def list(self, actor: Actor) -> tuple[RequestView, ...]:
        """Return every request of the organisation, the one due first at the head."""
        with self._base.look(actor, Permission.RIGHTS_MANAGE) as connection:
            mine = select(subject_request).where(subject_request.c.organisation == actor.organisation)
            order = (subject_request.c.closed_at.is_not(None), subject_request.c.due_at)
            return tuple(self._view(connection, row) for row in connection.execute(mine.order_by(*order)).all())

    def open(self, actor: Actor, request_id: str) -> RequestView:
        """Return one request."""
        with self._base.look(actor, Permission.RIGHTS_MANAGE) as connection:
            return self._view(connection, one(connection, subject_request, request_id, actor.organisation))

    def search(self, actor: Actor, request_id: str) -> tuple[Hit, ...]:
        """Search every case of the organisation for the person of a request; the search goes on the record.

        Registers are searched for like names, the newest text of each document for the names word by word.
        """
        with self._base.act(actor, Permission.RIGHTS_MANAGE, subject=request_id) as connection:
            asked = self._view(connection, one(connection, subject_request, request_id, actor.organisation)).asked
            live = (case_file.c.organisation == actor.organisation) & case_file.c.destroyed_at.is_(None)
            rows = connection.execute(select(case_file).where(live).order_by(case_file.c.created_at)).all()
            hits = [hit for row in rows if (hit := self._in_case(connection, row, asked.names)) is not None]
            self._note(connection, actor, "subject_access.search", request_id, cases=len(hits))
        return tuple(hits)

    def weigh(self, actor: Actor, request_id: str, test: ThirdPartyTest) -> None:
        """Record how one third party's data was weighed.

        Raises:
            BadArguments: if the reason is missing, or it would be disclosed against serious harm, or nobody asked.
            Conflict: if the request is closed.
        """
        if not (test.who.strip() and test.because.strip() and test.information.strip()):
            raise BadArguments("A test names the other person, the kind of information and the reason.")
        if test.outcome is Outcome.DISCLOSE and test.harm:
            raise BadArguments("What would likely cause serious harm is not disclosed (Schedule 3).")
        if test.outcome is Outcome.DISCLOSE and test.consent is Consent.NOT_ASKED and not (test.worker or test.steps):
            raise BadArguments(
                "Say why nobody asked for consent.", next_step="Paragraph 16(3)(c) asks for the steps that were taken."
            )
        with self._base.act(actor, Permission.RIGHTS_MANAGE, subject=request_id) as connection:
            row = self._live(connection, actor, request_id)
            one(connection, case_file, test.case, actor.organisation)
            asked = self._view(connection, row).asked
            done = replace(test, by=actor.account, at=self._base.clock.now())
            others = tuple(old for old in asked.tests if (old.case, old.who) != (test.case, test.who))
            self._keep(connection, actor, request_id, replace(asked, tests=(*others, done)))
            self._note(connection, actor, "subject_access.weigh", request_id, test.case, outcome=test.outcome.value)

    def close(self, actor: Actor, request_id: str, answer: str) -> None:
        """Close a request with what was answered. Raises BadArguments, Conflict."""
        if not answer.strip():
            raise BadArguments("Say what was answered.")
        with self._base.act(actor, Permission.RIGHTS_MANAGE, subject=request_id) as connection:
            row = self._live(connection, actor, request_id)
            self._keep(connection, actor, request_id, replace(self._view(connection, row).asked, answer=answer.strip()))
            closed = {"closed_at": self._base.clock.now()}
            connection.execute(update(subject_request).where(subject_request.c.id == request_id).values(**closed))
            self._note(connection, actor, "subject_access.close", request_id)

    def _in_case(self, connection: Connection, row: Row[Any], names: tuple[str, ...]) -> Hit | None:
        content, _ = self._cases.content(connection, row.organisation, row.id)
        registered = tuple(person for person in content.file.people if _alike(person, names))
        wanted = {*names, *(name for person in registered for name in (person.name, *person.aliases))}
        mentions = self._mentions(connection, row, tuple(wanted))
        if not registered and not mentions:
            return None
        found = len(registered) + sum(mention.times for mention in mentions)
        hit = Hit(row.id, row.restricted, self._members(connection, row), found)
        if row.restricted:
            return hit
        others = tuple(person for person in content.file.people if person not in registered)
        return replace(
            hit,
            title=content.title,
            reference=content.file.reference,
            registered=registered,
            others=others,
            mentions=mentions,
        )

    def _mentions(self, connection: Connection, row: Row[Any], names: tuple[str, ...]) -> tuple[Mention, ...]:
        read = document_version.c.state == DocumentState.READ.value
        newest = (
            select(document_version.c.document, func.max(document_version.c.number).label("number"))
            .where(document_version.c.case_id == row.id, read)
            .group_by(document_version.c.document)
            .subquery()
        )
        query = (
            select(document_version.c.id, document.c.id.label("document"), document.c.name)
            .join(
                newest,
                (newest.c.document == document_version.c.document) & (newest.c.number == document_version.c.number),
            )
            .join(document, document.c.id == document_version.c.document)
        )
        pattern, found = _pattern(names), []
        for version in connection.execute(query).all():
            text = reading_of(self._base, connection, row.organisation, version.id).document.text
            if times := len(pattern.findall(text)):
                place = f"document.name|{version.document}"
                name = self._base.keys.open(connection, row.organisation, version.name, place).decode()
                found.append(Mention(version.document, version.id, name, times))
        return tuple(found)

    def _members(self, connection: Connection, row: Row[Any]) -> tuple[str, ...]:
        query = select(account).join(case_member, case_member.c.account == account.c.id)
        rows = connection.execute(query.where(case_member.c.case_id == row.id)).all()
        return tuple(sorted(self._sessions.name_of(connection, member) for member in rows))

    def _live(self, connection: Connection, actor: Actor, request_id: str) -> Row[Any]:
        row = one(connection, subject_request, request_id, actor.organisation)
        if row.closed_at is not None:
            raise Conflict("The request is closed.", next_step="Begin a new one.")
        return row

    def _keep(self, connection: Connection, actor: Actor, request_id: str, asked: Asked) -> None:
        sealed = self._sealed(connection, actor.organisation, request_id, asked)
        connection.execute(update(subject_request).where(subject_request.c.id == request_id).values(content=sealed))

    def _view(self, connection: Connection, row: Row[Any]) -> RequestView:
        sealed = self._base.keys.open(connection, row.organisation, row.content, f"subject_request.content|{row.id}")
        return RequestView(row.id, wire.load(Asked, sealed), row.received_at, row.due_at, row.closed_at)

    def _sealed(self, connection: Connection, organisation: str, made: str, asked: Asked) -> bytes:
        return self._base.keys.seal(connection, organisation, wire.dump(asked), f"subject_request.content|{made}")

    def _note(
        self, connection: Connection, actor: Actor, action: str, subject: str, case: str = "-", **detail: str | int
    ) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)


def a_month_after(received_at: datetime) -> datetime:
    """Return the day by which a request is answered: the same day of the next month, or that month's last.

    UK GDPR Article 12(3), and the Commissioner's guidance on the calendar month.
    """
    year, month = received_at.year + received_at.month // 12, received_at.month % 12 + 1
    day = min(received_at.day, calendar.monthrange(year, month)[1])
    return received_at.replace(year=year, month=month, day=day)


def _alike(person: Person, names: tuple[str, ...]) -> bool:
    return any(
        fuzz.token_sort_ratio(mine.casefold(), theirs.casefold()) >= LIKE
        for mine in (person.name, *person.aliases)
        for theirs in names
    )


def _pattern(names: tuple[str, ...]) -> regex.Pattern[str]:
    """Return a pattern for any of the names as whole words, whatever blanks stand between their words."""
    each = (r"\s+".join(map(regex.escape, name.split())) for name in names)
    return regex.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", regex.IGNORECASE)
