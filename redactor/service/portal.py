"""The recipient's side: a link that only they have, the agreement before the first page, one download until it
expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redactor.errors import AccessRefused, BadArguments, SignInRefused, Throttled
from redactor.model import digest_of
from redactor.protect import viewing
from redactor.service import codes, passwords
from redactor.service.agreements import Agreement, current_agreement
from redactor.service.base import RECIPIENT, Base, digest, new_token, one
from redactor.service.post import Post
from redactor.service.states import ReleaseState
from redactor.store.database import writing
from redactor.store.records import acceptance, new_id, release, release_link

LONGEST_NAME = 120
_NOT_VALID = "This link is not valid: it was used, has expired, was taken back, or was mistyped."
_CODE_ASK = "Type it again, or ask for a new one."
_ASK = "Ask the person who sent it to you for a new one."


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the recipient sees first: no document, no names.

    Args:
        locked: how the code comes that is still missing ("spoken" or "mail"); empty once the visitor gave it.
        contact: the end of the address that a code is e-mailed to, as a hint.
        opened: the visitor gave the file's password and may look at pages.
    """

    agreement: Agreement
    accepted: bool
    copy_number: int
    expires_at: datetime
    downloads_left: int
    locked: str = ""
    contact: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """The sealed file. Its name carries the copy's number and nothing about people (ASVS 5.4.2)."""

    name: str
    content: bytes


class Portal:
    """Use cases of a recipient; the link's token is the only key."""

    def __init__(self, base: Base) -> None:
        self._base, self._post = base, Post(base.settings)

    def arrive(self, token: str, address: str, visitor: str = "") -> Arrival:
        """Say what the link leads to; the visit goes on the record. Raises SignInRefused, Throttled."""
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            agreed = current_agreement(connection, copy.organisation)
            self._note(connection, copy, "portal.arrive")
            known = self._visits(link, visitor)
            return Arrival(
                agreed,
                self._accepted(connection, copy, agreed),
                copy.copy_number,
                copy.expires_at,
                link.allowed - link.downloads,
                "" if known else link.code_by,
                _hint(self._contact(connection, link)),
                opened=known and link.opened is not None,
            )

    def send_code(self, token: str, address: str) -> None:
        """E-mail a fresh code to the recipient; an earlier one stops working.

        Raises:
            PostFailed: if the mail server does not take it.
            Throttled: after too many.
        """
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            if link.code_by != "mail":
                raise BadArguments("The code for this link is read out by telephone.", next_step=_ASK)
            now, code = self._base.clock.now(), codes.new_mail_code()
            allowed = passwords.attempt(connection, f"code|{link.digest}", passwords.ACCOUNT_ATTEMPTS, now)
            contact = self._contact(connection, link)
            kept = {"code_digest": codes.code_digest(token, code), "code_until": now + codes.MAIL_TIME}
            if allowed:
                self._set(connection, link, code_tries=0, **kept)
                self._note(connection, copy, "portal.send_code")
        if not allowed:
            raise Throttled("There were too many codes for this link.")
        self._post.send(contact, codes.CODE_SUBJECT, codes.CODE_TEXT.format(code=code))

    def enter_code(self, token: str, code: str, address: str) -> str:
        """Check the code, use it up, and return the visitor's secret for a cookie.

        Raises:
            SignInRefused: if the code is wrong, old, used or was tried too often.
        """
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            now = self._base.clock.now()
            live = link.code_digest is not None and (link.code_until is None or now < link.code_until)
            if live and link.code_tries < codes.MOST_TRIES and codes.code_matches(token, code, link.code_digest):
                visitor = new_token()
                until = {"visitor_digest": digest(visitor), "visitor_until": now + codes.VISIT_TIME}
                self._set(connection, link, code_tries=0, code_digest=None, opened=None, **until)
                self._note(connection, copy, "portal.code_right")
                return visitor
            self._set(connection, link, code_tries=link.code_tries + 1)
            self._note(connection, copy, "portal.code_wrong")
        raise SignInRefused("The code is not right, or has expired.", next_step=_CODE_ASK)

    def open(self, token: str, password: str, address: str, visitor: str = "") -> int:
        """Open the copy for reading in the browser with the file's password; return how many pages it has.

        Raises:
            BadArguments: if the password is not right.
            AccessRefused: if the agreement was not accepted.
        """
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._admitted(connection, token, visitor)
            allowed = passwords.attempt(
                connection, f"open|{link.digest}", passwords.ACCOUNT_ATTEMPTS, self._base.clock.now()
            )
            content = self._base.blobs.get(connection, copy.organisation, copy.file_blob)
        if not allowed:
            raise Throttled("There were too many attempts.")
        pages = viewing.view(content, password.strip(), 0).pages
        with writing(self._base.engine) as connection:
            sealed = self._base.keys.seal(connection, copy.organisation, password.strip(), _opened_place(link))
            self._set(connection, link, opened=sealed)
            self._note(connection, copy, "portal.open", pages=pages)
        return pages

    def page(self, token: str, number: int, visitor: str = "") -> viewing.PagePicture:
        """Return one page of an opened copy as a picture; the look goes on the record.

        Args:
            number: 1-based.
        """
        with writing(self._base.engine) as connection:
            link, copy = self._admitted(connection, token, visitor)
            if link.opened is None:
                raise AccessRefused("The copy is not open.", next_step="Type the password of the document first.")
            password = self._base.keys.open(connection, copy.organisation, link.opened, _opened_place(link)).decode()
            content = self._base.blobs.get(connection, copy.organisation, copy.file_blob)
            self._note(connection, copy, "portal.view", page=number)
        return viewing.view(content, password, number - 1)

    def accept(self, token: str, agreement_number: int, name: str, address: str, visitor: str = "") -> None:
        """Accept the agreement under the recipient's typed name.

        Raises:
            BadArguments: if the name is empty or the agreement has a newer version by now.
        """
        self._count(address)
        name = name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadArguments("Type your full name to accept the agreement.", next_step="Type it and try again.")
        with writing(self._base.engine) as connection:
            link, copy = self._holder(connection, token)
            self._require_code(link, visitor)
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

    def download(self, token: str, address: str, visitor: str = "") -> Download:
        """Return the sealed file, once for each link.

        Raises:
            AccessRefused: if the agreement in its present version was not accepted.
            SignInRefused: if the link was used already.
        """
        self._count(address)
        with writing(self._base.engine) as connection:
            link, copy = self._admitted(connection, token, visitor)
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

    def _admitted(self, connection: Connection, token: str, visitor: str) -> tuple[Row[Any], Row[Any]]:
        link, copy = self._holder(connection, token)
        self._require_code(link, visitor)
        if not self._accepted(connection, copy, current_agreement(connection, copy.organisation)):
            raise AccessRefused("The agreement comes first.", next_step="Read and accept it, then download.")
        return link, copy

    def _require_code(self, link: Row[Any], visitor: str) -> None:
        if not self._visits(link, visitor):
            raise AccessRefused("The one-time code comes first.", next_step="Open the link again and type the code.")

    def _visits(self, link: Row[Any], visitor: str) -> bool:
        """Say whether this is the browser in which the code was typed, and not too long ago."""
        if not link.code_by:
            return True
        known = bool(visitor) and link.visitor_digest == digest(visitor)
        return known and self._base.clock.now() < link.visitor_until

    def _set(self, connection: Connection, link: Row[Any], **values: Any) -> None:
        connection.execute(update(release_link).where(release_link.c.digest == link.digest).values(**values))

    def _contact(self, connection: Connection, link: Row[Any]) -> str:
        if link.contact is None:
            return ""
        place = codes.contact_place(link.digest)
        return self._base.keys.open(connection, link.organisation, link.contact, place).decode()

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


def _hint(contact: str) -> str:
    """Return just enough of an address for its owner to know it."""
    name, at, place = contact.partition("@")
    return name[:1] + "…" + at + place if contact else ""


def _opened_place(link: Row[Any]) -> str:
    return f"release_link.opened|{link.digest}"
