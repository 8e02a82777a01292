"""Setting up an account from a one-time link: password or identity provider, authenticator, recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from redactor.errors import SignInRefused
from redactor.service import passwords
from redactor.service.base import Base, digest, new_token, one
from redactor.service.sessions import Sessions
from redactor.store.database import reading, writing
from redactor.store.identities import identity
from redactor.store.records import account, invite, new_id, recovery_code

ISSUER = "Redactor"
_WRONG_LINK = "This link is not valid: it was used, has expired, or was mistyped."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an invited person needs to set up the account.

    Args:
        linked: True when an identity provider stands for the password; only the authenticator is still to be set up.
    """

    username: str
    name: str
    secret: str
    address: str
    linked: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new account: its session, and the recovery codes that are shown once."""

    session: str
    recovery_codes: tuple[str, ...]


class Enrolments:
    """Use cases of the one-time link."""

    def __init__(self, base: Base, sessions: Sessions) -> None:
        self._base, self._sessions = base, sessions

    def enrolment(self, token: str) -> Enrolment:
        """Return what the holder of a one-time link needs to set up the account. Raises SignInRefused."""
        with writing(self._base.engine) as connection:
            row = self.invited(connection, token)
            if row.totp is None:
                secret = passwords.new_totp_secret()
                sealed = self._base.keys.seal(connection, row.organisation, secret, f"account.totp|{row.id}")
                connection.execute(update(account).where(account.c.id == row.id).values(totp=sealed, totp_last_step=0))
            else:
                secret = self._secret(connection, row)
            name, linked = self._sessions.name_of(connection, row), self._linked(connection, row)
        return Enrolment(row.username, name, secret, passwords.totp_address(secret, row.username, ISSUER), linked)

    def enrol(self, token: str, password: str, code: str) -> Enrolled:
        """Set the password and confirm the authenticator; the link is used up.

        Args:
            password: of no concern where an identity provider is linked.

        Raises:
            SignInRefused: if the link or the code is not right.
            BadArguments: if the password is too weak.
        """
        now = self._base.clock.now()
        with reading(self._base.engine) as connection:
            row = self.invited(connection, token)
            linked = self._linked(connection, row)
        hashed = None if linked else passwords.hash_password(password, self._sessions.words_of(row))
        with writing(self._base.engine) as connection:
            row = self.invited(connection, token)
            step = None
            if row.totp is not None:
                step = passwords.totp_step(self._secret(connection, row), code, now, row.totp_last_step)
            if step is None:
                raise SignInRefused("The code is not right.", next_step="Type the code that the application shows now.")
            values = {"password_hash": hashed, "totp_last_step": step}
            connection.execute(update(account).where(account.c.id == row.id).values(**values))
            self.finish(connection, row, token)
            codes = self._new_recovery_codes(connection, row)
            return Enrolled(self._sessions.start(connection, row), codes)

    def invite(self, connection: Connection, of: str, account_id: str, by: str) -> str:
        """Make a one-time link for an account in the caller's transaction, and return its token."""
        token, now = new_token(), self._base.clock.now()
        connection.execute(delete(invite).where(invite.c.account == account_id, invite.c.used_at.is_(None)))
        connection.execute(
            insert(invite).values(
                digest=digest(token),
                organisation=of,
                account=account_id,
                created_at=now,
                expires_at=now + timedelta(hours=self._base.settings.invite_hours),
            )
        )
        self._base.audit.append(connection, of, by, "account.invite", account_id)
        return token

    def invited(self, connection: Connection, token: str) -> Row[Any]:
        """Return the account that a one-time link is for. Raises SignInRefused."""
        row = connection.execute(select(invite).where(invite.c.digest == digest(token))).one_or_none()
        if row is None or row.used_at is not None or self._base.clock.now() >= row.expires_at:
            raise SignInRefused(_WRONG_LINK)
        holder = one(connection, account, row.account, row.organisation)
        if holder.disabled_at is not None:
            raise SignInRefused(_WRONG_LINK)
        return holder

    def finish(self, connection: Connection, holder: Row[Any], token: str) -> None:
        """Use the link up: the account is set up."""
        now = self._base.clock.now()
        unused = (invite.c.digest == digest(token)) & invite.c.used_at.is_(None)
        if connection.execute(update(invite).where(unused).values(used_at=now)).rowcount != 1:
            raise SignInRefused(_WRONG_LINK)
        connection.execute(update(account).where(account.c.id == holder.id).values(enrolled_at=now))
        self._base.audit.append(connection, holder.organisation, holder.id, "account.enrol", holder.id)

    def _linked(self, connection: Connection, row: Row[Any]) -> bool:
        return connection.execute(select(identity.c.id).where(identity.c.account == row.id)).first() is not None

    def _new_recovery_codes(self, connection: Connection, holder: Row[Any]) -> tuple[str, ...]:
        codes = passwords.new_recovery_codes()
        connection.execute(delete(recovery_code).where(recovery_code.c.account == holder.id))
        rows = [
            {"id": new_id(), "organisation": holder.organisation, "account": holder.id, "digest": digest(code)}
            for code in codes
        ]
        connection.execute(insert(recovery_code), rows)
        return codes

    def _secret(self, connection: Connection, row: Row[Any]) -> str:
        return self._base.keys.open(connection, row.organisation, row.totp, f"account.totp|{row.id}").decode()
