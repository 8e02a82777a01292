"""Breaches: what happened to which copies, what the record says of them, and the Commissioner's 72 hours.

UK GDPR Article 33(1): without undue delay and, where feasible, within 72 hours of becoming aware; 33(3) and (4): what
the notice says and that it may come in parts; 33(5): every breach is documented; 34: when the
people themselves are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments
from redactor.service.base import Base, one
from redactor.service.cases import Cases, reader_of
from redactor.service.sightings import Sighting, Sightings
from redactor.store.records import new_id, release, review
from redactor.store.rights import breach

NOTICE_TIME = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written down of a breach.

    Args:
        happened: what happened, and to which data.
        kinds: categories of the data and of the people.
        people: about how many people it concerns; 0 while that is not known.
        consequences: what could come of it.
        measures: what was done and is planned.
        risk: whether a risk to people's rights is likely; without one the Commissioner need not be told.
        reference: of the Commissioner's answer.
        late_because: why the notice came after 72 hours.
        people_told: whether, when and how the people themselves were told, or why not.
        copies: releases that are concerned.
    """

    happened: str
    kinds: str = ""
    people: int = 0
    consequences: str = ""
    measures: str = ""
    risk: bool = True
    reference: str = ""
    late_because: str = ""
    people_told: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyTrace:
    """What the record says of one copy that is concerned."""

    release: str
    number: int
    reader: str
    profile: str
    state: str
    made_at: datetime
    revoked_at: datetime | None
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class BreachView:
    """A breach with its clock.

    Args:
        due_at: until when the Commissioner is to be told.
        hours_left: whole hours until then; negative afterwards.
    """

    id: str
    case: str
    facts: Facts
    aware_at: datetime
    due_at: datetime
    hours_left: int
    told_at: datetime | None
    created_at: datetime

    @property
    def in_time(self) -> bool:
        """Say whether the notice came in time, or can still."""
        return self.told_at <= self.due_at if self.told_at else self.hours_left >= 0


class Breaches:
    """Use cases around breaches."""

    def __init__(self, base: Base, cases: Cases, sightings: Sightings) -> None:
        self._base, self._cases, self._sightings = base, cases, sightings

    def report(self, actor: Actor, case: str, aware_at: datetime, facts: Facts) -> str:
        """Write a breach down and return its id; the clock runs from when somebody became aware of it.

        Raises:
            BadArguments: if that lies in the future, nothing is said, or a copy is of another case.
        """
        self._check(facts, aware_at, None)
        made = new_id()
        with self._base.act(actor, Permission.BREACH_REPORT, case) as connection:
            self._require_copies(connection, actor, case, facts.copies)
            connection.execute(
                insert(breach).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=case,
                    content=self._sealed(connection, actor.organisation, made, facts),
                    aware_at=aware_at,
                    created_by=actor.account,
                    created_at=self._base.clock.now(),
                )
            )
            self._note(connection, actor, "breach.report", made, case, copies=len(facts.copies))
        return made

    def amend(self, actor: Actor, breach_id: str, facts: Facts, told_at: datetime | None) -> None:
        """Replace what is written down, and say when the Commissioner was told.

        Raises:
            BadArguments: if a moment lies in the future, or a late notice gives no reason.
        """
        row = self._base.row(breach, breach_id, actor.organisation)
        self._check(facts, row.aware_at, told_at)
        with self._base.act(actor, Permission.BREACH_REPORT, row.case_id, subject=breach_id) as connection:
            self._require_copies(connection, actor, row.case_id, facts.copies)
            sealed = self._sealed(connection, actor.organisation, breach_id, facts)
            values = {"content": sealed, "told_at": told_at}
            connection.execute(update(breach).where(breach.c.id == breach_id).values(**values))
            self._note(connection, actor, "breach.amend", breach_id, row.case_id, told=told_at is not None)

    def open(self, actor: Actor, breach_id: str) -> BreachView:
        """Return one breach."""
        case = self._base.row(breach, breach_id, actor.organisation).case_id
        with self._base.look(actor, Permission.BREACH_REPORT, case) as connection:
            return self._view(connection, one(connection, breach, breach_id, actor.organisation))

    def of_case(self, actor: Actor, case: str) -> tuple[BreachView, ...]:
        """Return the breaches of a case, newest first."""
        with self._base.look(actor, Permission.BREACH_REPORT, case) as connection:
            mine = (breach.c.case_id == case) & (breach.c.organisation == actor.organisation)
            rows = connection.execute(select(breach).where(mine).order_by(breach.c.aware_at.desc())).all()
            return tuple(self._view(connection, row) for row in rows)

    def all(self, actor: Actor) -> tuple[BreachView, ...]:
        """Return every breach of the organisation, newest first, for its information officer."""
        with self._base.look(actor, Permission.RIGHTS_MANAGE) as connection:
            mine = select(breach).where(breach.c.organisation == actor.organisation)
            rows = connection.execute(mine.order_by(breach.c.aware_at.desc())).all()
            return tuple(self._view(connection, row) for row in rows)

    def copies(self, actor: Actor, case: str) -> tuple[CopyTrace, ...]:
        """Return every copy of a case with what the record says of it: who opened it, when, and which pages."""
        with self._base.act(actor, Permission.BREACH_REPORT, case, subject=case) as connection:
            mine = (release.c.case_id == case) & (release.c.organisation == actor.organisation)
            rows = connection.execute(select(release).where(mine).order_by(release.c.copy_number)).all()
            numbers = {row.id: row.copy_number for row in rows}
            seen = self._sightings.of_copies(connection, actor.organisation, case, numbers)
            self._note(connection, actor, "breach.trace", case, case, copies=len(rows))
            return tuple(self._trace(connection, row, seen) for row in rows)

    def _trace(self, connection: Connection, row: Row[Any], seen: tuple[Sighting, ...]) -> CopyTrace:
        of = one(connection, review, row.review, row.organisation)
        content, _ = self._cases.content(connection, row.organisation, row.case_id)
        known = next((reader for reader in content.file.readers if reader.key == of.reader), None)
        return CopyTrace(
            row.id,
            row.copy_number,
            reader_of(content.file, of.reader).name if known else "",
            of.profile,
            row.state,
            row.created_at,
            row.revoked_at,
            tuple(each for each in seen if each.copy == row.copy_number),
        )

    def _check(self, facts: Facts, aware_at: datetime, told_at: datetime | None) -> None:
        now = self._base.clock.now()
        if aware_at > now or (told_at is not None and not aware_at <= told_at <= now):
            raise BadArguments("A moment of a breach cannot lie in the future, nor the notice before it was known.")
        if not facts.happened.strip():
            raise BadArguments("Say what happened.", next_step="A few words are enough; they can be added to later.")
        if told_at is not None and told_at > aware_at + NOTICE_TIME and not facts.late_because.strip():
            raise BadArguments(
                "The notice came after 72 hours.", next_step="Say why: UK GDPR Article 33(1) asks for the reasons."
            )

    def _require_copies(self, connection: Connection, actor: Actor, case: str, copies: Iterable[str]) -> None:
        wanted = set(copies)
        mine = release.c.id.in_(wanted) & (release.c.case_id == case) & (release.c.organisation == actor.organisation)
        if wanted and len(connection.execute(select(release.c.id).where(mine)).all()) != len(wanted):
            raise BadArguments("A copy that was named is not of this case.", next_step="Choose from the list.")

    def _view(self, connection: Connection, row: Row[Any]) -> BreachView:
        sealed = self._base.keys.open(connection, row.organisation, row.content, f"breach.content|{row.id}")
        due = row.aware_at + NOTICE_TIME
        left = (due - self._base.clock.now()) // timedelta(hours=1)
        return BreachView(
            row.id, row.case_id, wire.load(Facts, sealed), row.aware_at, due, left, row.told_at, row.created_at
        )

    def _sealed(self, connection: Connection, organisation: str, made: str, facts: Facts) -> bytes:
        return self._base.keys.seal(connection, organisation, wire.dump(facts), f"breach.content|{made}")

    def _note(
        self, connection: Connection, actor: Actor, action: str, subject: str, case: str, **detail: int | bool
    ) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)
