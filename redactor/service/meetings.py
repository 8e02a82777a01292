"""Meetings of a case: agenda, visitors and the chair's reminder, minutes, and the record as a document of the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict
from redactor.policy.meetings import MeetingKind, due, holidays_known, load_meetings
from redactor.render import forms
from redactor.service.base import Base, one
from redactor.service.documents import Documents
from redactor.service.states import ReleaseState
from redactor.service.tracker import Tracker
from redactor.store.meetings import meeting
from redactor.store.records import account, document_version, new_id, release, review

Data = Mapping[str, Any]  # of a paper as it was typed, by the fields of its definition
AGENDA, MINUTES = "agenda", "minutes"
MOST_VISITORS = 100


@dataclass(frozen=True, slots=True)
class Reminder:
    """That the chair reminded everybody of confidentiality and data protection (S3), recorded by whom and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is no member and came to the meeting.

    Args:
        reminded: the chair gave them the same reminder.
    """

    name: str
    role: str
    organisation: str
    reminded: bool


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """What is sealed of a meeting; ``done`` holds by timer the day on which it was done."""

    papers: dict[str, Any]
    visitors: tuple[Visitor, ...] = ()
    reminder: Reminder | None = None
    done: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due after a meeting.

    Args:
        on: None while the day from which it counts has not come.
        done_on: empty while it is not done.
        sure: False where bank holidays of that year are not known.
    """

    name: str
    title: str
    basis: str
    on: date | None
    done_on: str
    sure: bool


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting as the members of the case see it. ``version`` goes back with every change."""

    id: str
    case: str
    kind: str
    title: str
    day: date
    content: MeetingContent
    version: int
    record: str | None
    due: tuple[Due, ...]
    recorder: str


class Meetings:
    """Use cases around meetings."""

    def __init__(self, base: Base, documents: Documents, tracker: Tracker) -> None:
        self._base, self._documents, self._tracker = base, documents, tracker

    def plan(self, actor: Actor, case: str, kind: str, day: str) -> str:
        """Plan a meeting and return its id.

        Args:
            kind: one of templates/meetings.yaml.
            day: as YYYY-MM-DD.

        Raises:
            BadArguments: if there is no such kind or day.
        """
        wanted, made = kind_of(kind), new_id()
        content = MeetingContent(_begun(wanted, day_of(day)))
        with self._base.act(actor, Permission.DOCUMENT_ADD, case) as connection:
            connection.execute(
                insert(meeting).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=case,
                    kind=kind,
                    day=day,
                    content=self._sealed(connection, actor.organisation, made, content),
                    version=1,
                    record=None,
                    created_by=actor.account,
                    created_at=self._base.clock.now(),
                )
            )
            self._note(connection, actor, "meeting.plan", made, case)
        return made

    def list(self, actor: Actor, case: str) -> tuple[MeetingView, ...]:
        """Return the meetings of a case, newest first."""
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            mine = (meeting.c.case_id == case) & (meeting.c.organisation == actor.organisation)
            rows = connection.execute(select(meeting).where(mine).order_by(meeting.c.day.desc())).all()
            return tuple(self._view(connection, row) for row in rows)

    def open(self, actor: Actor, meeting_id: str) -> MeetingView:
        """Return one meeting with all its papers."""
        case = self._base.row(meeting, meeting_id, actor.organisation).case_id
        with self._base.look(actor, Permission.CASE_READ, case) as connection:
            return self._view(connection, one(connection, meeting, meeting_id, actor.organisation))

    def save(self, actor: Actor, meeting_id: str, version: int, paper: str, data: Data) -> int:
        """Keep a paper as it was typed, complete or not; returns the meeting's new version. Raises Conflict."""
        if paper not in (AGENDA, MINUTES):
            raise BadArguments("A meeting has an agenda and minutes.")

        def change(content: MeetingContent) -> MeetingContent:
            return replace(content, papers={**content.papers, paper: dict(data)})

        return self._change(actor, meeting_id, version, f"meeting.{paper}", change)

    def remind(self, actor: Actor, meeting_id: str, version: int) -> int:
        """Record that the chair gave the reminder; returns the meeting's new version. Raises Conflict."""
        given = Reminder(actor.account, self._base.clock.now())
        return self._change(
            actor, meeting_id, version, "meeting.remind", lambda content: replace(content, reminder=given)
        )

    def put_visitor(self, actor: Actor, meeting_id: str, version: int, visitor: Visitor) -> int:
        """Record a visitor, in place of one of the same name; returns the meeting's new version. Raises Conflict."""
        if not (visitor.name.strip() and visitor.organisation.strip()):
            raise BadArguments("A visitor has a name and comes from somewhere.", next_step="Fill in both.")

        def change(content: MeetingContent) -> MeetingContent:
            others = tuple(each for each in content.visitors if each.name != visitor.name)
            if len(others) >= MOST_VISITORS:
                raise BadArguments("There are too many visitors for one meeting.")
            return replace(content, visitors=(*others, visitor))

        return self._change(actor, meeting_id, version, "meeting.visitor", change)

    def mark_done(self, actor: Actor, meeting_id: str, version: int, timer: str, day: str) -> int:
        """Record when something that was due was done; returns the meeting's new version. Raises Conflict."""
        day_of(day)

        def change(content: MeetingContent) -> MeetingContent:
            return replace(content, done=tuple(sorted({**dict(content.done), timer: day}.items())))

        if timer not in load_meetings().timers:
            raise BadArguments("Nothing of that name is due.")
        return self._change(actor, meeting_id, version, "meeting.done", change)

    def paper(self, actor: Actor, meeting_id: str, paper: str) -> bytes:
        """Return the agenda or the minutes as a Word document, made of what was typed.

        Raises:
            InvalidDefinition: naming the field that is missing or wrong.
        """
        view = self.open(actor, meeting_id)
        return forms.generate(paper_of(view.kind, paper), _whole(view, paper))

    def record(self, actor: Actor, meeting_id: str, version: int) -> str:
        """Make the minutes a document of the case and put their actions on the tracker; returns the version's id.

        Raises:
            InvalidDefinition: naming the field of the minutes that is missing or wrong.
            BadArguments: while the chair's reminder is not recorded.
        """
        view = self.open(actor, meeting_id)
        if view.content.reminder is None:
            raise BadArguments("The chair's reminder is not recorded.", next_step="Record it on the meeting's page.")
        if view.version != version:
            raise Conflict("Somebody else changed the meeting meanwhile.")
        content, name = self.paper(actor, meeting_id, MINUTES), f"{view.title}, {view.day.isoformat()}.docx"
        into = self._documents.version(actor, view.record).document if view.record else None
        made = self._documents.upload(actor, view.case, name, content, into=into)
        rows = load_meetings().kinds[view.kind].actions
        self._tracker.take_over(actor, view.case, meeting_id, _whole(view, MINUTES).get(rows.rows, []), rows)
        with self._base.act(actor, Permission.DOCUMENT_ADD, view.case, subject=meeting_id) as connection:
            this = (meeting.c.id == meeting_id) & (meeting.c.version == version)
            connection.execute(update(meeting).where(this).values(record=made, version=version + 1))
            self._note(connection, actor, "meeting.record", meeting_id, view.case)
        return made

    def _change(
        self,
        actor: Actor,
        meeting_id: str,
        version: int,
        action: str,
        change: Callable[[MeetingContent], MeetingContent],
    ) -> int:
        case = self._base.row(meeting, meeting_id, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=meeting_id) as connection:
            row = one(connection, meeting, meeting_id, actor.organisation)
            content = change(self._opened(connection, row))
            sealed = self._sealed(connection, actor.organisation, meeting_id, content)
            this = (meeting.c.id == meeting_id) & (meeting.c.version == version)
            done = connection.execute(update(meeting).where(this).values(content=sealed, version=version + 1))
            if done.rowcount != 1:
                raise Conflict("Somebody else changed the meeting meanwhile.", next_step="Load it and enter it again.")
            self._note(connection, actor, action, meeting_id, case)
        return version + 1

    def _view(self, connection: Connection, row: Row[Any]) -> MeetingView:
        content, day = self._opened(connection, row), date.fromisoformat(row.day)
        known = load_meetings().kinds[row.kind]
        return MeetingView(
            row.id,
            row.case_id,
            row.kind,
            known.title,
            day,
            content,
            row.version,
            row.record,
            self._due(connection, row, known, content, day),
            self._name(connection, content.reminder.by) if content.reminder else "",
        )

    def _due(
        self, connection: Connection, row: Row[Any], kind: MeetingKind, content: MeetingContent, day: date
    ) -> tuple[Due, ...]:
        rules, done, found = load_meetings(), dict(content.done), []
        sent = self._sent_on(connection, row)
        for name in kind.timers:
            timer = rules.timers[name]
            start = day if timer.after == "meeting" else sent
            on = due(start, timer.days) if start else None
            ended = done.get(name, "")
            if not ended and row.record and name in rules.made_by_record:
                ended = self._recorded_on(connection, row)
            found.append(Due(name, timer.title, timer.basis, on, ended, on is None or holidays_known(on)))
        return tuple(found)

    def _sent_on(self, connection: Connection, row: Row[Any]) -> date | None:
        """Return when the first copy of the record was sent."""
        sent = select(func.min(release.c.created_at)).join(review, review.c.id == release.c.review)
        ready = release.c.state.in_([ReleaseState.READY.value, ReleaseState.REVOKED.value])
        first = connection.execute(sent.where(review.c.version == row.record, ready)).scalar_one_or_none()
        return first.date() if first else None

    def _recorded_on(self, connection: Connection, row: Row[Any]) -> str:
        made = select(document_version.c.created_at).where(document_version.c.id == row.record)
        return str(connection.execute(made).scalar_one().date().isoformat())

    def _name(self, connection: Connection, account_id: str) -> str:
        row = connection.execute(select(account).where(account.c.id == account_id)).one()
        return self._base.keys.open(connection, row.organisation, row.name, f"account.name|{row.id}").decode()

    def _sealed(self, connection: Connection, organisation: str, meeting_id: str, content: MeetingContent) -> bytes:
        return self._base.keys.seal(connection, organisation, wire.dump(content), f"meeting.content|{meeting_id}")

    def _opened(self, connection: Connection, row: Row[Any]) -> MeetingContent:
        sealed = self._base.keys.open(connection, row.organisation, row.content, f"meeting.content|{row.id}")
        return wire.load(MeetingContent, sealed)

    def _note(self, connection: Connection, actor: Actor, action: str, subject: str, case: str) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, None)


def kind_of(kind: str) -> MeetingKind:
    """Return a kind of meeting. Raises BadArguments."""
    if kind not in load_meetings().kinds:
        raise BadArguments("There is no such kind of meeting.", next_step="Choose one of the list.")
    return load_meetings().kinds[kind]


def paper_of(kind: str, paper: str) -> str:
    """Return the name of the document template of a kind's agenda or minutes. Raises BadArguments."""
    name = getattr(kind_of(kind), paper, "") if paper in (AGENDA, MINUTES) else ""
    if not name:
        raise BadArguments("A meeting of this kind has no such paper.")
    return str(name)


def day_of(text: str) -> date:
    """Return a day that was typed as YYYY-MM-DD. Raises BadArguments."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadArguments("That is not a date.", next_step="Enter day, month and year.") from None


def _begun(kind: MeetingKind, day: date) -> dict[str, Any]:
    """Return the papers as they begin: the day, and the standing items of the terms of reference."""
    papers: dict[str, Any] = {MINUTES: {"date": day.isoformat()}}
    if kind.agenda:
        items = forms.form(kind.agenda).sample["items"]
        papers[AGENDA] = {"date": day.isoformat(), "items": items}
        if "items" in forms.form(kind.minutes).fields:
            papers[MINUTES]["items"] = [{"number": each["number"], "title": each["item"]} for each in items]
    return papers


def _whole(view: MeetingView, paper: str) -> dict[str, Any]:
    """Return a paper's data with what the meeting's page records: the reminder, and visitors among those who came."""
    data, fields = dict(view.content.papers.get(paper, {})), forms.form(paper_of(view.kind, paper)).fields
    if paper != MINUTES:
        return data
    if "reminder_given" in fields:
        data["reminder_given"] = view.content.reminder is not None
    if "attendance" in fields:
        columns, rows = fields["attendance"].columns, list(data.get("attendance", []))
        came = {row.get("name") for row in rows}
        status = "Visitor" if "Visitor" in columns["status"].choices else "Present"
        place = "organisation" if "organisation" in columns else "agency"
        rows += [
            {"name": each.name, "role": each.role or "Visitor", place: each.organisation, "status": status}
            for each in view.content.visitors
            if each.name not in came
        ]
        data["attendance"] = rows
    return data
