"""Uploads that say nearly the same: told to whoever is on the cases of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from redactor import wire
from redactor.access import Actor, Permission
from redactor.service.base import Base, one
from redactor.service.likeness import NEARLY_THE_SAME, Sketch, alike
from redactor.store.records import case_member, document, document_version


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another upload that says nearly the same.

    Args:
        share: of what they say that is in both, 0 to 1.
        same: the very same file.
    """

    version: str
    name: str
    case: str
    share: float
    same: bool


class Likenesses:
    """The use case of asking."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of(self, actor: Actor, version: str) -> tuple[Likeness, ...]:
        """Return other uploads that say nearly the same, in all cases that the actor is on; most alike first."""
        row = self._base.row(document_version, version, actor.organisation)
        with self._base.look(actor, Permission.DOCUMENT_READ, row.case_id) as connection:
            mine = self._sketch(connection, row)
            others = connection.execute(
                select(document_version)
                .join(case_member, case_member.c.case_id == document_version.c.case_id)
                .where(case_member.c.account == actor.account, document_version.c.organisation == actor.organisation)
                .where(document_version.c.document != row.document, document_version.c.sketch.is_not(None))
            ).all()
            found = []
            for other in others if mine.hashes else ():
                share = 1.0 if other.digest == row.digest else alike(mine, self._sketch(connection, other))
                if share >= NEARLY_THE_SAME:
                    name = self._name(connection, one(connection, document, other.document, actor.organisation))
                    found.append(Likeness(other.id, name, other.case_id, share, other.digest == row.digest))
        return tuple(sorted(found, key=lambda each: -each.share))

    def _sketch(self, connection: Connection, row: Row[Any]) -> Sketch:
        if row.sketch is None:
            return Sketch(())
        return wire.load(Sketch, self._base.keys.open(connection, row.organisation, row.sketch, sketch_place(row.id)))

    def _name(self, connection: Connection, row: Row[Any]) -> str:
        return self._base.keys.open(connection, row.organisation, row.name, f"document.name|{row.id}").decode()


def sketch_place(version: str) -> str:
    """Return under which name a version's sample of shingles is sealed."""
    return f"document_version.sketch|{version}"
