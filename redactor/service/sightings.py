"""Who saw what and when, from the audit chain: colleagues by name, recipients by their copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from redactor.access import Actor, Permission
from redactor.service.base import RECIPIENT, Base
from redactor.service.sessions import Sessions
from redactor.store.audit import Event
from redactor.store.records import account, document, document_version, release, review

LOOKS = {
    "document.view": "Read the text",
    "document.original": "Fetched the upload",
    "review.view": "Opened the review",
    "portal.arrive": "Opened the link",
    "portal.open": "Opened the document with its password",
    "portal.view": "Looked at a page",
    "portal.download": "Fetched the file",
}
_PART = 1000


@dataclass(frozen=True, slots=True)
class Sighting:
    """One kind of look at one thing by one person.

    Args:
        version: number of the document's version.
        copy: number of the released copy; 0 for the document itself.
        who: the colleague's name; "" for the recipient of the copy.
        first, last: when, as the audit chain has it.
        pages: pages that were looked at one by one.
    """

    version: int
    copy: int
    who: str
    what: str
    times: int
    first: str
    last: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Thing:
    version: int
    copy: int = 0


class Sightings:
    """Use cases around who saw what."""

    def __init__(self, base: Base, sessions: Sessions) -> None:
        self._base, self._sessions = base, sessions

    def of_document(self, actor: Actor, document_id: str) -> tuple[Sighting, ...]:
        """Return who looked at which version of a document, and at the copies made of it; asking goes on the record."""
        case = self._base.row(document, document_id, actor.organisation).case_id
        with self._base.act(actor, Permission.CASE_AUDIT, case, subject=document_id) as connection:
            self._base.audit.append(connection, actor.organisation, actor.account, "audit.sightings", document_id, case)
            things = self._things(connection, actor.organisation, document_id)
            return self._gathered(connection, actor.organisation, case, things)

    def case_of(self, actor: Actor, document_id: str) -> str:
        """Return the case of a document, for whoever may read its record."""
        case = str(self._base.row(document, document_id, actor.organisation).case_id)
        with self._base.look(actor, Permission.CASE_AUDIT, case):
            return case

    def of_copies(
        self, connection: Connection, organisation: str, case: str, copies: Mapping[str, int]
    ) -> tuple[Sighting, ...]:
        """Return who looked at released copies, inside another use case's transaction.

        Args:
            copies: number of each copy, by its release's id.
        """
        return self._gathered(
            connection, organisation, case, {key: _Thing(0, number) for key, number in copies.items()}
        )

    def _things(self, connection: Connection, organisation: str, document_id: str) -> dict[str, _Thing]:
        of = (document_version.c.document == document_id) & (document_version.c.organisation == organisation)
        found = {row.id: _Thing(row.number) for row in connection.execute(select(document_version).where(of)).all()}
        reviews = connection.execute(select(review).where(review.c.version.in_(found))).all()
        found |= {row.id: found[row.version] for row in reviews}
        copies = connection.execute(select(release).where(release.c.review.in_([row.id for row in reviews]))).all()
        return found | {row.id: _Thing(found[row.review].version, row.copy_number) for row in copies}

    def _gathered(
        self, connection: Connection, organisation: str, case: str, things: Mapping[str, _Thing]
    ) -> tuple[Sighting, ...]:
        seen: dict[tuple[_Thing, str, str], list[Event]] = {}
        for event in self._events(connection, organisation, case):
            if event.subject in things and event.action in LOOKS:
                seen.setdefault((things[event.subject], event.actor, event.action), []).append(event)
        names = self._names(connection, organisation, {who for _, who, _ in seen})
        rows = [
            Sighting(
                thing.version,
                thing.copy,
                names.get(who, ""),
                LOOKS[action],
                len(events),
                events[0].at,
                events[-1].at,
                tuple(sorted({int(event.detail["page"]) for event in events if "page" in event.detail})),
            )
            for (thing, who, action), events in seen.items()
        ]
        return tuple(sorted(rows, key=lambda row: (row.version, row.copy, row.first)))

    def _events(self, connection: Connection, organisation: str, case: str) -> Iterator[Event]:
        after = 0
        while part := self._base.audit.events(connection, organisation, case=case, after=after, limit=_PART):
            yield from part
            after = part[-1].number

    def _names(self, connection: Connection, organisation: str, accounts: set[str]) -> dict[str, str]:
        known = account.c.id.in_(accounts - {RECIPIENT}) & (account.c.organisation == organisation)
        rows = connection.execute(select(account).where(known)).all()
        return {row.id: self._sessions.name_of(connection, row) for row in rows}
