"""What the worker did, told to another program: one durable job each, with identifiers and fixed words alone."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from redactor import webhook
from redactor.errors import UnsafeConfiguration
from redactor.jobs import Claim, JobKind
from redactor.service.base import Base
from redactor.store.database import reading, writing


class News:
    """Tells what happened, if somebody is to be told.

    Raises:
        UnsafeConfiguration: if an address is set without the secret that signs.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        of = base.settings
        self._address = of.webhook_url
        self._secret = of.webhook_secret.get_secret_value() if of.webhook_secret else ""
        if self._address and not self._secret:
            raise UnsafeConfiguration(
                "REDACTOR_WEBHOOK_URL is set without a secret.", next_step="Set REDACTOR_WEBHOOK_SECRET_FILE too."
            )

    def add(self, connection: Connection, organisation: str, number: int) -> None:
        """Have an event of the audit chain told, in the transaction in which it happened."""
        if self._address:
            self._base.jobs.add(connection, organisation, JobKind.TELL, str(number))

    def send(self, claim: Claim) -> None:
        """Tell one event; it may be told twice, so its number goes with it. Raises WebhookFailed."""
        number = int(claim.subject)
        with reading(self._base.engine) as connection:
            (event,) = self._base.audit.events(connection, claim.organisation, after=number - 1, limit=1)
        told = {
            "organisation": claim.organisation,
            "number": event.number,
            "at": event.at,
            "what": event.action,
            "on": event.subject,
            "case": event.case,
        }
        body, of = json.dumps(told, sort_keys=True).encode(), self._base.settings
        webhook.send(self._address, self._secret, body, self._base.clock.now(), inside=of.webhook_inside)
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
