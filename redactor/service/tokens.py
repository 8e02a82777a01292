"""Tokens of programs: made by a person for what that person may do, and for no longer than a year.

Only a digest is stored (ASVS 11.4.2); a token never allows more than its owner may at the moment of the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from redactor.access import Actor, Permission
from redactor.errors import BadArguments, NotFound, SignInNeeded, SignInRefused
from redactor.service.base import NO_SUCH_THING, Base, digest, new_token, one
from redactor.service.entry import Entry
from redactor.service.sessions import SEEN_GRAIN, Sessions
from redactor.store.database import reading, writing
from redactor.store.identities import api_token
from redactor.store.records import account, new_id

PREFIX = "redactor_"  # secret scanners know a token by it
LONGEST_DAYS = 365
LONGEST_NAME = 120
_NOT_VALID = "The token is missing, wrong, expired or revoked."


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it; the token itself is shown once, when it is made."""

    id: str
    name: str
    scopes: tuple[Permission, ...]
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """Use cases around tokens; all are the owner's own."""

    def __init__(self, base: Base, entry: Entry, sessions: Sessions) -> None:
        self._base, self._entry, self._sessions = base, entry, sessions

    def create(self, actor: Actor, password: str, name: str, scopes: Iterable[Permission], days: int) -> str:
        """Make a token and return it; it cannot be shown again.

        Args:
            password: the actor's own, asked again because a token outlives the session (ASVS 7.5.1).
            scopes: what the token allows, each of which the actor may do now.
            days: how long it works.

        Raises:
            BadArguments: if a scope is not the actor's, or the time is out of range.
            SignInRefused: if the password is not right.
        """
        wanted, name = sorted(set(scopes)), name.strip()
        if actor.scopes is not None:
            raise SignInRefused("A token cannot make another token.", next_step="Make it on your account's page.")
        if not wanted or not all(actor.may(scope) for scope in wanted):
            raise BadArguments("A token needs at least one scope, and only such as you have.")
        if not 1 <= days <= LONGEST_DAYS or not 1 <= len(name) <= LONGEST_NAME:
            raise BadArguments(f"A token needs a name and works for 1 to {LONGEST_DAYS} days.")
        self._entry.check_password(actor, password)
        made, token, now = new_id(), PREFIX + new_token(), self._base.clock.now()
        with writing(self._base.engine) as connection:
            connection.execute(
                insert(api_token).values(
                    id=made,
                    digest=digest(token),
                    organisation=actor.organisation,
                    account=actor.account,
                    name=self._base.keys.seal(connection, actor.organisation, name, f"api_token.name|{made}"),
                    scopes=" ".join(wanted),
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                )
            )
            detail = {"scopes": len(wanted), "days": days}
            self._base.audit.append(connection, actor.organisation, actor.account, "token.create", made, detail=detail)
        return token

    def list(self, actor: Actor) -> tuple[TokenView, ...]:
        """Return the actor's own tokens, newest first."""
        with reading(self._base.engine) as connection:
            mine = (api_token.c.account == actor.account) & (api_token.c.organisation == actor.organisation)
            rows = connection.execute(select(api_token).where(mine).order_by(api_token.c.created_at.desc())).all()
            return tuple(
                TokenView(
                    row.id,
                    self._base.keys.open(connection, row.organisation, row.name, f"api_token.name|{row.id}").decode(),
                    _scopes(row),
                    row.created_at,
                    row.expires_at,
                    row.seen_at,
                    row.revoked_at,
                )
                for row in rows
            )

    def revoke(self, actor: Actor, token_id: str) -> None:
        """End one of the actor's own tokens at once; once is as good as twice. Raises NotFound for anybody else's."""
        with writing(self._base.engine) as connection:
            mine = (api_token.c.id == token_id) & (api_token.c.account == actor.account)
            if connection.execute(select(api_token.c.id).where(mine)).one_or_none() is None:
                raise NotFound(NO_SUCH_THING)
            live = mine & api_token.c.revoked_at.is_(None)
            if connection.execute(update(api_token).where(live).values(revoked_at=self._base.clock.now())).rowcount:
                self._base.audit.append(connection, actor.organisation, actor.account, "token.revoke", token_id)

    def resume(self, token: str) -> Actor:
        """Return for whom a token speaks, read afresh, with no more than its scopes. Raises SignInNeeded."""
        now = self._base.clock.now()
        with reading(self._base.engine) as connection:
            row = connection.execute(select(api_token).where(api_token.c.digest == digest(token))).one_or_none()
            if row is None or row.revoked_at is not None or now >= row.expires_at:
                raise SignInNeeded(_NOT_VALID, next_step="Send a valid token as 'Authorization: Bearer'.")
            holder = one(connection, account, row.account, row.organisation)
            if holder.disabled_at is not None:
                raise SignInNeeded(_NOT_VALID, next_step="Ask an administrator about your account.")
            actor = self._sessions.actor_of(connection, holder)
        if row.seen_at is None or now - row.seen_at >= SEEN_GRAIN:
            with writing(self._base.engine) as connection:
                connection.execute(update(api_token).where(api_token.c.id == row.id).values(seen_at=now))
        return replace(actor, scopes=frozenset(_scopes(row)))


def _scopes(row: Row[Any]) -> tuple[Permission, ...]:
    known = {permission.value for permission in Permission}
    return tuple(Permission(word) for word in row.scopes.split() if word in known)
