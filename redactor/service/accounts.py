"""Accounts as an administrator looks after them: inviting, roles, closing, and the first of all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from redactor.access import AccountRole, Actor, Permission
from redactor.errors import BadArguments, Conflict, NotFound
from redactor.service.base import SYSTEM, Base, one
from redactor.service.enrolments import Enrolments
from redactor.service.organisations import create_organisation
from redactor.service.sessions import Sessions, noted_roles, read_roles, stored_roles
from redactor.store.database import reading, writing
from redactor.store.identities import identity, passkey
from redactor.store.records import account, new_id, organisation, recovery_code, session

FIRST_USERNAME = "administrator"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._+\-]{1,60}(@[a-z0-9.\-]{1,60})?\Z")


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an administrator or a colleague sees it."""

    id: str
    username: str
    name: str
    roles: frozenset[AccountRole]
    active: bool
    enrolled: bool


class Accounts:
    """Use cases around accounts."""

    def __init__(self, base: Base, sessions: Sessions, enrolments: Enrolments) -> None:
        self._base, self._sessions, self._enrolments = base, sessions, enrolments

    def first_link(self) -> str | None:
        """Make the first organisation and administrator, and return the one-time link token.

        Returns None once an administrator has set up the account. Called at every start of the service: an unused
        link is replaced by a new one.
        """
        with writing(self._base.engine) as connection:
            if connection.execute(select(func.count()).select_from(organisation)).scalar_one() == 0:
                made = create_organisation(self._base, connection, "Safeguarding partnership")
                self._add(connection, made, FIRST_USERNAME, "Administrator", {AccountRole.ADMINISTRATOR}, SYSTEM)
            waiting = account.c.enrolled_at.is_(None) & (account.c.username == FIRST_USERNAME)
            row = connection.execute(select(account).where(waiting)).one_or_none()
            return None if row is None else self._enrolments.invite(connection, row.organisation, row.id, SYSTEM)

    def add_organisation(self, name: str, username: str) -> str:
        """Make one more organisation on this service, with keys and a record of its own; return its administrator's
        one-time link token.

        Raises:
            Conflict: if the user name is taken.
        """
        if not name.strip() or not _USERNAME.match(username):
            raise BadArguments("An organisation needs a name, and its administrator a plain user name.")
        with writing(self._base.engine) as connection:
            if connection.execute(select(account.c.id).where(account.c.username == username)).first():
                raise Conflict("This user name is taken.", next_step="Choose another.")
            made = create_organisation(self._base, connection, name.strip())
            holder = self._add(connection, made, username, "Administrator", {AccountRole.ADMINISTRATOR}, SYSTEM)
            return self._enrolments.invite(connection, made, holder, SYSTEM)

    def system_actor(self) -> Actor:
        """Return the actor of the command line here: whoever reads the master key administers the service."""
        with reading(self._base.engine) as connection:
            first = connection.execute(select(organisation.c.id).order_by(organisation.c.created_at)).scalars().first()
        if first is None:
            raise NotFound("The service was not set up yet.", next_step="Run 'redactor serve' once.")
        return Actor(SYSTEM, first, frozenset({AccountRole.ADMINISTRATOR}))

    def invite(self, actor: Actor, username: str, name: str, roles: Iterable[AccountRole]) -> str:
        """Create an account and return the token of its one-time link (shown once).

        Raises:
            BadArguments: if the user name has other characters than letters, digits and . _ + - @, or is taken.
        """
        username, wanted = username.strip().lower(), set(roles)
        if not _USERNAME.match(username) or not name.strip() or not wanted:
            raise BadArguments(
                "An account needs a user name of plain letters and digits, a name and a role.",
                next_step="An e-mail address serves well as user name.",
            )
        with self._base.act(actor, Permission.ACCOUNTS_MANAGE) as connection:
            if connection.execute(select(account.c.id).where(account.c.username == username)).first():
                raise Conflict("This user name is taken.", next_step="Choose another.")
            made = self._add(connection, actor.organisation, username, name.strip(), wanted, actor.account)
            return self._enrolments.invite(connection, actor.organisation, made, actor.account)

    def reset(self, actor: Actor, account_id: str) -> str:
        """Take away every way into an account and its sessions, and return the token of a new one-time link."""
        with self._base.act(actor, Permission.ACCOUNTS_MANAGE, subject=account_id) as connection:
            row = one(connection, account, account_id, actor.organisation)
            cleared = {"password_hash": None, "totp": None, "totp_last_step": 0, "enrolled_at": None}
            connection.execute(update(account).where(account.c.id == row.id).values(**cleared))
            for table in (recovery_code, session, identity, passkey):
                connection.execute(delete(table).where(table.c.account == row.id))
            return self._enrolments.invite(connection, actor.organisation, row.id, actor.account)

    def list(self, actor: Actor) -> tuple[AccountView, ...]:
        """Return all accounts of the organisation, for its administrator."""
        with self._base.look(actor, Permission.ACCOUNTS_MANAGE) as connection:
            return self._all(connection, actor.organisation)

    def colleagues(self, actor: Actor) -> tuple[AccountView, ...]:
        """Return the active accounts that can be put on a case, for whoever may put them there."""
        if not (actor.may(Permission.CASE_MEMBERS) or actor.may(Permission.CASE_CREATE)):
            return ()
        with reading(self._base.engine) as connection:
            return tuple(view for view in self._all(connection, actor.organisation) if view.active)

    def set_roles(self, actor: Actor, account_id: str, roles: Iterable[AccountRole]) -> None:
        """Change what an account is for; it holds from the next request on."""
        wanted = set(roles)
        if account_id == actor.account or not wanted:
            raise BadArguments("Roles of your own account cannot be changed, and no account is without a role.")
        with self._base.act(actor, Permission.ACCOUNTS_MANAGE, subject=account_id) as connection:
            row = one(connection, account, account_id, actor.organisation)
            connection.execute(update(account).where(account.c.id == row.id).values(roles=stored_roles(wanted)))
            self._base.audit.append(
                connection,
                actor.organisation,
                actor.account,
                "account.set_roles",
                row.id,
                detail=noted_roles(wanted),
            )

    def disable(self, actor: Actor, account_id: str) -> None:
        """Close an account and end its sessions, in one transaction (ASVS 7.4.2)."""
        if account_id == actor.account:
            raise BadArguments("You cannot disable your own account.", next_step="Ask another administrator.")
        self._set_disabled(actor, account_id, self._base.clock.now(), "account.disable")

    def enable(self, actor: Actor, account_id: str) -> None:
        """Open a closed account again."""
        self._set_disabled(actor, account_id, None, "account.enable")

    def _set_disabled(self, actor: Actor, account_id: str, at: datetime | None, action: str) -> None:
        with self._base.act(actor, Permission.ACCOUNTS_MANAGE, subject=account_id) as connection:
            row = one(connection, account, account_id, actor.organisation)
            connection.execute(update(account).where(account.c.id == row.id).values(disabled_at=at))
            connection.execute(delete(session).where(session.c.account == row.id))
            self._base.audit.append(connection, actor.organisation, actor.account, action, row.id)

    def _all(self, connection: Connection, of: str) -> tuple[AccountView, ...]:
        rows = connection.execute(select(account).where(account.c.organisation == of).order_by(account.c.username))
        return tuple(
            AccountView(
                row.id,
                row.username,
                self._sessions.name_of(connection, row),
                read_roles(row.roles),
                row.disabled_at is None,
                row.enrolled_at is not None,
            )
            for row in rows.all()
        )

    def _add(self, connection: Connection, of: str, username: str, name: str, roles: set[AccountRole], by: str) -> str:
        made = new_id()
        connection.execute(
            insert(account).values(
                id=made,
                organisation=of,
                username=username,
                name=self._base.keys.seal(connection, of, name, f"account.name|{made}"),
                roles=stored_roles(roles),
                totp_last_step=0,
                created_at=self._base.clock.now(),
            )
        )
        self._base.audit.append(connection, of, by, "account.create", made, detail=noted_roles(roles))
        return made
