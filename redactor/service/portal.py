"""The recipient's side: a link that only they have, the agreement before the first page, one download until it
expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redactor.errors import AccessRefused, BadArguments, SignInRefused, Throttled
from redactor.model import digest_of
from redactor.service import passwords
from redactor.service.agreements import Agreement, current_agreement
from redactor.service.base import RECIPIENT, Base, digest, one
from redactor.service.states import ReleaseState
from redactor.store.database import writing
from redactor.store.records import acceptance, new_id, release, release_link

LONGEST_NAME = 120
_NOT_VALID = "This link is not valid: it was used, has expired, was taken back, or was mistyped."
_ASK = "Ask the person who sent it to you for a new one."


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the recipient sees first: no document, no names."""

    agreement: Agreement
    accepted: bool
    copy_number: int
    expires_at: datetime
    downloads_left: int


@dataclass(frozen=True, slots=True)
class Download:
    """The sealed file. Its name carries the copy's number and nothing about people (ASVS 5.4.2)."""

    name: str
    content: bytes


class Portal:
    """Use cases of a recipient; the link's token is the only key."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def arrive(self, token: str, address: str) -> Arrival:
        """Say what the link leads to; the visit goes on the record. Raises SignInRefused, Throttled."""
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            agreed = current_agreement(connection, copy.organisation)
            self._note(connection, copy, "portal.arrive")
            return Arrival(
                agreed,
                self._accepted(connection, copy, agreed),
                copy.copy_number,
                copy.expires_at,
                link.allowed - link.downloads,
            )

    def accept(self, token: str, agreement_number: int, name: str, address: str) -> None:
        """Accept the agreement under the recipient's typed name.

        Raises:
            BadArguments: if the name is empty or the agreement has a newer version by now.
        """
        self._count(address)
        name = name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadArguments("Type your full name to accept the agreement.", next_step="Type it and try again.")
        with writing(self._base.engine) as connection:
            _, copy = self._holder(connection, token)
            agreed = current_agreement(connection, copy.organisation)
            if agreed.number != agreement_number:
                raise BadArguments("The agreement has a newer version.", next_step="Read it and accept that one.")
            if self._accepted(connection, copy, agreed):
                return
            made = new_id()
            connection.execute(
                insert(acceptance).values(
                    id=made,
                    organisation=copy.organisation,
                    agreement=agreed.id,
                    release=copy.id,
                    name=self._base.keys.seal(connection, copy.organisation, name, f"acceptance.name|{made}"),
                    at=self._base.clock.now(),
                )
            )
            self._note(connection, copy, "portal.accept", number=agreed.number)

    def download(self, token: str, address: str) -> Download:
        """Return the sealed file, once for each link.

        Raises:
            AccessRefused: if the agreement in its present version was not accepted.
            SignInRefused: if the link was used already.
        """
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            if not self._accepted(connection, copy, current_agreement(connection, copy.organisation)):
                raise AccessRefused("The agreement comes first.", next_step="Read and accept it, then download.")
            # One statement counts and checks: two clicks at once give one file.
            unused = (release_link.c.digest == link.digest) & (release_link.c.downloads < release_link.c.allowed)
            counted = update(release_link).where(unused).values(downloads=release_link.c.downloads + 1)
            if connection.execute(counted).rowcount != 1:
                raise SignInRefused(_NOT_VALID, next_step=_ASK)
            content = self._base.blobs.get(connection, copy.organisation, copy.file_blob)
            self._note(connection, copy, "portal.download", number=copy.copy_number)
        if digest_of(content) != copy.file_digest:
            raise SignInRefused(_NOT_VALID, next_step=_ASK)
        return Download(f"copy-{copy.copy_number}.pdf", content)

    def _holder(self, connection: Connection, token: str) -> tuple[Row[Any], Row[Any]]:
        link = connection.execute(
            select(release_link).where(release_link.c.digest == digest(token)).with_for_update()
        ).one_or_none()
        now = self._base.clock.now()
        if link is None or link.revoked_at is not None or now >= link.expires_at:
            raise SignInRefused(_NOT_VALID, next_step=_ASK)
        copy = one(connection, release, link.release, link.organisation)
        if copy.state != ReleaseState.READY.value or copy.file_blob is None or now >= copy.expires_at:
            raise SignInRefused(_NOT_VALID, next_step=_ASK)
        return link, copy

    def _accepted(self, connection: Connection, copy: Row[Any], agreed: Agreement) -> bool:
        this = (acceptance.c.release == copy.id) & (acceptance.c.agreement == agreed.id)
        return connection.execute(select(acceptance.c.id).where(this)).first() is not None

    def _count(self, address: str) -> None:
        with writing(self._base.engine) as connection:
            now = self._base.clock.now()
            allowed = passwords.attempt(connection, f"portal|{address}", passwords.ADDRESS_ATTEMPTS, now)
        if not allowed:
            raise Throttled("There were too many requests from your address.")

    def _note(self, connection: Connection, copy: Row[Any], action: str, **detail: int) -> None:
        self._base.audit.append(connection, copy.organisation, RECIPIENT, action, copy.id, copy.case_id, detail)
