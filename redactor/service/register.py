"""The organisation's registers: processing activities with what went out, and certified destructions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import NotFound
from redactor.model import Gate
from redactor.policy.processing import load_activities
from redactor.policy.retention import load_retention
from redactor.service.base import NO_SUCH_THING, Base, one
from redactor.service.cases import Cases
from redactor.service.retention import DESTROYING
from redactor.store.audit import Certificate
from redactor.store.records import case_file, organisation, release, review


@dataclass(frozen=True, slots=True)
class Disclosures:
    """How often copies went out on one route and basis; counts and fixed words, no names."""

    route: str
    lawful_basis: str
    copies: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """One activity of the record (UK GDPR Article 30(1))."""

    controller: str
    activity: str
    purpose: str
    people: tuple[str, ...]
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    transfers: str
    retention: str
    retention_days: int
    security: str
    disclosures: tuple[Disclosures, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a case is kept.

    Args:
        title: empty for a restricted case.
        ends_at: None while the case is open or held.
    """

    case: str
    title: str
    retention: str
    closed_at: datetime | None
    held_at: datetime | None
    destroyed_at: datetime | None
    ends_at: datetime | None


class Register:
    """Use cases of the information officer around the organisation's registers."""

    def __init__(self, base: Base, cases: Cases) -> None:
        self._base, self._cases = base, cases

    def activities(self, actor: Actor) -> tuple[ProcessingRecord, ...]:
        """Return the record of processing activities with what went out; taking it goes on the record."""
        shared, classes = load_activities(), load_retention().classes
        with self._base.act(actor, Permission.RIGHTS_MANAGE) as connection:
            name = connection.execute(
                select(organisation.c.name).where(organisation.c.id == actor.organisation)
            ).scalar_one()
            out = self._disclosures(connection, actor.organisation)
            self._base.audit.append(connection, actor.organisation, actor.account, "register.export", "-")
        return tuple(
            ProcessingRecord(
                name,
                key,
                kind.purpose,
                kind.people,
                kind.data,
                kind.recipients,
                shared.transfers,
                classes[kind.retention].title,
                classes[kind.retention].case_closed,
                shared.security,
                tuple(out.get(key, ())),
            )
            for key, kind in shared.activities.items()
        )

    def kept(self, actor: Actor) -> tuple[Kept, ...]:
        """Return every case with its retention class and the day on which it ends, soonest first."""
        with self._base.look(actor, Permission.RIGHTS_MANAGE) as connection:
            rows = connection.execute(select(case_file).where(case_file.c.organisation == actor.organisation)).all()
            found = [self._kept(connection, row) for row in rows]
        late = datetime.max.replace(tzinfo=self._base.clock.now().tzinfo)
        return tuple(sorted(found, key=lambda each: (each.destroyed_at is not None, each.ends_at or late)))

    def certificates(self, actor: Actor) -> tuple[Certificate, ...]:
        """Return the certificate of every destruction, newest first, each signed by the organisation's own key."""
        with self._base.look(actor, Permission.RIGHTS_MANAGE) as connection:
            return tuple(reversed(self._base.audit.certificates(connection, actor.organisation, DESTROYING)))

    def certificate(self, actor: Actor, number: int) -> Certificate:
        """Return the certificate of one destruction, by its number on the chain. Raises NotFound."""
        wanted = str(number)
        found = next((each for each in self.certificates(actor) if each.fields["number"] == wanted), None)
        if found is None:
            raise NotFound(NO_SUCH_THING)
        return found

    def _kept(self, connection: Connection, row: Row[Any]) -> Kept:
        content, _ = self._cases.content(connection, row.organisation, row.id)
        ends = None
        if row.closed_at is not None and row.held_at is None and row.destroyed_at is None:
            ends = row.closed_at + timedelta(days=load_retention().classes[row.retention].case_closed)
        title = "" if row.restricted else content.title
        return Kept(row.id, title, row.retention, row.closed_at, row.held_at, row.destroyed_at, ends)

    def _disclosures(self, connection: Connection, of: str) -> dict[str, list[Disclosures]]:
        times: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
        rows = connection.execute(select(release).where(release.c.organisation == of)).all()
        for row in rows:
            sealed = self._base.keys.open(connection, of, row.gate, f"release.gate|{row.id}")
            gate, profile = wire.load(Gate, sealed), one(connection, review, row.review, of).profile
            times[profile, gate.route, gate.lawful_basis].append(row.created_at)
        found: dict[str, list[Disclosures]] = defaultdict(list)
        for (profile, route, basis), moments in sorted(times.items()):
            found[profile].append(Disclosures(route, basis, len(moments), min(moments), max(moments)))
        return found
