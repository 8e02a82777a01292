"""Cases: who may know of them, the people register, and the readers for whom copies are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from redactor import wire
from redactor.access import AccountRole, Actor, Permission
from redactor.errors import BadArguments, Conflict, NotFound
from redactor.model import UNKNOWN_READER, Case, Person, Reader, ReaderKind
from redactor.service.base import NO_SUCH_THING, Base, one
from redactor.store.records import account, case_file, case_member, document, new_id

MOST_UNDONE = 20  # changes of the register that can be taken back


@dataclass(frozen=True, slots=True)
class CaseContent:
    """What is sealed of a case; ``earlier`` are the registers before, newest last, for undoing."""

    title: str
    file: Case
    earlier: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who needs to know."""

    account: str
    username: str
    name: str
    roles: frozenset[AccountRole]


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in the list."""

    id: str
    title: str
    reference: str
    restricted: bool
    documents: int
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its members see it. ``version`` goes back with every change."""

    id: str
    title: str
    file: Case
    version: int
    restricted: bool
    members: tuple[Member, ...]
    created_at: datetime
    closed_at: datetime | None
    can_undo: bool = False


class Cases:
    """Use cases around cases."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def create(self, actor: Actor, title: str, file: Case | None = None, *, restricted: bool = False) -> str:
        """Create a case; whoever creates it is its first member. Returns its id.

        Args:
            file: reference, people and readers, for example from a case file (``redactor.policy.load_case``).
        """
        if not title.strip():
            raise BadArguments("A case needs a title.", next_step="Give it one that names nobody.")
        content, now, made = CaseContent(title.strip(), file or Case()), self._base.clock.now(), new_id()
        with self._base.act(actor, Permission.CASE_CREATE) as connection:
            connection.execute(
                insert(case_file).values(
                    id=made,
                    organisation=actor.organisation,
                    content=self._sealed(connection, actor.organisation, made, content),
                    version=1,
                    restricted=restricted,
                    created_at=now,
                )
            )
            self._join(connection, actor, made, actor.account)
            self._note(connection, actor, "case.create", made, people=len(content.file.people))
        return made

    def list(self, actor: Actor) -> tuple[CaseSummary, ...]:
        """Return the cases of which the actor is a member, newest first."""
        from redactor.store.database import reading

        if not actor.may(Permission.CASE_READ):
            return ()
        counted = (
            select(document.c.case_id, func.count().label("documents")).group_by(document.c.case_id).subquery("counted")
        )
        query = (
            select(case_file, func.coalesce(counted.c.documents, 0).label("documents"))
            .join(case_member, case_member.c.case_id == case_file.c.id)
            .outerjoin(counted, counted.c.case_id == case_file.c.id)
            .where(case_member.c.account == actor.account, case_file.c.organisation == actor.organisation)
            .order_by(case_file.c.created_at.desc())
        )
        with reading(self._base.engine) as connection:
            found = []
            for row in connection.execute(query).all():
                content = self._opened(connection, actor.organisation, row.id, row.content)
                found.append(
                    CaseSummary(
                        row.id,
                        content.title,
                        content.file.reference,
                        row.restricted,
                        row.documents,
                        row.created_at,
                        row.closed_at,
                    )
                )
        return tuple(found)

    def open(self, actor: Actor, case: str) -> CaseView:
        """Return a case with its people, readers and members."""
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            row = one(connection, case_file, case, actor.organisation)
            content = self._opened(connection, actor.organisation, case, row.content)
            return CaseView(
                case,
                content.title,
                content.file,
                row.version,
                row.restricted,
                self._members(connection, actor.organisation, case),
                row.created_at,
                row.closed_at,
                bool(content.earlier),
            )

    def rename(self, actor: Actor, case: str, version: int, title: str, reference: str) -> int:
        """Change title and reference; returns the case's new version. Raises Conflict."""
        if not title.strip():
            raise BadArguments("A case needs a title.", next_step="Give it one that names nobody.")

        def change(content: CaseContent) -> CaseContent:
            return replace(content, title=title.strip(), file=replace(content.file, reference=reference.strip()))

        return self._change(actor, case, version, "case.rename", change)

    def put_person(self, actor: Actor, case: str, version: int, person: Person) -> int:
        """Add a person to the register, or replace the one with the same id; returns the case's new version."""
        if not person.id or not person.name.strip():
            raise BadArguments("A person needs an id and a name.")

        def change(content: CaseContent) -> CaseContent:
            others = tuple(known for known in content.file.people if known.id != person.id)
            return replace(content, file=replace(content.file, people=(*others, person)))

        return self._change(actor, case, version, "case.put_person", change)

    def remove_person(self, actor: Actor, case: str, version: int, person: str) -> int:
        """Take a person off the register; returns the case's new version."""

        def change(content: CaseContent) -> CaseContent:
            if content.file.person(person) is None:
                raise NotFound(NO_SUCH_THING)
            if any(reader.person == person for reader in content.file.readers):
                raise Conflict("A reader of this case is that person.", next_step="Remove the reader first.")
            people = tuple(known for known in content.file.people if known.id != person)
            return replace(content, file=replace(content.file, people=people))

        return self._change(actor, case, version, "case.remove_person", change)

    def put_reader(self, actor: Actor, case: str, version: int, reader: Reader) -> int:
        """Add somebody for whom copies are made, or replace the one with the same key; returns the new version."""
        if not reader.key.strip():
            raise BadArguments("A reader needs a key.")

        def change(content: CaseContent) -> CaseContent:
            if reader.person is not None and content.file.person(reader.person) is None:
                raise BadArguments("The reader is a person whom the case does not know.")
            others = tuple(known for known in content.file.readers if known.key != reader.key)
            return replace(content, file=replace(content.file, readers=(*others, reader)))

        return self._change(actor, case, version, "case.put_reader", change)

    def remove_reader(self, actor: Actor, case: str, version: int, key: str) -> int:
        """Take a reader off the case; returns the case's new version."""

        def change(content: CaseContent) -> CaseContent:
            readers = tuple(known for known in content.file.readers if known.key != key)
            return replace(content, file=replace(content.file, readers=readers))

        return self._change(actor, case, version, "case.remove_reader", change)

    def replace_file(self, actor: Actor, case: str, version: int, file: Case) -> int:
        """Replace register, readers and marked sections by those of a case file; returns the case's new version."""
        return self._change(actor, case, version, "case.replace_file", lambda content: replace(content, file=file))

    def undo(self, actor: Actor, case: str, version: int) -> int:
        """Take back the last change of register and readers; returns the case's new version. Raises Conflict."""

        def change(content: CaseContent) -> CaseContent:
            if not content.earlier:
                raise Conflict("There is nothing to undo.", next_step="Make a change instead.")
            return replace(content, file=content.earlier[-1], earlier=content.earlier[:-1])

        return self._change(actor, case, version, "case.undo", change, undoing=True)

    def add_member(self, actor: Actor, case: str, account_id: str) -> None:
        """Let a colleague know of the case."""
        with self._base.act(actor, Permission.CASE_MEMBERS, case, subject=account_id) as connection:
            one(connection, account, account_id, actor.organisation)
            already = (case_member.c.case_id == case) & (case_member.c.account == account_id)
            if connection.execute(select(case_member.c.account).where(already)).first() is None:
                self._join(connection, actor, case, account_id)
                self._note(connection, actor, "case.add_member", case, subject=account_id)

    def remove_member(self, actor: Actor, case: str, account_id: str) -> None:
        """End a colleague's need to know; the last member stays."""
        with self._base.act(actor, Permission.CASE_MEMBERS, case, subject=account_id) as connection:
            members = [member.account for member in self._members(connection, actor.organisation, case)]
            if members == [account_id]:
                raise Conflict("The last member cannot leave.", next_step="Add somebody else first.")
            this = (case_member.c.case_id == case) & (case_member.c.account == account_id)
            connection.execute(delete(case_member).where(this))
            self._note(connection, actor, "case.remove_member", case, subject=account_id)

    def set_restricted(self, actor: Actor, case: str, restricted: bool) -> None:
        """Close the case to auditors who are not members, or open it to them."""
        with self._base.act(actor, Permission.CASE_MEMBERS, case) as connection:
            connection.execute(update(case_file).where(case_file.c.id == case).values(restricted=restricted))
            self._note(connection, actor, "case.set_restricted", case, restricted=restricted)

    def close(self, actor: Actor, case: str) -> None:
        """Close a case: its retention time begins."""
        with self._base.act(actor, Permission.CASE_MEMBERS, case) as connection:
            connection.execute(update(case_file).where(case_file.c.id == case).values(closed_at=self._base.clock.now()))
            self._note(connection, actor, "case.close", case)

    def content(self, connection: Connection, organisation: str, case: str) -> tuple[CaseContent, int]:
        """Return a case's content and version inside another use case's transaction."""
        row = one(connection, case_file, case, organisation)
        return self._opened(connection, organisation, case, row.content), row.version

    def _change(
        self,
        actor: Actor,
        case: str,
        version: int,
        action: str,
        change: Callable[[CaseContent], CaseContent],
        *,
        undoing: bool = False,
    ) -> int:
        with self._base.act(actor, Permission.CASE_EDIT, case) as connection:
            content, present = self.content(connection, actor.organisation, case)
            changed = change(content)
            if not undoing and changed.file != content.file:
                changed = replace(changed, earlier=(*content.earlier, content.file)[-MOST_UNDONE:])
            sealed = self._sealed(connection, actor.organisation, case, changed)
            this = (case_file.c.id == case) & (case_file.c.version == version)
            done = connection.execute(update(case_file).where(this).values(content=sealed, version=version + 1))
            if present != version or done.rowcount != 1:
                raise Conflict("Somebody else changed the case meanwhile.")
            self._note(connection, actor, action, case, version=version + 1)
        return version + 1

    def _join(self, connection: Connection, actor: Actor, case: str, account_id: str) -> None:
        connection.execute(
            insert(case_member).values(
                case_id=case,
                account=account_id,
                organisation=actor.organisation,
                added_by=actor.account,
                added_at=self._base.clock.now(),
            )
        )

    def _members(self, connection: Connection, organisation: str, case: str) -> tuple[Member, ...]:
        rows = connection.execute(
            select(account)
            .join(case_member, case_member.c.account == account.c.id)
            .where(case_member.c.case_id == case, case_member.c.organisation == organisation)
            .order_by(account.c.username)
        )
        return tuple(
            Member(
                row.id,
                row.username,
                self._base.keys.open(connection, organisation, row.name, f"account.name|{row.id}").decode(),
                frozenset(AccountRole(word) for word in row.roles.split()),
            )
            for row in rows.all()
        )

    def _sealed(self, connection: Connection, organisation: str, case: str, content: CaseContent) -> bytes:
        return self._base.keys.seal(connection, organisation, wire.dump(content), f"case_file.content|{case}")

    def _opened(self, connection: Connection, organisation: str, case: str, sealed: bytes) -> CaseContent:
        content = self._base.keys.open(connection, organisation, sealed, f"case_file.content|{case}")
        return wire.load(CaseContent, content)

    def _note(
        self, connection: Connection, actor: Actor, action: str, case: str, subject: str = "-", **detail: int
    ) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)


def reader_of(case: Case, key: str) -> Reader:
    """Return the reader with this key: one of the case's readers, a person of the case, or the unknown reader.

    Raises:
        NotFound: if the case knows neither.
    """
    if found := next((reader for reader in case.readers if reader.key == key), None):
        return found
    if person := case.person(key):
        return Reader(key, ReaderKind.PERSON, person.id, person.name)
    if key == UNKNOWN_READER:
        return Reader()
    raise NotFound("The case does not know this reader.", next_step="Add the reader to the case first.")
