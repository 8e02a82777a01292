"""Accounts, signing in with two factors, and sessions (ASVS 6.3, 6.5, 7.2 to 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from redactor.access import AccountRole, Actor, Permission
from redactor.errors import BadArguments, Conflict, NotFound, SignInNeeded, SignInRefused, Throttled
from redactor.service import passwords
from redactor.service.base import SYSTEM, Base, digest, new_token, one
from redactor.service.organisations import create_organisation
from redactor.store.database import reading, writing
from redactor.store.records import account, invite, new_id, organisation, recovery_code, session

ISSUER = "Redactor"
CHALLENGE_TIME = timedelta(minutes=5)
SEEN_GRAIN = timedelta(seconds=30)  # a session's last use is written no more often than this
FIRST_USERNAME = "administrator"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._+\-]{1,60}(@[a-z0-9.\-]{1,60})?\Z")
_PASSWORD_ONLY, _FULL = "password", "full"
_WRONG = "The user name, password or code is not right."
_WRONG_LINK = "This link is not valid: it was used, has expired, or was mistyped."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an invited person needs to set up the account."""

    username: str
    name: str
    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new account: its session, and the recovery codes that are shown once."""

    session: str
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an administrator or a colleague sees it."""

    id: str
    username: str
    name: str
    roles: frozenset[AccountRole]
    active: bool
    enrolled: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of the actor; ``id`` ends it."""

    id: str
    created_at: datetime
    seen_at: datetime


class Accounts:
    """Use cases around accounts and sessions."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def first_link(self) -> str | None:
        """Make the first organisation and administrator, and return the one-time link token.

        Returns None once an administrator has set up the account. Called at every start of the service: an unused
        link is replaced by a new one.
        """
        with writing(self._base.engine) as connection:
            if connection.execute(select(func.count()).select_from(organisation)).scalar_one() == 0:
                made = create_organisation(self._base, connection, "Safeguarding partnership")
                self._add(connection, made, FIRST_USERNAME, "Administrator", {AccountRole.ADMINISTRATOR}, SYSTEM)
            waiting = account.c.password_hash.is_(None) & (account.c.username == FIRST_USERNAME)
            row = connection.execute(select(account).where(waiting)).one_or_none()
            return None if row is None else self._invite(connection, row.organisation, row.id, SYSTEM)

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
            return self._invite(connection, made, holder, SYSTEM)

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
            return self._invite(connection, actor.organisation, made, actor.account)

    def reset(self, actor: Actor, account_id: str) -> str:
        """Take away password, codes and sessions of an account and return the token of a new one-time link."""
        with self._base.act(actor, Permission.ACCOUNTS_MANAGE, subject=account_id) as connection:
            row = one(connection, account, account_id, actor.organisation)
            cleared = {"password_hash": None, "totp": None, "totp_last_step": 0}
            connection.execute(update(account).where(account.c.id == row.id).values(**cleared))
            connection.execute(delete(recovery_code).where(recovery_code.c.account == row.id))
            connection.execute(delete(session).where(session.c.account == row.id))
            return self._invite(connection, actor.organisation, row.id, actor.account)

    def enrolment(self, token: str) -> Enrolment:
        """Return what the holder of a one-time link needs to set up the account. Raises SignInRefused."""
        with writing(self._base.engine) as connection:
            row = self._invited(connection, token)
            if row.totp is None:
                secret = passwords.new_totp_secret()
                sealed = self._base.keys.seal(connection, row.organisation, secret, f"account.totp|{row.id}")
                connection.execute(update(account).where(account.c.id == row.id).values(totp=sealed, totp_last_step=0))
            else:
                secret = self._secret(connection, row)
            name = self._name(connection, row)
        return Enrolment(row.username, name, secret, passwords.totp_address(secret, row.username, ISSUER))

    def enrol(self, token: str, password: str, code: str) -> Enrolled:
        """Set the password and confirm the authenticator; the link is used up.

        Raises:
            SignInRefused: if the link or the code is not right.
            BadArguments: if the password is too weak.
        """
        now = self._base.clock.now()
        with reading(self._base.engine) as connection:
            username = self._invited(connection, token).username
        hashed = passwords.hash_password(password, username)
        with writing(self._base.engine) as connection:
            row = self._invited(connection, token)
            step = None
            if row.totp is not None:
                step = passwords.totp_step(self._secret(connection, row), code, now, row.totp_last_step)
            if step is None:
                raise SignInRefused("The code is not right.", next_step="Type the code that the application shows now.")
            connection.execute(
                update(account).where(account.c.id == row.id).values(password_hash=hashed, totp_last_step=step)
            )
            connection.execute(update(invite).where(invite.c.digest == digest(token)).values(used_at=now))
            codes = self._new_recovery_codes(connection, row)
            self._base.audit.append(connection, row.organisation, row.id, "account.enrol", row.id)
            return Enrolled(self._start(connection, row, _FULL), codes)

    def sign_in(self, username: str, password: str, address: str) -> str:
        """Check the first factor and return a challenge token for the second, good for five minutes.

        Args:
            address: network address of the person, for the throttle.

        Raises:
            SignInRefused: in the same words and time whatever was wrong.
            Throttled: after too many attempts.
        """
        username = username.strip().lower()
        self._count(f"account|{username}", f"address|{address}")
        with reading(self._base.engine) as connection:
            row = connection.execute(select(account).where(account.c.username == username)).one_or_none()
        usable = row is not None and row.disabled_at is None
        right = passwords.password_matches(row.password_hash if usable and row is not None else None, password)
        with writing(self._base.engine) as connection:
            if right and row is not None:
                return self._start(connection, row, _PASSWORD_ONLY)
            if row is not None:
                self._base.audit.append(connection, row.organisation, row.id, "account.password_refused", row.id)
        raise SignInRefused(_WRONG)

    def second_factor(self, challenge: str, code: str, address: str) -> str:
        """Check the authenticator's code and return the session token. Raises SignInRefused, Throttled."""
        return self._second(challenge, code, address, self._accept_totp, "account.sign_in")

    def recover(self, challenge: str, code: str, address: str) -> str:
        """Use up a recovery code instead of the authenticator and return the session token."""
        return self._second(challenge, code, address, self._accept_recovery, "account.sign_in_by_recovery_code")

    def resume(self, token: str) -> Actor:
        """Return who is signed in, read afresh from the records.

        Raises:
            SignInNeeded: if the session is unknown, was idle too long, or has reached its end.
        """
        now, idle = self._base.clock.now(), timedelta(seconds=self._base.settings.session_idle_seconds)
        with reading(self._base.engine) as connection:
            row = self._session(connection, token, _FULL)
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
            row = self._session(connection, token, _FULL)
            if row is not None:
                connection.execute(delete(session).where(session.c.digest == row.digest))
                self._base.audit.append(connection, row.organisation, row.account, "account.sign_out", row.account)

    def sessions(self, actor: Actor) -> tuple[SessionView, ...]:
        """Return the actor's own sessions, newest first."""
        with reading(self._base.engine) as connection:
            rows = connection.execute(
                select(session)
                .where(session.c.account == actor.account, session.c.level == _FULL)
                .order_by(session.c.created_at.desc())
            )
            return tuple(SessionView(row.digest, row.created_at, row.seen_at) for row in rows)

    def end_session(self, actor: Actor, session_id: str) -> None:
        """End one of the actor's own sessions."""
        with writing(self._base.engine) as connection:
            mine = (session.c.digest == session_id) & (session.c.account == actor.account)
            connection.execute(delete(session).where(mine))
            self._base.audit.append(connection, actor.organisation, actor.account, "account.end_session", actor.account)

    def change_password(self, actor: Actor, old: str, new: str) -> str:
        """Change the actor's own password; all sessions end and a new one's token is returned."""
        row = self.check_password(actor, old)
        hashed = passwords.hash_password(new, row.username)
        with writing(self._base.engine) as connection:
            connection.execute(update(account).where(account.c.id == row.id).values(password_hash=hashed))
            connection.execute(delete(session).where(session.c.account == row.id))
            self._base.audit.append(connection, row.organisation, row.id, "account.change_password", row.id)
            return self._start(connection, row, _FULL)

    def check_password(self, actor: Actor, password: str) -> Row[Any]:
        """Ask the actor's own password again before something that matters, and return the account's row.

        Raises:
            SignInRefused: if it is not right.
            Throttled: after too many attempts.
        """
        self._count(f"change|{actor.account}")
        row = self._base.row(account, actor.account, actor.organisation)
        if not passwords.password_matches(row.password_hash, password):
            raise SignInRefused("The present password is not right.", next_step="Type it again.")
        return row

    def actor_of(self, connection: Connection, holder: Row[Any]) -> Actor:
        """Return the actor of an account's row inside another use case's transaction."""
        return Actor(holder.id, holder.organisation, _roles(holder.roles), self._name(connection, holder))

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
            connection.execute(update(account).where(account.c.id == row.id).values(roles=_joined(wanted)))
            self._base.audit.append(
                connection,
                actor.organisation,
                actor.account,
                "account.set_roles",
                row.id,
                detail={"roles": _joined(wanted).replace(" ", "+")},
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
                self._name(connection, row),
                _roles(row.roles),
                row.disabled_at is None,
                row.password_hash is not None,
            )
            for row in rows.all()
        )

    def _count(self, *whom: str) -> None:
        now, limits = self._base.clock.now(), []
        with writing(self._base.engine) as connection:
            for who in whom:
                allowed = passwords.ADDRESS_ATTEMPTS if who.startswith("address|") else passwords.ACCOUNT_ATTEMPTS
                limits.append(passwords.attempt(connection, who, allowed, now))
        if not all(limits):
            raise Throttled("There were too many attempts.")

    def _second(self, challenge: str, code: str, address: str, accept: Any, action: str) -> str:
        with reading(self._base.engine) as connection:
            row = self._session(connection, challenge, _PASSWORD_ONLY)
            if row is None or self._base.clock.now() >= row.expires_at:
                raise SignInRefused("The time for the second step has run out.", next_step="Sign in again.")
            username = one(connection, account, row.account, row.organisation).username
        self._count(f"account|{username}", f"address|{address}")
        with writing(self._base.engine) as connection:
            holder = one(connection, account, row.account, row.organisation)
            if holder.disabled_at is None and accept(connection, holder, code):
                # The challenge dies with its use: a full session has a new token (ASVS 7.2.4).
                used = connection.execute(delete(session).where(session.c.digest == row.digest)).rowcount
                if used == 1:
                    passwords.forgive(connection, f"account|{username}")
                    self._base.audit.append(connection, holder.organisation, holder.id, action, holder.id)
                    return self._start(connection, holder, _FULL)
            self._base.audit.append(connection, holder.organisation, holder.id, "account.code_refused", holder.id)
        raise SignInRefused(_WRONG)

    def _accept_totp(self, connection: Connection, holder: Row[Any], code: str) -> bool:
        if holder.totp is None:
            return False
        secret = self._secret(connection, holder)
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

    def _new_recovery_codes(self, connection: Connection, holder: Row[Any]) -> tuple[str, ...]:
        codes = passwords.new_recovery_codes()
        connection.execute(delete(recovery_code).where(recovery_code.c.account == holder.id))
        rows = [
            {"id": new_id(), "organisation": holder.organisation, "account": holder.id, "digest": digest(code)}
            for code in codes
        ]
        connection.execute(insert(recovery_code), rows)
        return codes

    def _add(self, connection: Connection, of: str, username: str, name: str, roles: set[AccountRole], by: str) -> str:
        made = new_id()
        connection.execute(
            insert(account).values(
                id=made,
                organisation=of,
                username=username,
                name=self._base.keys.seal(connection, of, name, f"account.name|{made}"),
                roles=_joined(roles),
                totp_last_step=0,
                created_at=self._base.clock.now(),
            )
        )
        self._base.audit.append(
            connection, of, by, "account.create", made, detail={"roles": _joined(roles).replace(" ", "+")}
        )
        return made

    def _invite(self, connection: Connection, of: str, account_id: str, by: str) -> str:
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

    def _invited(self, connection: Connection, token: str) -> Row[Any]:
        row = connection.execute(select(invite).where(invite.c.digest == digest(token))).one_or_none()
        if row is None or row.used_at is not None or self._base.clock.now() >= row.expires_at:
            raise SignInRefused(_WRONG_LINK)
        holder = one(connection, account, row.account, row.organisation)
        if holder.disabled_at is not None:
            raise SignInRefused(_WRONG_LINK)
        return holder

    def _start(self, connection: Connection, holder: Row[Any], level: str) -> str:
        token, now = new_token(), self._base.clock.now()
        lifetime = timedelta(seconds=self._base.settings.session_seconds) if level == _FULL else CHALLENGE_TIME
        connection.execute(delete(session).where(session.c.expires_at <= now))
        connection.execute(
            insert(session).values(
                digest=digest(token),
                organisation=holder.organisation,
                account=holder.id,
                level=level,
                created_at=now,
                seen_at=now,
                expires_at=now + lifetime,
            )
        )
        return token

    def _session(self, connection: Connection, token: str, level: str) -> Row[Any] | None:
        this = (session.c.digest == digest(token)) & (session.c.level == level)
        return connection.execute(select(session).where(this)).one_or_none()

    def _secret(self, connection: Connection, row: Row[Any]) -> str:
        return self._base.keys.open(connection, row.organisation, row.totp, f"account.totp|{row.id}").decode()

    def _name(self, connection: Connection, row: Row[Any]) -> str:
        return self._base.keys.open(connection, row.organisation, row.name, f"account.name|{row.id}").decode()


def _joined(roles: Iterable[AccountRole]) -> str:
    return " ".join(sorted(role.value for role in roles))


def _roles(stored: str) -> frozenset[AccountRole]:
    return frozenset(AccountRole(word) for word in stored.split())
