"""Copies on paper: a numbered sheet says who has which, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict
from redactor.service.base import Base, one
from redactor.service.states import ReleaseState
from redactor.store.records import new_id, release
from redactor.store.rights import printed_copy

LONGEST_HOLDER = 120


class Settled(StrEnum):
    """What became of a copy on paper."""

    OUT = "out"
    RETURNED = "returned"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class PrintedView:
    """One copy on paper. ``holder`` is empty once the copy itself was destroyed here."""

    id: str
    number: int
    holder: str
    handed_at: datetime
    settled: Settled
    settled_at: datetime | None


class Printed:
    """Use cases around copies on paper."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def hand_out(self, actor: Actor, release_id: str, holder: str) -> int:
        """Write down that a printed copy was handed to somebody, and return its number on the sheet.

        Raises:
            BadArguments: if nobody is named.
            Conflict: if the copy is not ready.
        """
        if not 1 <= len(holder.strip()) <= LONGEST_HOLDER:
            raise BadArguments("Say who has the printed copy.")
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            if one(connection, release, release_id, actor.organisation).state != ReleaseState.READY.value:
                raise Conflict("The copy is not ready, or was taken back.")
            newest = select(func.max(printed_copy.c.number)).where(printed_copy.c.release == release_id)
            number, made = int(connection.execute(newest).scalar_one() or 0) + 1, new_id()
            sealed = self._base.keys.seal(connection, actor.organisation, holder.strip(), f"printed_copy.holder|{made}")
            connection.execute(
                insert(printed_copy).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=case,
                    release=release_id,
                    number=number,
                    holder=sealed,
                    handed_by=actor.account,
                    handed_at=self._base.clock.now(),
                    settled=Settled.OUT.value,
                )
            )
            self._note(connection, actor, "printed.hand_out", release_id, case, number)
        return number

    def settle(self, actor: Actor, release_id: str, number: int, how: Settled) -> None:
        """Write down that a printed copy came back or was destroyed.

        Raises:
            Conflict: if there is no such copy out.
        """
        case = self._base.row(release, release_id, actor.organisation).case_id
        if how is Settled.OUT:
            raise BadArguments("A copy comes back or is destroyed.")
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            this = (printed_copy.c.release == release_id) & (printed_copy.c.number == number)
            out = this & (printed_copy.c.settled == Settled.OUT.value)
            values = {"settled": how.value, "settled_at": self._base.clock.now()}
            if connection.execute(update(printed_copy).where(out).values(**values)).rowcount != 1:
                raise Conflict("There is no such printed copy out.")
            self._note(connection, actor, f"printed.{how.value}", release_id, case, number)

    def sheet(self, actor: Actor, release_id: str) -> tuple[PrintedView, ...]:
        """Return the sheet of one copy, in order."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            mine = select(printed_copy).where(printed_copy.c.release == release_id)
            rows = connection.execute(mine.order_by(printed_copy.c.number)).all()
            return tuple(self._view(connection, row) for row in rows)

    def out(self, actor: Actor, case: str) -> dict[str, int]:
        """Return how many printed copies of each release of a case are still out."""
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            still = (printed_copy.c.case_id == case) & (printed_copy.c.settled == Settled.OUT.value)
            still &= printed_copy.c.organisation == actor.organisation
            counted = select(printed_copy.c.release, func.count()).where(still).group_by(printed_copy.c.release)
            return {row[0]: int(row[1]) for row in connection.execute(counted).all()}

    def _view(self, connection: Connection, row: Row[Any]) -> PrintedView:
        place = f"printed_copy.holder|{row.id}"
        holder = (
            "" if row.holder is None else self._base.keys.open(connection, row.organisation, row.holder, place).decode()
        )
        return PrintedView(row.id, row.number, holder, row.handed_at, Settled(row.settled), row.settled_at)

    def _note(self, connection: Connection, actor: Actor, action: str, subject: str, case: str, number: int) -> None:
        detail = {"number": number}
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)
