"""Sessions: who is signed in, until when, and how much of signing in is done (ASVS 7.2 to 7.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from redactor.access import AccountRole, Actor
from redactor.errors import SignInNeeded, SignInRefused, Throttled
from redactor.service import passwords
from redactor.service.base import Base, digest, new_token, one
from redactor.store.database import reading, writing
from redactor.store.records import account, organisation, session

CHALLENGE_TIME = timedelta(minutes=5)
FRESH_TIME = timedelta(minutes=10)
SEEN_GRAIN = timedelta(seconds=30)  # a session's last use is written no more often than this


class Level(StrEnum):
    """How much of signing in is done."""

    FIRST_FACTOR = "password"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of the actor; ``id`` ends it."""

    id: str
    created_at: datetime
    seen_at: datetime


class Sessions:
    """Use cases around sessions; the ways of signing in begin them here."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def resume(self, token: str) -> Actor:
        """Return who is signed in, read afresh from the records.

        Raises:
            SignInNeeded: if the session is unknown, was idle too long, or has reached its end.
        """
        now, idle = self._base.clock.now(), timedelta(seconds=self._base.settings.session_idle_seconds)
        with reading(self._base.engine) as connection:
            row = self.find(connection, token, Level.FULL)
            if row is None or now >= row.expires_at or now - row.seen_at >= idle:
                raise SignInNeeded("You are not signed in, or your session has ended.")
            actor = self.actor_of(connection, one(connection, account, row.account, row.organisation))
        if now - row.seen_at >= SEEN_GRAIN:
            with writing(self._base.engine) as connection:
                connection.execute(update(session).where(session.c.digest == row.digest).values(seen_at=now))
        return actor

    def sign_out(self, token: str) -> None:
        """End a session for good."""
        with writing(self._base.engine) as connection:
            row = self.find(connection, token, Level.FULL)
            if row is not None:
                connection.execute(delete(session).where(session.c.digest == row.digest))
                self._base.audit.append(connection, row.organisation, row.account, "account.sign_out", row.account)

    def list(self, actor: Actor) -> tuple[SessionView, ...]:
        """Return the actor's own sessions, newest first."""
        with reading(self._base.engine) as connection:
            rows = connection.execute(
                select(session)
                .where(session.c.account == actor.account, session.c.level == Level.FULL.value)
                .order_by(session.c.created_at.desc())
            )
            return tuple(SessionView(row.digest, row.created_at, row.seen_at) for row in rows)

    def end(self, actor: Actor, session_id: str) -> None:
        """End one of the actor's own sessions."""
        with writing(self._base.engine) as connection:
            mine = (session.c.digest == session_id) & (session.c.account == actor.account)
            connection.execute(delete(session).where(mine))
            self._base.audit.append(connection, actor.organisation, actor.account, "account.end_session", actor.account)

    def require_fresh(self, token: str) -> None:
        """Let only a session go on that began a short while ago (ASVS 7.5.1). Raises SignInRefused."""
        with reading(self._base.engine) as connection:
            row = self.find(connection, token, Level.FULL)
        if row is None or self._base.clock.now() - row.created_at >= FRESH_TIME:
            raise SignInRefused(
                "You signed in too long ago for this step.", next_step="Sign out, sign in again, and repeat it."
            )

    def actor_of(self, connection: Connection, holder: Row[Any]) -> Actor:
        """Return the actor of an account's row inside another use case's transaction."""
        return Actor(holder.id, holder.organisation, read_roles(holder.roles), self.name_of(connection, holder))

    def words_of(self, row: Row[Any]) -> tuple[str, ...]:
        """Return what a password of an account must not lean on: its user name, its person and its organisation."""
        with reading(self._base.engine) as connection:
            of = connection.execute(select(organisation.c.name).where(organisation.c.id == row.organisation))
            return row.username, self.name_of(connection, row), of.scalar_one()

    def name_of(self, connection: Connection, holder: Row[Any]) -> str:
        """Return the name of an account's holder."""
        return self._base.keys.open(connection, holder.organisation, holder.name, f"account.name|{holder.id}").decode()

    def start(self, connection: Connection, holder: Row[Any], level: Level = Level.FULL) -> str:
        """Begin a session, or the short one in which the second factor is asked, and return its token."""
        token, now = new_token(), self._base.clock.now()
        lifetime = timedelta(seconds=self._base.settings.session_seconds) if level is Level.FULL else CHALLENGE_TIME
        connection.execute(delete(session).where(session.c.expires_at <= now))
        connection.execute(
            insert(session).values(
                digest=digest(token),
                organisation=holder.organisation,
                account=holder.id,
                level=level.value,
                created_at=now,
                seen_at=now,
                expires_at=now + lifetime,
            )
        )
        return token

    def find(self, connection: Connection, token: str, level: Level) -> Row[Any] | None:
        """Return the row of a token at this level, whatever its age."""
        this = (session.c.digest == digest(token)) & (session.c.level == level.value)
        return connection.execute(select(session).where(this)).one_or_none()

    def challenged(self, connection: Connection, challenge: str) -> Row[Any]:
        """Return the account whose first factor a challenge token proves. Raises SignInRefused."""
        row = self.find(connection, challenge, Level.FIRST_FACTOR)
        if row is None or self._base.clock.now() >= row.expires_at:
            raise SignInRefused("The time for the second step has run out.", next_step="Sign in again.")
        return one(connection, account, row.account, row.organisation)

    def use_up(self, connection: Connection, challenge: str) -> bool:
        """End a challenge, and say whether it was still there: a full session has a new token (ASVS 7.2.4)."""
        return connection.execute(delete(session).where(session.c.digest == digest(challenge))).rowcount == 1

    def count(self, *whom: str) -> None:
        """Count an attempt of each before it is made. Raises Throttled."""
        now, limits = self._base.clock.now(), []
        with writing(self._base.engine) as connection:
            for who in whom:
                allowed = passwords.ADDRESS_ATTEMPTS if who.startswith("address|") else passwords.ACCOUNT_ATTEMPTS
                limits.append(passwords.attempt(connection, who, allowed, now))
        if not all(limits):
            raise Throttled("There were too many attempts.")


def stored_roles(roles: Iterable[AccountRole]) -> str:
    """Return roles as they stand in the records."""
    return " ".join(sorted(role.value for role in roles))


def noted_roles(roles: Iterable[AccountRole]) -> dict[str, bool]:
    """Return roles as an audit event takes them: a word for each."""
    return {role.value: True for role in sorted(roles)}


def read_roles(stored: str) -> frozenset[AccountRole]:
    """Return roles from the records."""
    return frozenset(AccountRole(word) for word in stored.split())
