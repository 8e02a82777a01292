"""Yourself, accounts, the agreement, and the organisation's record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from redactor.access import AccountRole, Permission
from redactor.service.accounts import AccountView
from redactor.service.agreements import SHORTEST_TEXT, Agreement
from redactor.store.audit import Event
from redactor.web.api.cases import After, Line
from redactor.web.api.openapi import document
from redactor.web.api.operations import Model, operation
from redactor.web.gate import Door, actor, service

TAG = "Organisation"


@dataclass(frozen=True, slots=True)
class Me:
    """For whom the token speaks, and what it allows."""

    account: str
    name: str
    roles: tuple[AccountRole, ...]
    scopes: tuple[Permission, ...]


class Invitation(Model):
    """Somebody to invite."""

    username: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._+\-]{1,60}(@[a-z0-9.\-]{1,60})?$")]
    name: Line
    roles: Annotated[list[AccountRole], Field(min_length=1)]


class Roles(Model):
    """What an account is for."""

    roles: Annotated[list[AccountRole], Field(min_length=1)]


class Link(Model):
    """The token of a one-time link, shown once."""

    token: str


class AgreementText(Model):
    """The text of a new version of the confidentiality agreement."""

    text: Annotated[str, StringConstraints(min_length=SHORTEST_TEXT, max_length=50_000)]


class Number(Model):
    """The number of a version."""

    number: int


@operation("GET", "/openapi.json", Door.ANYONE, TAG)
def openapi() -> dict[str, Any]:
    """Return this document."""
    return document()


@operation("GET", "/me", Door.SIGNED_IN, TAG)
def me() -> Me:
    """Say for whom the token speaks and what it allows."""
    who = actor()
    return Me(who.account, who.name, tuple(sorted(who.roles)), tuple(sorted(s for s in Permission if who.may(s))))


@operation("GET", "/accounts", Permission.ACCOUNTS_MANAGE, TAG)
def list_accounts() -> tuple[AccountView, ...]:
    """List the accounts."""
    return service().accounts.list(actor())


@operation("POST", "/accounts", Permission.ACCOUNTS_MANAGE, TAG)
def invite(body: Invitation) -> Link:
    """Create an account and get the token of its one-time link."""
    return Link(token=service().accounts.invite(actor(), body.username, body.name, body.roles))


@operation("POST", "/accounts/<account>/reset", Permission.ACCOUNTS_MANAGE, TAG)
def reset_account(account: str) -> Link:
    """Take away password, codes and sessions of an account and get the token of a new one-time link."""
    return Link(token=service().accounts.reset(actor(), account))


@operation("PUT", "/accounts/<account>/roles", Permission.ACCOUNTS_MANAGE, TAG)
def set_roles(account: str, body: Roles) -> None:
    """Change what an account is for."""
    service().accounts.set_roles(actor(), account, body.roles)


@operation("POST", "/accounts/<account>/disable", Permission.ACCOUNTS_MANAGE, TAG)
def disable_account(account: str) -> None:
    """Close an account and end its sessions and tokens."""
    service().accounts.disable(actor(), account)


@operation("POST", "/accounts/<account>/enable", Permission.ACCOUNTS_MANAGE, TAG)
def enable_account(account: str) -> None:
    """Open a closed account again."""
    service().accounts.enable(actor(), account)


@operation("GET", "/agreement", Permission.AGREEMENT_PUBLISH, TAG)
def show_agreement() -> Agreement:
    """Show the agreement that recipients accept now."""
    return service().agreements.current(actor().organisation)


@operation("POST", "/agreement", Permission.AGREEMENT_PUBLISH, TAG)
def publish_agreement(body: AgreementText) -> Number:
    """Publish a new version of the agreement."""
    return Number(number=service().agreements.publish(actor(), body.text))


@operation("GET", "/colleagues", Door.SIGNED_IN, TAG)
def list_colleagues() -> tuple[AccountView, ...]:
    """List the colleagues whom you may put on a case."""
    return service().accounts.colleagues(actor())


@operation("GET", "/audit", Permission.AUDIT_READ, TAG)
def organisation_audit(query: After) -> tuple[Event, ...]:
    """Read the organisation's record, in order."""
    return service().trail.of_organisation(actor(), after=query.after, limit=query.limit)
