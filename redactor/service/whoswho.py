"""Who is who: people that the documents of a case speak of and its register does not know yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapidfuzz import fuzz, utils
from sqlalchemy import select

from redactor.access import Actor, Permission
from redactor.errors import Conflict, NotFound
from redactor.model import Case, Person, PersonId, Relation
from redactor.service.base import NO_SUCH_THING, Base
from redactor.service.cases import Cases
from redactor.service.documents import reading_of
from redactor.service.states import DocumentState
from redactor.store.records import document_version

_ALIKE = 70.0  # of 100: from here a known person is offered as the same


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whom a document speaks of.

    Args:
        why: the evidence, in a plain sentence.
        version: the document's version in which they stand.
        same: people of the register with a name like theirs, most alike first.
    """

    name: str
    aliases: tuple[str, ...]
    relation: Relation
    why: str
    mentions: int
    version: str
    same: tuple[PersonId, ...]


class WhoIsWho:
    """Use cases around the people register."""

    def __init__(self, base: Base, cases: Cases) -> None:
        self._base, self._cases = base, cases

    def suggestions(self, actor: Actor, case: str) -> tuple[Suggestion, ...]:
        """Return the people whom the register does not know, most often mentioned first."""
        with self._base.look(actor, Permission.DOCUMENT_READ, case) as connection:
            content, _ = self._cases.content(connection, actor.organisation, case)
            known = {_plain(name) for person in content.file.people for name in (person.name, *person.aliases)}
            read = (document_version.c.case_id == case) & (document_version.c.state == DocumentState.READ.value)
            mine = read & (document_version.c.organisation == actor.organisation)
            versions = connection.execute(select(document_version.c.id).where(mine)).scalars().all()
            found: dict[str, Suggestion] = {}
            for version in versions:
                for person in reading_of(self._base, connection, actor.organisation, version).detected.people:
                    name = _plain(person.name)
                    if content.file.person(person.id) is None and name and name not in known:
                        found[name] = _joined(found.get(name), person, version, content.file)
        return tuple(sorted(found.values(), key=lambda each: (-each.mentions, each.name)))

    def accept(self, actor: Actor, case: str, version: int, name: str, relation: Relation) -> int:
        """Put a suggested person on the register; returns the case's new version."""
        suggested = self._suggested(actor, case, name)
        file = self._cases.open(actor, case).file
        made = Person(next_person(file), suggested.name, relation, suggested.aliases)
        return self._cases.put_person(actor, case, version, made)

    def merge(self, actor: Actor, case: str, version: int, name: str, person: str) -> int:
        """Say that a suggested person is one whom the register knows: their names become further names."""
        suggested, known = self._suggested(actor, case, name), self._known(actor, case, person)
        have = {_plain(one) for one in (known.name, *known.aliases)}
        more = tuple(one for one in (suggested.name, *suggested.aliases) if _plain(one) not in have)
        return self._cases.put_person(actor, case, version, replace(known, aliases=(*known.aliases, *more)))

    def split(self, actor: Actor, case: str, version: int, person: str, alias: str) -> int:
        """Say that a further name is somebody else: it becomes a person of its own, with the relation not known."""
        known = self._known(actor, case, person)
        if alias not in known.aliases:
            raise Conflict("That name was split off already.")
        left = replace(known, aliases=tuple(name for name in known.aliases if name != alias))
        file = self._cases.open(actor, case).file
        made = Person(next_person(file), alias)
        people = tuple(left if one.id == person else one for one in file.people)
        return self._cases.replace_file(actor, case, version, replace(file, people=(*people, made)))

    def _suggested(self, actor: Actor, case: str, name: str) -> Suggestion:
        found = next((each for each in self.suggestions(actor, case) if each.name == name), None)
        if found is None:
            raise NotFound(NO_SUCH_THING, next_step="Look at the list again: a colleague may have decided already.")
        return found

    def _known(self, actor: Actor, case: str, person: str) -> Person:
        known = self._cases.open(actor, case).file.person(person)
        if known is None:
            raise NotFound(NO_SUCH_THING)
        return known


def next_person(file: Case) -> PersonId:
    """Return an id that nobody on the register has."""
    taken, number = {person.id for person in file.people}, 1
    while f"p{number}" in taken:
        number += 1
    return PersonId(f"p{number}")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _joined(before: Suggestion | None, person: Person, version: str, file: Case) -> Suggestion:
    if before is not None:
        aliases = tuple(dict.fromkeys((*before.aliases, *person.aliases)))
        return replace(before, aliases=aliases, mentions=before.mentions + person.mentions)
    wanted = utils.default_process(person.name)
    likeness = {
        one.id: max(fuzz.token_set_ratio(wanted, utils.default_process(name)) for name in (one.name, *one.aliases))
        for one in file.people
    }
    same = sorted((each for each in likeness if likeness[each] >= _ALIKE), key=lambda each: -likeness[each])
    return Suggestion(person.name, person.aliases, person.relation, person.why, person.mentions, version, tuple(same))
