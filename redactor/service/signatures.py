"""The agreements register of a case: who signed which version of the confidentiality agreement, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict
from redactor.policy.meetings import load_meetings
from redactor.service.agreements import current_agreement
from redactor.service.base import Base
from redactor.service.meetings import day_of
from redactor.store.meetings import signature
from redactor.store.records import acceptance, agreement, new_id, release

CAPACITIES = ("Member", "Substitute", "Visitor", "Recipient of a document")
RECIPIENT = CAPACITIES[-1]


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed, and in which capacity."""

    name: str
    role: str
    organisation: str
    capacity: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature on the register.

    Args:
        id: empty for one that a recipient gave when fetching a copy.
        version: number of the agreement's version that was signed.
        expires_on: when it is to be signed again.
        holds: False once it expired, was withdrawn, or a newer version of the agreement is published.
        why_not: why it does not hold, in words.
    """

    id: str
    signatory: Signatory
    version: int
    signed_on: date
    expires_on: date
    holds: bool
    why_not: str


class Signatures:
    """Use cases around the register."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def sign(self, actor: Actor, case: str, signatory: Signatory, day: str) -> str:
        """Record a signature under the present version of the agreement; returns its id.

        Args:
            day: on which it was signed, as YYYY-MM-DD; not in the future.
        """
        signed, now, made = day_of(day), self._base.clock.now(), new_id()
        if signed > now.date():
            raise BadArguments("A signature cannot be of a day to come.", next_step="Enter the day of signing.")
        if not (signatory.name.strip() and signatory.organisation.strip() and signatory.capacity in CAPACITIES):
            raise BadArguments("A signature needs a name, an organisation and a capacity.", next_step="Fill them in.")
        with self._base.act(actor, Permission.DOCUMENT_ADD, case) as connection:
            content = self._base.keys.seal(
                connection, actor.organisation, wire.dump(signatory), f"signature.content|{made}"
            )
            connection.execute(
                insert(signature).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=case,
                    agreement=current_agreement(connection, actor.organisation).id,
                    content=content,
                    signed_on=day,
                    expires_on=_years_after(signed, load_meetings().agreement_years).isoformat(),
                    recorded_by=actor.account,
                    at=now,
                )
            )
            self._note(connection, actor, "signature.record", made, case)
        return made

    def withdraw(self, actor: Actor, signature_id: str) -> None:
        """Record that a signatory withdrew."""
        case = self._base.row(signature, signature_id, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=signature_id) as connection:
            this = (signature.c.id == signature_id) & signature.c.withdrawn_at.is_(None)
            done = connection.execute(update(signature).where(this).values(withdrawn_at=self._base.clock.now()))
            if done.rowcount != 1:
                raise Conflict("This signature was withdrawn already.")
            self._note(connection, actor, "signature.withdraw", signature_id, case)

    def register(self, actor: Actor, case: str) -> tuple[Signed, ...]:
        """Return every signature of a case: those recorded, and those that recipients gave; newest first."""
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            newest = current_agreement(connection, actor.organisation).number
            recorded = connection.execute(
                select(signature, agreement.c.number.label("version"))
                .join(agreement, agreement.c.id == signature.c.agreement)
                .where(signature.c.case_id == case, signature.c.organisation == actor.organisation)
            ).all()
            given = connection.execute(
                select(acceptance, agreement.c.number.label("version"))
                .join(agreement, agreement.c.id == acceptance.c.agreement)
                .join(release, release.c.id == acceptance.c.release)
                .where(release.c.case_id == case, acceptance.c.organisation == actor.organisation)
            ).all()
            found = [self._recorded(connection, row, newest) for row in recorded]
            found += [self._given(connection, row, newest) for row in given]
        return tuple(sorted(found, key=lambda each: each.signed_on, reverse=True))

    def unsigned(self, actor: Actor, case: str, names: set[str]) -> tuple[str, ...]:
        """Return which of these people have no signature that holds."""
        signed = {each.signatory.name.casefold() for each in self.register(actor, case) if each.holds}
        return tuple(sorted(name for name in names if name.casefold() not in signed))

    def _recorded(self, connection: Connection, row: Row[Any], newest: int) -> Signed:
        place = f"signature.content|{row.id}"
        who = wire.load(Signatory, self._base.keys.open(connection, row.organisation, row.content, place))
        days = date.fromisoformat(row.signed_on), date.fromisoformat(row.expires_on)
        return self._signed(row.id, who, row.version, *days, newest, withdrawn=row.withdrawn_at is not None)

    def _given(self, connection: Connection, row: Row[Any], newest: int) -> Signed:
        place = f"acceptance.name|{row.id}"
        name = self._base.keys.open(connection, row.organisation, row.name, place).decode()
        day = row.at.date()
        ends = _years_after(day, load_meetings().agreement_years)
        return self._signed("", Signatory(name, "", "", RECIPIENT), row.version, day, ends, newest, withdrawn=False)

    def _signed(
        self, key: str, who: Signatory, version: int, signed: date, expires: date, newest: int, *, withdrawn: bool
    ) -> Signed:
        why = ""
        if withdrawn:
            why = "withdrawn"
        elif expires <= self._base.clock.now().date():
            why = "expired"
        elif version < newest:
            why = f"version {newest} is published"
        return Signed(key, who, version, signed, expires, not why, why)

    def _note(self, connection: Connection, actor: Actor, action: str, subject: str, case: str) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, None)


def _years_after(day: date, years: int) -> date:
    """Return the same day so many years later; the 28th for the 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
