"""Promise 3: a meeting is minuted where its record is reviewed; what is due, agreed and signed is not lost."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from redactor import ingest, sections
from redactor.errors import BadArguments, Conflict, InvalidDefinition
from redactor.model import Audience, Case
from redactor.policy.meetings import due, load_meetings, working_days_between
from redactor.render import forms
from redactor.service.meetings import AGENDA, MINUTES, MeetingView, Visitor
from redactor.service.signatures import Signatory
from redactor.service.tracker import ActionContent
from redactor.store.database import reading
from redactor.store.meetings import meeting, meeting_action, signature
from tests.unit.service.conftest import House

DAY = date(2026, 11, 23)  # the Monday before the day on which the tests take place


def _minutes(view: MeetingView) -> dict[str, Any]:
    sample = forms.form("tactical_minutes").sample
    return {**sample, **view.content.papers[MINUTES], "items": sample["items"]}


def _opened(house: House) -> tuple[str, str]:
    """A tactical meeting whose chair gave the reminder and to which a visitor came."""
    chair, case, meetings = house.people["chair"], house.case(), house.service.meetings
    made = meetings.plan(chair, case, "tactical", DAY.isoformat())
    version = meetings.remind(chair, made, 1)
    visitor = Visitor("Ffion Visitor", "Trainee", "Another Council", reminded=True)
    meetings.put_visitor(chair, made, version, visitor)
    return case, made


def test_the_agenda_has_the_eleven_items_and_can_be_saved_half_finished(house: House) -> None:
    chair, meetings = house.people["chair"], house.service.meetings
    made = meetings.plan(chair, house.case(), "tactical", DAY.isoformat())
    view = meetings.open(chair, made)
    assert [row["number"] for row in view.content.papers[AGENDA]["items"]] == [str(n) for n in range(1, 12)]
    version = meetings.save(chair, made, view.version, MINUTES, {"chair": "Anthea Example"})
    with pytest.raises(InvalidDefinition):
        meetings.paper(chair, made, MINUTES)
    with pytest.raises(Conflict):
        meetings.save(chair, made, view.version, MINUTES, {})
    assert meetings.open(chair, made).version == version


def test_there_is_no_record_without_the_chairs_reminder(house: House) -> None:
    chair, meetings = house.people["chair"], house.service.meetings
    made = meetings.plan(chair, house.case(), "tactical", DAY.isoformat())
    version = meetings.save(chair, made, 1, MINUTES, _minutes(meetings.open(chair, made)))
    with pytest.raises(BadArguments, match="reminder"):
        meetings.record(chair, made, version)


def test_minutes_become_a_document_that_is_read_without_guessing(house: House) -> None:
    chair, service = house.people["chair"], house.service
    _, made = _opened(house)
    view = service.meetings.open(chair, made)
    version = service.meetings.save(chair, made, view.version, MINUTES, _minutes(view))
    document = service.meetings.record(chair, made, version)
    name, content = service.documents.original(chair, document)
    assert name == "Extra-familial harm tactical meeting, 2026-11-23.docx"
    upload = ingest.admit(content, name)
    read = ingest.read(upload)
    assert "Ffion Visitor" in read.text
    assert "Visitor" in read.text
    (withheld,) = [part for part in sections.find(read, Case()) if part.audience is Audience.WITHHELD]
    assert "goes no further" in read.text[withheld.span.start : withheld.span.end]
    assert service.meetings.open(chair, made).record == document
    again = service.meetings.record(chair, made, service.meetings.open(chair, made).version)
    assert service.documents.version(chair, again).number == 2, "a second record is a new version of the same document"


def test_actions_of_the_minutes_go_on_the_tracker_once_and_out_as_a_table(house: House) -> None:
    chair, service = house.people["chair"], house.service
    case, made = _opened(house)
    view = service.meetings.open(chair, made)
    version = service.meetings.save(chair, made, view.version, MINUTES, _minutes(view))
    for _ in range(2):
        service.meetings.record(chair, made, version)
        version = service.meetings.open(chair, made).version
    (first,) = service.tracker.list(chair, case)
    assert (first.content.action, first.status) == ("Share the dashboard", "Overdue")
    service.tracker.move(chair, first.id, "Done", "=HYPERLINK()", recorded=True)
    service.tracker.add(chair, case, ActionContent("Visit", "Health"), "2027-01-04")
    rows = list(csv.DictReader(io.StringIO(service.tracker.table(chair, case, "Case"))))
    assert [(row["Action"], row["Status"], row["Update"]) for row in rows] == [
        ("Share the dashboard", "Done", "'=HYPERLINK()"),
        ("Visit", "Open", ""),
    ]
    with pytest.raises(BadArguments):
        service.tracker.add(chair, case, ActionContent("Visit", "Health"), "soon")


def test_the_register_says_who_signed_which_version_and_until_when(house: House) -> None:
    chair, service, case = house.people["chair"], house.service, house.case()
    who = Signatory("Ffion Visitor", "Trainee", "Another Council", "Visitor")
    assert service.signatures.unsigned(chair, case, {"Ffion Visitor"}) == ("Ffion Visitor",)
    made = service.signatures.sign(chair, case, who, "2026-11-20")
    (signed,) = service.signatures.register(chair, case)
    assert (signed.version, signed.expires_on, signed.holds) == (1, date(2028, 11, 20), True)
    assert service.signatures.unsigned(chair, case, {"ffion visitor"}) == ()
    service.agreements.publish(house.people["admin"], "A new text of the agreement. " * 5)
    assert service.signatures.register(chair, case)[0].why_not == "version 2 is published"
    service.signatures.sign(chair, case, who, "2026-11-24")
    house.clock.move(timedelta(days=731))
    assert {each.why_not for each in service.signatures.register(chair, case)} == {"expired"}
    service.signatures.withdraw(chair, made)
    with pytest.raises(Conflict):
        service.signatures.withdraw(chair, made)
    with pytest.raises(BadArguments):
        service.signatures.sign(chair, case, who, "2999-01-01")


def test_what_is_due_is_told_in_working_days(house: House) -> None:
    chair, meetings = house.people["chair"], house.service.meetings
    made = meetings.plan(chair, house.case(), "conference", "2026-12-21")
    on = {each.name: each.on for each in meetings.open(chair, made).due}
    # 25 December 2026 and 28 December (for the 26th, a Saturday) are bank holidays, and so is 1 January 2027
    assert (on["letter"], on["plan"], on["record"]) == (date(2026, 12, 22), date(2026, 12, 30), date(2027, 1, 14))
    assert on["corrections"] is None, "counts from the day on which the record is sent"
    meetings.mark_done(chair, made, 1, "letter", "2026-12-22")
    assert meetings.open(chair, made).due[0].done_on == "2026-12-22"


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
def test_working_days_come_out_as_they_were_counted(day: date, number: int) -> None:
    end = due(day, number)
    assert working_days_between(day, end) == number
    assert end.weekday() < 5
    assert end not in load_meetings().days_off


def test_bank_holidays_are_those_of_the_act() -> None:
    """Good Friday, Easter Monday, the first and last Monday of May and the last of August (1971 c. 80, schedule 1)."""
    for year in range(2024, load_meetings().last_year + 1):
        days = {day for day in load_meetings().days_off if day.year == year}
        assert len(days) == 8
        assert {easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)} <= days
        mondays = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
        may, august = ([d for d in mondays if d.weekday() == 0 and (d.year, d.month) == (year, m)] for m in (5, 8))
        assert {may[0], may[-1], august[-1]} <= days
        assert all(day.weekday() < 5 for day in days)


def test_a_destroyed_case_leaves_nothing_of_its_meetings(house: House) -> None:
    chair, service = house.people["chair"], house.service
    case, _ = _opened(house)
    service.tracker.add(chair, case, ActionContent("Visit", "Health"), "2027-01-04")
    service.signatures.sign(chair, case, Signatory("Ffion", "", "Council", "Visitor"), "2026-11-20")
    service.cases.close(chair, case)
    house.clock.move(timedelta(days=400))
    service.retention.sweep()
    with reading(service.base.engine) as connection:
        for table in (meeting, meeting_action, signature):
            assert connection.execute(table.select()).all() == []
