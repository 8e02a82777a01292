"""Copies: ordered, handed over, taken back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from redactor.access import Permission
from redactor.model import Certificate, Gate
from redactor.service.agreements import Acceptance
from redactor.service.releases import LONGEST_LINK_DAYS, ReleaseView
from redactor.web.api.operations import Made, Model, operation
from redactor.web.gate import actor, service

TAG = "Copies"


class Order(Model):
    """The release form as filled in, and how many days links to the copy work."""

    gate: Gate
    days: Annotated[int, Field(ge=1, le=LONGEST_LINK_DAYS)] | None = None


class Recipient(Model):
    """Where the one-time code is e-mailed; empty to have a code to read out by telephone."""

    email: Annotated[str, StringConstraints(max_length=320)] = ""


class Handed(Model):
    """A link's token, and the code to read out (empty where it is e-mailed)."""

    token: str
    code: str


class Secret(Model):
    """Something that is shown once."""

    value: str


@operation("GET", "/cases/<case>/releases", Permission.RELEASE_READ, TAG)
def list_releases(case: str) -> tuple[ReleaseView, ...]:
    """Return the copy register of a case, newest first."""
    return service().releases.register(actor(), case)


@operation("GET", "/cases/<case>/acceptances", Permission.RELEASE_READ, TAG)
def list_acceptances(case: str) -> tuple[Acceptance, ...]:
    """Say who accepted which version of the agreement for the copies of a case."""
    return service().agreements.acceptances(actor(), case)


@operation("POST", "/reviews/<review>/releases/check", Permission.RELEASE_SEND, TAG)
def check_release(review: str, body: Order) -> None:
    """Say what still stands against sending this copy."""
    service().releases.check(actor(), review, body.gate)


@operation("POST", "/reviews/<review>/releases", Permission.RELEASE_SEND, TAG)
def send_release(review: str, body: Order) -> Made:
    """Order the sealed copy of an approved plan."""
    return Made(id=service().releases.send(actor(), review, body.gate, days=body.days))


@operation("GET", "/releases/<release>", Permission.RELEASE_READ, TAG)
def show_release(release: str) -> ReleaseView:
    """Show one copy."""
    return service().releases.open(actor(), release)


@operation("GET", "/releases/<release>/certificate", Permission.RELEASE_READ, TAG)
def certificate(release: str) -> Certificate:
    """Return what was checked on the copy's bytes."""
    return service().releases.certificate(actor(), release)


@operation("POST", "/releases/<release>/retry", Permission.RELEASE_SEND, TAG)
def retry_release(release: str) -> None:
    """Try again to make a copy that failed."""
    service().releases.retry(actor(), release)


@operation("POST", "/releases/<release>/password", Permission.RELEASE_SEND, TAG)
def take_password(release: str) -> Secret:
    """Return the file's password, once, to whoever sent the copy."""
    return Secret(value=service().releases.take_password(actor(), release))


@operation("POST", "/releases/<release>/links", Permission.RELEASE_SEND, TAG)
def make_link(release: str, body: Recipient) -> Handed:
    """Make a link's token for the recipient, and the one-time code that opens it; each is shown once."""
    made = service().releases.hand_over(actor(), release, body.email)
    return Handed(token=made.token, code=made.code)


@operation("POST", "/releases/<release>/revoke", Permission.RELEASE_REVOKE, TAG)
def revoke_release(release: str) -> None:
    """End a copy: its links stop at once and its file is destroyed here."""
    service().releases.revoke(actor(), release)
