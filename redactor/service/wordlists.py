"""The lists of words that are always or never a detail: kept sealed, one for each case and one for the organisation."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, NotFound
from redactor.service.base import NO_SUCH_THING, Base
from redactor.service.listed import ListedWord
from redactor.service.searching import LONGEST_TERM
from redactor.store.reviewing import word_list

MOST_WORDS = 500
_SHORTEST = 2

Words = tuple[ListedWord, ...]


class WordLists:
    """Use cases around the lists."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of_case(self, actor: Actor, case: str) -> Words:
        """Return the list of a case."""
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            return self._opened(connection, actor.organisation, case)[0]

    def put(self, actor: Actor, case: str, word: ListedWord) -> None:
        """Put words on the list of a case, in place of the same ones; the next proposal knows them."""
        with self._base.act(actor, Permission.CASE_EDIT, case) as connection:
            self._change(connection, actor, case, case, _putting(word))

    def remove(self, actor: Actor, case: str, words: str) -> None:
        """Take words off the list of a case."""
        with self._base.act(actor, Permission.CASE_EDIT, case) as connection:
            self._change(connection, actor, case, case, _removing(words))

    def own(self, actor: Actor) -> Words:
        """Return the organisation's list."""
        with self._base.look(actor, Permission.CASE_CREATE) as connection:
            return self._opened(connection, actor.organisation, actor.organisation)[0]

    def put_own(self, actor: Actor, word: ListedWord) -> None:
        """Put words on the organisation's list: they count in all of its cases."""
        with self._base.act(actor, Permission.CASE_CREATE) as connection:
            self._change(connection, actor, None, actor.organisation, _putting(word))

    def remove_own(self, actor: Actor, words: str) -> None:
        """Take words off the organisation's list."""
        with self._base.act(actor, Permission.CASE_CREATE) as connection:
            self._change(connection, actor, None, actor.organisation, _removing(words))

    def present(self, connection: Connection, organisation: str, case: str) -> tuple[Words, int]:
        """Return all words that count in a case, and a number that grows with every change of either list."""
        own, first = self._opened(connection, organisation, organisation)
        mine, second = self._opened(connection, organisation, case)
        return (*own, *mine), first + second

    def _opened(self, connection: Connection, organisation: str, holder: str) -> tuple[Words, int]:
        this = (word_list.c.id == holder) & (word_list.c.organisation == organisation)
        row = connection.execute(select(word_list).where(this)).one_or_none()
        if row is None:
            return (), 0
        return wire.load(
            Words, self._base.keys.open(connection, organisation, row.content, _place(holder))
        ), row.version

    def _change(
        self, connection: Connection, actor: Actor, case: str | None, holder: str, change: Callable[[Words], Words]
    ) -> None:
        words, version = self._opened(connection, actor.organisation, holder)
        changed = change(words)
        sealed = self._base.keys.seal(connection, actor.organisation, wire.dump(changed), _place(holder))
        values = {"content": sealed, "version": version + 1}
        if version:
            connection.execute(update(word_list).where(word_list.c.id == holder).values(**values))
        else:
            connection.execute(
                insert(word_list).values(id=holder, organisation=actor.organisation, case_id=case, **values)
            )
        detail: dict[str, str | int] = {"words": len(changed)}
        self._base.audit.append(
            connection, actor.organisation, actor.account, "words.change", holder, case or "-", detail
        )


def _putting(word: ListedWord) -> Callable[[Words], Words]:
    if not _SHORTEST <= len(word.words.strip()) <= LONGEST_TERM:
        raise BadArguments(f"Words on the list have {_SHORTEST} to {LONGEST_TERM} characters.")
    if not word.why.strip():
        raise BadArguments("Say why, in words that name nobody.", next_step="The reason is shown beside each place.")

    def change(words: Words) -> Words:
        others = tuple(each for each in words if each.words.casefold() != word.words.casefold())
        if len(others) >= MOST_WORDS:
            raise BadArguments(f"The list holds {MOST_WORDS} entries.", next_step="Take some off first.")
        return (*others, word)

    return change


def _removing(words: str) -> Callable[[Words], Words]:
    def change(present: Words) -> Words:
        left = tuple(each for each in present if each.words != words)
        if left == present:
            raise NotFound(NO_SUCH_THING)
        return left

    return change


def _place(holder: str) -> str:
    return f"word_list.content|{holder}"
