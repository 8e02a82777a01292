"""Need to know, asked at the door: an address that names something of a case opens only to those on that case.

Every use case asks again by itself; the door asks first, so that a page which forgot to ask is still closed
(ASVS 8.2.2, 8.3.1).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from redactor.access import Actor, Permission
from redactor.errors import NotFound
from redactor.service.base import NO_SUCH_THING, Base
from redactor.store.meetings import meeting, meeting_action, signature
from redactor.store.records import document, document_version, release, review
from redactor.store.rights import breach

# Names of what stands in an address, and the table that says of which case it is; "case" is the case itself.
SCOPES: Mapping[str, Table | None] = {
    "case": None,
    "document": document,
    "version": document_version,
    "review": review,
    "release": release,
    "meeting": meeting,
    "action": meeting_action,
    "signature": signature,
    "breach": breach,
}


class Doorway:
    """Asks for whole addresses what ``Base.look`` asks for one case."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def require(self, actor: Actor, permission: Permission, named: Mapping[str, str]) -> None:
        """Let the actor in, or raise; a refusal goes on the record.

        Args:
            named: what the address names, by the names of ``SCOPES``; other names are of no concern here.

        Raises:
            AccessRefused: if the actor may not do this on that case.
            NotFound: if there is no such thing, or the things named are of different cases.
        """
        cases = {self._case(actor, name, value) for name, value in named.items() if name in SCOPES}
        if len(cases) > 1:
            raise NotFound(NO_SUCH_THING)
        for case in cases:
            with self._base.look(actor, permission, case):
                pass

    def _case(self, actor: Actor, name: str, value: str) -> str:
        table = SCOPES[name]
        return value if table is None else str(self._base.row(table, value, actor.organisation).case_id)
