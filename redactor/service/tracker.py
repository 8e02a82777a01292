"""The action tracker of a case: what was agreed, who does it, by when, and what became of it (S4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments
from redactor.policy.meetings import ActionRows
from redactor.render import forms
from redactor.service.base import Base, one
from redactor.store.meetings import meeting, meeting_action
from redactor.store.records import new_id

TRACKER = "action_tracker"
OPEN, OVERDUE, DONE, WITHDRAWN = "Open", "Overdue", "Done", "Withdrawn"


@dataclass(frozen=True, slots=True)
class ActionContent:
    """What is sealed of an action."""

    action: str
    agency: str
    owner: str = ""
    raised: str = ""
    update: str = ""
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class TrackedAction:
    """One action. ``status`` says Overdue by itself once its day has passed."""

    id: str
    number: int
    content: ActionContent
    due: str
    status: str
    closed_on: str
    meeting: str | None


class Tracker:
    """Use cases around actions."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @staticmethod
    def choices() -> tuple[str, ...]:
        """Return the words for where an action stands that a person can choose."""
        return tuple(one for one in forms.form(TRACKER).fields["actions"].columns["status"].choices if one != OVERDUE)

    def list(self, actor: Actor, case: str) -> tuple[TrackedAction, ...]:
        """Return the actions of a case in the order in which they were agreed."""
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            mine = (meeting_action.c.case_id == case) & (meeting_action.c.organisation == actor.organisation)
            rows = connection.execute(select(meeting_action).where(mine).order_by(meeting_action.c.number)).all()
            today = self._base.clock.now().date().isoformat()
            return tuple(self._view(connection, row, today) for row in rows)

    def add(self, actor: Actor, case: str, content: ActionContent, day: str) -> str:
        """Put an action on the tracker and return its id.

        Args:
            day: by when, as YYYY-MM-DD.
        """
        with self._base.act(actor, Permission.DOCUMENT_ADD, case) as connection:
            made = self._put(connection, actor, case, None, content, day)
            self._note(connection, actor, "action.add", made, case)
        return made

    def move(self, actor: Actor, action_id: str, status: str, update_text: str, *, recorded: bool) -> None:
        """Say where an action stands.

        Args:
            status: one of ``choices()``.
            update_text: what was done or said since; kept after what was there.
            recorded: the agency has it on its own system.
        """
        if status not in self.choices():
            raise BadArguments("That is not a state of an action.", next_step="Choose one of the list.")
        case = self._base.row(meeting_action, action_id, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=action_id) as connection:
            row, now = one(connection, meeting_action, action_id, actor.organisation), self._base.clock.now()
            content = self._opened(connection, row)
            said = "; ".join(part for part in (content.update, update_text.strip()) if part)
            sealed = self._sealed(
                connection, actor.organisation, action_id, replace(content, update=said, recorded=recorded)
            )
            ended = now.date().isoformat() if status in (DONE, WITHDRAWN) else ""
            values = {"content": sealed, "status": status, "closed_on": ended}
            this = meeting_action.c.id == action_id
            connection.execute(
                update(meeting_action).where(this).values(**values, changed_by=actor.account, changed_at=now)
            )
            self._note(connection, actor, "action.move", action_id, case)

    def take_over(
        self, actor: Actor, case: str, meeting_id: str, rows: Iterable[Mapping[str, Any]], columns: ActionRows
    ) -> int:
        """Put the actions of a meeting's minutes on the tracker; what is there already is left. Returns how many."""
        count = 0
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=meeting_id) as connection:
            row = one(connection, meeting, meeting_id, actor.organisation)
            mine = meeting_action.c.meeting == meeting_id
            known = {
                self._opened(connection, each).action
                for each in connection.execute(select(meeting_action).where(mine)).all()
            }
            for each in rows:
                if (what := str(each.get(columns.action, "")).strip()) and what not in known:
                    owner = str(each.get(columns.owner, ""))
                    content = ActionContent(what, owner, owner, f"Meeting of {row.day}")
                    self._put(connection, actor, case, meeting_id, content, str(each.get(columns.due, "")))
                    count += 1
            self._note(connection, actor, "action.take_over", meeting_id, case)
        return count

    def table(self, actor: Actor, case: str, title: str) -> str:
        """Return the tracker as CSV, for an agency's own system; taking it is on the record.

        Args:
            title: of the case, for its head.
        """
        actions = self.list(actor, case)
        with self._base.act(actor, Permission.CASE_READ, case) as connection:
            self._note(connection, actor, "action.export", case, case)
        today = self._base.clock.now().date().isoformat()
        return forms.table_csv(
            TRACKER, {"meeting": title, "updated": today, "actions": [_row(each) for each in actions]}
        )

    def _put(
        self, connection: Connection, actor: Actor, case: str, of: str | None, content: ActionContent, day: str
    ) -> str:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise BadArguments("Each action has a day by when.", next_step="Enter day, month and year.") from None
        if not (content.action.strip() and content.agency.strip()):
            raise BadArguments("An action says what is done, and by which agency.", next_step="Fill in both.")
        newest = select(func.max(meeting_action.c.number)).where(meeting_action.c.case_id == case)
        made, number = new_id(), int(connection.execute(newest).scalar_one() or 0) + 1
        connection.execute(
            insert(meeting_action).values(
                id=made,
                organisation=actor.organisation,
                case_id=case,
                meeting=of,
                number=number,
                content=self._sealed(connection, actor.organisation, made, content),
                due=day,
                status=OPEN,
                closed_on="",
                changed_by=actor.account,
                changed_at=self._base.clock.now(),
            )
        )
        return made

    def _view(self, connection: Connection, row: Row[Any], today: str) -> TrackedAction:
        late = row.due < today and row.status not in (DONE, WITHDRAWN)
        status = OVERDUE if late else row.status
        content = self._opened(connection, row)
        return TrackedAction(row.id, row.number, content, row.due, status, row.closed_on, row.meeting)

    def _sealed(self, connection: Connection, organisation: str, action_id: str, content: ActionContent) -> bytes:
        return self._base.keys.seal(connection, organisation, wire.dump(content), f"meeting_action.content|{action_id}")

    def _opened(self, connection: Connection, row: Row[Any]) -> ActionContent:
        place = f"meeting_action.content|{row.id}"
        return wire.load(ActionContent, self._base.keys.open(connection, row.organisation, row.content, place))

    def _note(self, connection: Connection, actor: Actor, action: str, subject: str, case: str) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, None)


def _row(action: TrackedAction) -> dict[str, Any]:
    content = action.content
    return {
        "ref": f"A{action.number}",
        "raised": content.raised or "Outside a meeting",
        "action": content.action,
        "agency": content.agency,
        "owner": content.owner,
        "due": action.due,
        "status": action.status,
        "update": content.update,
        "recorded": content.recorded,
        "closed": action.closed_on,
    }
