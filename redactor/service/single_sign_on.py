"""Single sign-on: an account is linked to the organisation's identity provider by an administrator's invitation alone.

Nobody comes in because the provider knows them; the one-time link says whose account it is (ASVS 10.5.2).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from redactor.access import AccountRole
from redactor.errors import NotFound, SignInRefused, UnsafeConfiguration
from redactor.identity import Flow, Provider, new_flow
from redactor.service.base import NO_SUCH_THING, Base, digest, one
from redactor.service.enrolments import Enrolments
from redactor.service.sessions import Level, Sessions, noted_roles, read_roles, stored_roles
from redactor.settings import Settings
from redactor.store.database import writing
from redactor.store.identities import identity, passkey
from redactor.store.records import account, new_id

_NOT_FROM_GROUPS = frozenset({AccountRole.RECIPIENT})


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it must bring back."""

    address: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back from the provider.

    Args:
        issuer: who answered, where the provider says so (RFC 9207).
        refused: True when the provider sent an error instead of a code.
    """

    state: str
    code: str
    issuer: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far somebody is: signed in, at the second factor, or setting up the authenticator.

    Args:
        session: token of a full session, or "".
        challenge: token for the second factor, or "".
    """

    session: str = ""
    challenge: str = ""


def group_roles(settings: Settings) -> Mapping[str, AccountRole]:
    """Return the roles by group as they are set. Raises UnsafeConfiguration for one that there is not."""
    known = {role.value: role for role in AccountRole if role not in _NOT_FROM_GROUPS}
    if unknown := sorted(set(settings.oidc_roles.values()) - known.keys()):
        raise UnsafeConfiguration(
            f"REDACTOR_OIDC_ROLES names roles that there are not: {', '.join(unknown)}.",
            next_step=f"Use {', '.join(sorted(known))}.",
        )
    return {group: known[name] for group, name in settings.oidc_roles.items()}


class SingleSignOn:
    """Use cases of signing in through the identity provider."""

    def __init__(self, base: Base, sessions: Sessions, enrolments: Enrolments) -> None:
        self._base, self._sessions, self._enrolments = base, sessions, enrolments
        of = base.settings
        secret = of.oidc_client_secret.get_secret_value() if of.oidc_client_secret else ""
        self._roles = group_roles(of)
        self._provider = Provider(of.oidc_issuer, of.oidc_client_id, secret) if of.oidc_issuer else None

    @property
    def ready(self) -> bool:
        """Say whether a provider is set."""
        return self._provider is not None

    @property
    def name(self) -> str:
        """Return what people call the provider; "" where there is none."""
        return self._base.settings.oidc_name if self.ready else ""

    def depart(self, back: str, address: str, link: str = "") -> Departure:
        """Begin: return the provider's address for the browser.

        Args:
            back: this service's address to which the provider answers.
            address: network address of the person, for the throttle.
            link: one-time link of an invitation that is to be linked.

        Raises:
            SignInRefused: if the link is not valid.
            ProviderAway: if the provider does not answer.
        """
        self._sessions.count(f"address|{address}")
        if link:
            with writing(self._base.engine) as connection:
                self._enrolments.invited(connection, link)
        flow = new_flow()
        return Departure(self._known().departure(flow, back, self._base.clock.now()), flow)

    def arrive(self, flow: Flow, answer: Answer, back: str, address: str, link: str = "") -> Arrival:
        """Check the provider's answer and let the person in as far as it proves.

        Args:
            flow: what the browser kept from the departure.

        Raises:
            SignInRefused: if the answer is not of this attempt, nobody is linked to it, or it gives no role.
            ProviderAway: if the provider does not answer.
        """
        self._sessions.count(f"address|{address}")
        ours = answer.issuer in ("", self._base.settings.oidc_issuer)
        if answer.refused or not ours or not hmac.compare_digest(flow.state, answer.state):
            raise SignInRefused("The sign-in was not finished.", next_step="Start again from the sign-in page.")
        claims = self._known().claims(flow, back, answer.code, self._base.clock.now())
        refusal = None
        with writing(self._base.engine) as connection:
            holder = self._linked(connection, claims, link) if link else self._holder(connection, claims)
            if (roles := self._roles_of(claims)) is not None and not roles:
                refusal = "Your organisation's groups give you no role in this service."
            elif holder.disabled_at is not None:
                refusal = "Your account here is closed."
            if refusal is None:
                if roles is not None:
                    self._follow(connection, holder, roles)
                return self._let_in(connection, holder, claims, link)
            self._base.audit.append(connection, holder.organisation, holder.id, "account.provider_refused", holder.id)
        raise SignInRefused(refusal, next_step="Ask an administrator of this service.")

    def _known(self) -> Provider:
        if self._provider is None:
            raise NotFound(NO_SUCH_THING)
        return self._provider

    def _let_in(self, connection: Connection, holder: Row[Any], claims: Mapping[str, Any], link: str) -> Arrival:
        proven = bool(set(claims.get("amr") or ()) & set(self._base.settings.oidc_amr))
        if link:
            if not proven:
                return Arrival()  # the authenticator comes next, with the same link
            self._enrolments.finish(connection, holder, link)
        elif holder.enrolled_at is None:
            raise SignInRefused("Your account is not set up yet.", next_step="Open your one-time link again.")
        elif not proven and not self._second_factor(connection, holder):
            raise SignInRefused(
                "Your organisation did not say that it asked for a second factor, and your account has none here.",
                next_step="Ask an administrator for a new one-time link, and set up an authenticator with it.",
            )
        if not proven:
            return Arrival(challenge=self._sessions.start(connection, holder, Level.FIRST_FACTOR))
        self._base.audit.append(connection, holder.organisation, holder.id, "account.sign_in_by_provider", holder.id)
        return Arrival(session=self._sessions.start(connection, holder))

    def _second_factor(self, connection: Connection, holder: Row[Any]) -> bool:
        mine = select(passkey.c.id).where(passkey.c.account == holder.id)
        return holder.totp_last_step > 0 or connection.execute(mine).first() is not None

    def _holder(self, connection: Connection, claims: Mapping[str, Any]) -> Row[Any]:
        known = (
            update(identity)
            .where(identity.c.digest == _digest(claims))
            .values(seen_at=self._base.clock.now())
            .returning(identity.c.account, identity.c.organisation)
        )
        row = connection.execute(known).one_or_none()
        if row is None:
            raise SignInRefused(
                "No account here is linked to you.", next_step="Ask an administrator of this service for an invitation."
            )
        return one(connection, account, row.account, row.organisation)

    def _linked(self, connection: Connection, claims: Mapping[str, Any], link: str) -> Row[Any]:
        holder = self._enrolments.invited(connection, link)
        key, now = _digest(claims), self._base.clock.now()
        taken = connection.execute(select(identity.c.account).where(identity.c.digest == key)).scalar_one_or_none()
        if taken not in (None, holder.id):
            raise SignInRefused("You have another account here.", next_step="Sign in with that, or have it reset.")
        connection.execute(delete(identity).where(identity.c.account == holder.id))
        connection.execute(
            insert(identity).values(
                id=new_id(),
                digest=key,
                organisation=holder.organisation,
                account=holder.id,
                created_at=now,
                seen_at=now,
            )
        )
        self._base.audit.append(connection, holder.organisation, holder.id, "account.link_provider", holder.id)
        return holder

    def _roles_of(self, claims: Mapping[str, Any]) -> frozenset[AccountRole] | None:
        """Return the roles that the groups give; None where roles are the administrator's to set."""
        if not self._roles:
            return None
        named = claims.get(self._base.settings.oidc_groups_claim)
        groups = named if isinstance(named, list) else []
        return frozenset(self._roles[group] for group in groups if isinstance(group, str) and group in self._roles)

    def _follow(self, connection: Connection, holder: Row[Any], roles: frozenset[AccountRole]) -> None:
        if read_roles(holder.roles) == roles:
            return
        stored = stored_roles(roles)
        connection.execute(update(account).where(account.c.id == holder.id).values(roles=stored))
        detail = noted_roles(roles)
        self._base.audit.append(
            connection, holder.organisation, holder.id, "account.follow_groups", holder.id, detail=detail
        )


def _digest(claims: Mapping[str, Any]) -> str:
    return digest(f"{claims['iss']}|{claims['sub']}")
