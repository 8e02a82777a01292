"""The confidentiality agreement: its versions, and who accepted which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from redactor import resources
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, IntegrityFailure
from redactor.model import digest_of
from redactor.service.base import SYSTEM, Base
from redactor.store.database import reading
from redactor.store.records import acceptance, agreement, new_id, release

SHIPPED = ("templates", "agreements", "confidentiality.md")
SHORTEST_TEXT = 80


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the agreement; versions are never edited."""

    id: str
    number: int
    text: str
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That a recipient accepted a version, and under which typed name."""

    release: str
    agreement_number: int
    name: str
    at: datetime


class Agreements:
    """Use cases around the agreement."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def current(self, organisation: str) -> Agreement:
        """Return the version that recipients accept now."""
        with reading(self._base.engine) as connection:
            return current_agreement(connection, organisation)

    def publish(self, actor: Actor, text: str) -> int:
        """Publish a new version and return its number; acceptances of earlier ones stay on the record."""
        text = text.strip()
        if len(text) < SHORTEST_TEXT:
            raise BadArguments("The agreement's text is too short to bind anybody.")
        with self._base.act(actor, Permission.AGREEMENT_PUBLISH) as connection:
            return _publish(self._base, connection, actor.organisation, text, actor.account)

    def acceptances(self, actor: Actor, case: str) -> tuple[Acceptance, ...]:
        """Return who accepted which version for the copies of a case."""
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            rows = connection.execute(
                select(acceptance, agreement.c.number)
                .join(agreement, agreement.c.id == acceptance.c.agreement)
                .join(release, release.c.id == acceptance.c.release)
                .where(release.c.case_id == case, acceptance.c.organisation == actor.organisation)
                .order_by(acceptance.c.at)
            )
            return tuple(
                Acceptance(
                    row.release,
                    row.number,
                    self._base.keys.open(
                        connection, actor.organisation, row.name, f"acceptance.name|{row.id}"
                    ).decode(),
                    row.at,
                )
                for row in rows.all()
            )


def current_agreement(connection: Connection, organisation: str) -> Agreement:
    """Return the newest version inside another use case's transaction."""
    row = connection.execute(
        select(agreement).where(agreement.c.organisation == organisation).order_by(agreement.c.number.desc()).limit(1)
    ).one_or_none()
    if row is None or digest_of(row.text.encode()) != row.digest:
        raise IntegrityFailure("The agreement is missing or was altered.")
    return Agreement(row.id, row.number, row.text, row.digest, row.published_at)


def publish_first(base: Base, connection: Connection, organisation: str) -> None:
    """Publish the agreement as shipped, for a new organisation."""
    text = resources.path(*SHIPPED).read_text(encoding="utf-8").strip()
    _publish(base, connection, organisation, text, SYSTEM)


def _publish(base: Base, connection: Connection, organisation: str, text: str, by: str) -> int:
    newest = connection.execute(
        select(agreement.c.number)
        .where(agreement.c.organisation == organisation)
        .order_by(agreement.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    number, made = (newest or 0) + 1, new_id()
    connection.execute(
        insert(agreement).values(
            id=made,
            organisation=organisation,
            number=number,
            text=text,
            digest=digest_of(text.encode()),
            published_by=by,
            published_at=base.clock.now(),
        )
    )
    base.audit.append(connection, organisation, by, "agreement.publish", made, detail={"number": number})
    return number
