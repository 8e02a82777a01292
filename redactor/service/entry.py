"""Signing in with a password and a second factor, and changing the password (ASVS 6.3, 6.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from redactor.access import Actor
from redactor.errors import SignInRefused
from redactor.service import passwords
from redactor.service.base import Base, digest
from redactor.service.sessions import Level, Sessions
from redactor.store.database import reading, writing
from redactor.store.records import account, recovery_code, session

WRONG = "The user name, password or code is not right."


class Entry:
    """Use cases of signing in."""

    def __init__(self, base: Base, sessions: Sessions) -> None:
        self._base, self._sessions = base, sessions

    def sign_in(self, username: str, password: str, address: str) -> str:
        """Check the first factor and return a challenge token for the second, good for five minutes.

        Args:
            address: network address of the person, for the throttle.

        Raises:
            SignInRefused: in the same words and time whatever was wrong.
            Throttled: after too many attempts.
        """
        username = username.strip().lower()
        self._sessions.count(f"account|{username}", f"address|{address}")
        with reading(self._base.engine) as connection:
            row = connection.execute(select(account).where(account.c.username == username)).one_or_none()
        usable = row is not None and row.disabled_at is None
        right = passwords.password_matches(row.password_hash if usable and row is not None else None, password)
        with writing(self._base.engine) as connection:
            if right and row is not None:
                return self._sessions.start(connection, row, Level.FIRST_FACTOR)
            if row is not None:
                self._base.audit.append(connection, row.organisation, row.id, "account.password_refused", row.id)
        raise SignInRefused(WRONG)

    def second_factor(self, challenge: str, code: str, address: str) -> str:
        """Check the authenticator's code and return the session token. Raises SignInRefused, Throttled."""
        return self._second(challenge, code, address, self._accept_totp, "account.sign_in")

    def recover(self, challenge: str, code: str, address: str) -> str:
        """Use up a recovery code instead of the authenticator and return the session token."""
        return self._second(challenge, code, address, self._accept_recovery, "account.sign_in_by_recovery_code")

    def change_password(self, actor: Actor, old: str, new: str) -> str:
        """Change the actor's own password; all sessions end and a new one's token is returned."""
        row = self.check_password(actor, old)
        hashed = passwords.hash_password(new, self._sessions.words_of(row))
        with writing(self._base.engine) as connection:
            connection.execute(update(account).where(account.c.id == row.id).values(password_hash=hashed))
            connection.execute(delete(session).where(session.c.account == row.id))
            self._base.audit.append(connection, row.organisation, row.id, "account.change_password", row.id)
            return self._sessions.start(connection, row)

    def has_password(self, actor: Actor) -> bool:
        """Say whether the actor's account has a password here; one that comes from a provider has none."""
        return self._base.row(account, actor.account, actor.organisation).password_hash is not None

    def check_password(self, actor: Actor, password: str) -> Row[Any]:
        """Ask the actor's own password again before something that matters, and return the account's row.

        Raises:
            SignInRefused: if it is not right.
            Throttled: after too many attempts.
        """
        self._sessions.count(f"change|{actor.account}")
        row = self._base.row(account, actor.account, actor.organisation)
        if not passwords.password_matches(row.password_hash, password):
            raise SignInRefused("The present password is not right.", next_step="Type it again.")
        return row

    def confirm(self, actor: Actor, password: str, session_token: str) -> None:
        """Ask again who it is: by the password, or where the account has none, by a session that has just begun.

        Raises:
            SignInRefused: if it is not right, or the session is too old.
        """
        if self.has_password(actor):
            self.check_password(actor, password)
        else:
            self._sessions.require_fresh(session_token)

    def _second(
        self,
        challenge: str,
        code: str,
        address: str,
        accept: Callable[[Connection, Row[Any], str], bool],
        action: str,
    ) -> str:
        with reading(self._base.engine) as connection:
            username = self._sessions.challenged(connection, challenge).username
        self._sessions.count(f"account|{username}", f"address|{address}")
        with writing(self._base.engine) as connection:
            holder = self._sessions.challenged(connection, challenge)
            right = holder.disabled_at is None and accept(connection, holder, code)
            if right and self._sessions.use_up(connection, challenge):
                passwords.forgive(connection, f"account|{username}")
                self._base.audit.append(connection, holder.organisation, holder.id, action, holder.id)
                return self._sessions.start(connection, holder)
            self._base.audit.append(connection, holder.organisation, holder.id, "account.code_refused", holder.id)
        raise SignInRefused(WRONG)

    def _accept_totp(self, connection: Connection, holder: Row[Any], code: str) -> bool:
        if holder.totp is None:
            return False
        place = f"account.totp|{holder.id}"
        secret = self._base.keys.open(connection, holder.organisation, holder.totp, place).decode()
        step = passwords.totp_step(secret, code, self._base.clock.now(), holder.totp_last_step)
        if step is None:
            return False
        unused = (account.c.id == holder.id) & (account.c.totp_last_step < step)
        return connection.execute(update(account).where(unused).values(totp_last_step=step)).rowcount == 1

    def _accept_recovery(self, connection: Connection, holder: Row[Any], code: str) -> bool:
        unused = (
            (recovery_code.c.account == holder.id)
            & (recovery_code.c.digest == digest(passwords.clean_code(code)))
            & recovery_code.c.used_at.is_(None)
        )
        used = connection.execute(update(recovery_code).where(unused).values(used_at=self._base.clock.now()))
        return used.rowcount == 1
