"""A request that may be sent twice and takes effect once (the Idempotency-Key header of the IETF HTTP API group)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from redactor.access import Actor
from redactor.errors import Conflict
from redactor.model import Digest
from redactor.service.base import Base, digest
from redactor.store.database import reading
from redactor.store.identities import repeatable

KEPT = timedelta(days=1)


class Repeatable:
    """What came of a request with a key.

    Args:
        key: as the program chose it; empty for a request without.
        request: digest of all that the request says.
    """

    def __init__(self, base: Base, actor: Actor, key: str, request: Digest) -> None:
        self._base, self._actor, self._key, self._request = base, actor, key, request

    def result(self) -> str | None:
        """Return the result of the first such request, if it was there.

        Raises:
            Conflict: if the key came with another request.
        """
        if not self._key:
            return None
        mine = (repeatable.c.account == self._actor.account) & (repeatable.c.key_digest == digest(self._key))
        fresh = repeatable.c.at > self._base.clock.now() - KEPT
        with reading(self._base.engine) as connection:
            row = connection.execute(select(repeatable).where(mine, fresh)).one_or_none()
        if row is None:
            return None
        if row.request_digest != self._request:
            raise Conflict("This key was used for another request.", next_step="Choose a fresh key for each request.")
        return str(row.result)

    def keep(self, connection: Connection, result: str) -> None:
        """Keep the result in the request's own transaction: of two at once, one takes effect. Raises Conflict."""
        if not self._key:
            return
        connection.execute(delete(repeatable).where(repeatable.c.at <= self._base.clock.now() - KEPT))
        try:
            connection.execute(
                insert(repeatable).values(
                    account=self._actor.account,
                    key_digest=digest(self._key),
                    organisation=self._actor.organisation,
                    request_digest=self._request,
                    result=result,
                    at=self._base.clock.now(),
                )
            )
        except IntegrityError:
            raise Conflict("The same request is being done.", next_step="Send it again in a moment.") from None
