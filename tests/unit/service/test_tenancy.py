"""Promise 2 and issue 7.5: two controllers on one service, with keys of their own and no way across (ASVS 8.4.1)."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from redactor import service as rooms
from redactor.access import AccountRole, Actor, Permission
from redactor.errors import IntegrityFailure, NotFound, RedactorError
from redactor.model import Case, Person, PersonId, Reader, ReaderKind, Relation
from redactor.policy.meetings import load_meetings
from redactor.service.base import NO_SUCH_THING
from redactor.service.breaches import Facts
from redactor.service.changes import Accept, Correct, Undecided
from redactor.service.listed import ListedWord, ListKind
from redactor.service.meetings import Visitor
from redactor.service.printed import Settled
from redactor.service.signatures import Signatory
from redactor.service.subject_access import Asked, Consent, Outcome, ThirdPartyTest
from redactor.service.tracker import ActionContent
from redactor.store import rotate
from redactor.store.database import reading, writing
from redactor.store.records import audit_head, blob, organisation_key
from tests.unit.service.conftest import MORNING, PASSWORD, TEXT, House
from tests.unit.service.test_journey import GATE, ready

both = pytest.mark.parametrize("deployment", ["embedded", "scaled"])
REFUSALS = (403, 404)


@dataclass
class Neighbours:
    """Two organisations; one of them has been through the whole work."""

    house: House
    stranger: Actor
    theirs: dict[str, Any]


def held(house: House, case: str) -> dict[str, str]:
    """A meeting, an action and a signature of the case."""
    chair, service = house.people["chair"], house.service
    return {
        "meeting_id": service.meetings.plan(chair, case, "tactical", "2026-11-24"),
        "action_id": service.tracker.add(chair, case, ActionContent("Visit", "Health"), "2027-01-04"),
        "signature_id": service.signatures.sign(chair, case, Signatory("A", "", "B", "Visitor"), "2026-11-24"),
    }


@pytest.fixture
def neighbours(house: House) -> Neighbours:
    release = ready(house)
    chair = house.people["chair"]
    view = house.service.releases.open(chair, release)
    house.service.tokens.create(chair, PASSWORD, "a program", [Permission.CASE_READ], 1)
    officer = house.join(house.people["admin"], "officer", AccountRole.INFORMATION_OFFICER)
    document = house.service.documents.list(chair, view.case)[0]
    admin = house.enrol(house.service.accounts.add_organisation("Another council", "other-admin"))
    stranger = house.join(admin, "other-chair", *(set(AccountRole) - {AccountRole.RECIPIENT}))
    theirs = {
        "case": view.case, "document_id": document.id, "version": document.versions[0].id, "review_id": view.review,
        "release_id": release, "account_id": chair.account, "into": document.id,
        "breach_id": house.service.breaches.report(chair, view.case, MORNING, Facts("A letter went astray.")),
        "request_id": house.service.subject_access.begin(
            officer, Asked(("Zebedee",), "", "Known to the social worker."), MORNING
        ),
        "token_id": house.service.tokens.list(chair)[0].id, **held(house, view.case),
    }  # fmt: skip
    return Neighbours(house, stranger, theirs)


# What the use cases take besides identifiers: sound values, so that only the identifier can be the reason to refuse.
OTHERS: dict[str, Any] = {
    "permission": Permission.CASE_READ, "roles": [AccountRole.CHAIR], "person": "p1", "key": "r1", "title": "A title",
    "reference": "R-1", "file": Case(), "restricted": True, "name": "standard", "content": b"x", "password": None,
    "head": 1, "changes": [Accept(Undecided())], "digest": "sha256:0", "where": Undecided(), "reader": "r1",
    "profile": "family_copy", "gate": GATE, "days": 3, "held": True, "after": 0, "limit": 10,
    "page": 1, "start": 0, "text": "A remark", "comment": "c1", "relation": Relation.PARENT, "alias": "Somebody",
    "email": "", "release": None, "said": Correct(Undecided(), nothing=True),
    "wanted": "1", "word": ListedWord("words", ListKind.NEVER, "Because."), "words": "words",
    "kind": "tactical", "day": "2026-11-24", "paper": "minutes", "data": {},
    "visitor": Visitor("A", "", "B", reminded=True),
    "timer": "letter", "status": "Done", "update_text": "", "recorded": True, "names": {"A"},
    "signatory": Signatory("A", "", "B", "Visitor"), "rows": [],
    "columns": load_meetings().kinds["tactical"].actions, "passkey_id": "k1",
    "number": 1, "holder": "Somebody", "how": Settled.RETURNED,
    "aware_at": MORNING, "told_at": None, "facts": Facts("A letter went astray."), "answer": "Sent.",
    "test": ThirdPartyTest("c", "Somebody", "An address", Consent.REFUSED, Outcome.WITHHOLD, "They refused."),
}  # fmt: skip
SPECIAL: dict[tuple[str, str, str], Any] = {
    ("cases", "put_person", "person"): Person(PersonId("p9"), "Somebody", Relation.PARENT),
    ("cases", "put_reader", "reader"): Reader("r9", ReaderKind.PERSON, PersonId("p4"), "Somebody"),
    **{("meetings", name, "version"): 1 for name in ("save", "remind", "put_visitor", "mark_done", "record")},
    ("tracker", "add", "content"): ActionContent("Visit", "Health"),
    **{("cases", name, "version"): 1 for name in
       ("put_person", "put_reader", "remove_person", "remove_reader", "rename", "replace_file")},
}  # fmt: skip
OF_THE_ACTOR_ALONE = {  # name no thing of a case: they speak of the actor's own organisation only
    "accounts": {"colleagues", "invite", "list"},
    "entry": {"change_password", "check_password", "confirm", "has_password"},
    "passkeys": {"add", "list", "offer"},
    "sessions": {"end", "list"},
    "breaches": {"all"},
    "register": {"activities", "certificate", "certificates", "kept"},
    "subject_access": {"begin", "list"},
    "agreements": {"publish"},
    "cases": {"create", "list"},
    "tokens": {"create", "list"},
    "trail": {"of_organisation", "verify_own", "whole"},
    "words": {"own", "put_own", "remove_own"},
    "workload": {"of"},
}


def actors_steps() -> list[tuple[str, str]]:
    """Every method of the service that somebody calls as an actor: a new one is there by being written."""
    found = []
    for room, kind in typing.get_type_hints(rooms.Service).items():
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            asks = not name.startswith("_") and "actor" in inspect.signature(method).parameters
            if room != "base" and asks:
                found.append((room, name))
    return found


def use_cases() -> list[tuple[str, str]]:
    """Those that name a thing, which may be another organisation's."""
    return [(room, name) for room, name in actors_steps() if name not in OF_THE_ACTOR_ALONE.get(room, set())]


def arguments(room: str, name: str, method: Callable[..., Any], theirs: dict[str, Any]) -> dict[str, Any]:
    given = {}
    for parameter in [each for each in inspect.signature(method).parameters if each != "actor"]:
        if parameter == "named":
            given[parameter] = {"case": theirs["case"]}
        else:
            known = {**OTHERS, **theirs}
            given[parameter] = SPECIAL.get((room, name, parameter), known.get(parameter))
            assert parameter in known, f"{room}.{name} takes '{parameter}': say what a stranger would give"
    return given


@both
def test_no_use_case_crosses_from_one_controller_to_another(neighbours: Neighbours) -> None:
    walked, service = 0, neighbours.house.service
    for room, name in use_cases():
        method = getattr(getattr(service, room), name)
        given = arguments(room, name, method, neighbours.theirs)
        with pytest.raises(RedactorError) as refused:
            method(neighbours.stranger, **given)
        assert refused.value.http_status in REFUSALS, f"{room}.{name}: {refused.value}"
        if isinstance(refused.value, NotFound):
            assert refused.value.message in (NO_SUCH_THING, "There is no such case, or you are not on it."), name
        walked += 1
    assert walked > 40
    assert service.cases.list(neighbours.stranger) == ()
    assert [each.username for each in service.accounts.list(neighbours.stranger)] == ["other-admin", "other-chair"]
    events = service.trail.of_organisation(neighbours.stranger, limit=500)
    assert not {event.case for event in events} & {neighbours.theirs["case"]}


def test_a_sealed_value_opens_in_no_other_organisation(neighbours: Neighbours) -> None:
    base, other = neighbours.house.service.base, neighbours.stranger.organisation
    with reading(base.engine) as connection:
        for column in rotate.SEALED:
            table = column.table
            (key,) = table.primary_key.columns
            mine = select(key, column).where(table.c.organisation != other, column.is_not(None))
            for identifier, sealed in connection.execute(mine).all():
                place = audit_head.name if table is audit_head else f"{table.name}.{column.name}|{identifier}"
                with pytest.raises(IntegrityFailure):
                    base.keys.open(connection, other, sealed, place)


def test_a_row_moved_to_another_organisation_opens_nothing(neighbours: Neighbours) -> None:
    base, other = neighbours.house.service.base, neighbours.stranger.organisation
    with writing(base.engine) as connection:
        row = connection.execute(select(blob).where(blob.c.purpose == "upload")).one()
        with pytest.raises(NotFound):
            base.blobs.get(connection, other, row.id)
        connection.execute(update(blob).where(blob.c.id == row.id).values(organisation=other))
        with pytest.raises(IntegrityFailure):
            base.blobs.get(connection, other, row.id)
        connection.execute(update(organisation_key).values(organisation=other))
        base.keys._open.clear()
        with pytest.raises(IntegrityFailure):
            base.blobs.get(connection, other, row.id)


def test_each_has_keys_a_record_and_an_end_of_its_own(neighbours: Neighbours) -> None:
    service = neighbours.house.service
    verdicts = service.trail.verify()
    assert len(verdicts) == 2
    assert all(verdict.passed for verdict in verdicts.values())
    service.retention.destroy_document(neighbours.house.people["chair"], neighbours.theirs["document_id"])
    mine = service.cases.create(neighbours.stranger, "Ours", Case())
    version = service.documents.upload(neighbours.stranger, mine, "a.txt", TEXT.encode())
    service.retention.sweep()
    service.recovery.rotate()
    assert service.documents.original(neighbours.stranger, version)[1] == TEXT.encode()
    assert service.recovery.prove().problems == ()
