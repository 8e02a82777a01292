"""Promise 2: every access is on a record whose alteration shows: flip, drop, swap, insert, truncate are each found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from redactor.clock import SetClock
from redactor.store.audit import Audit, Head
from redactor.store.database import reading, writing
from redactor.store.keys import FileKey, KeyRing
from redactor.store.records import audit_event, audit_head, organisation

ORG, OTHER, EVENTS = "0" * 32, "1" * 32, 6


@pytest.fixture
def engine(records: Engine) -> Engine:
    return records


@pytest.fixture
def audit(engine: Engine, tmp_path: Path) -> Audit:
    clock = SetClock(datetime(2026, 11, 24, tzinfo=UTC))
    FileKey.create(tmp_path / "master.key")
    keys = KeyRing(engine, FileKey(tmp_path / "master.key"), clock)
    made = Audit(keys, clock)
    with writing(engine) as connection:
        for name in (ORG, OTHER):
            connection.execute(insert(organisation).values(id=name, name="o", created_at=clock.now()))
            keys.add(connection, name)
            made.begin(connection, name)
            for number in range(EVENTS):
                made.append(connection, name, "system", "document.upload", f"{number:032x}", detail={"bytes": number})
    return made


def passed(engine: Engine, audit: Audit, kept: tuple[Head, ...] = ()) -> bool:
    with reading(engine) as connection:
        verdict = audit.verify(connection, ORG, kept)
    return verdict.passed


def head_of(engine: Engine, audit: Audit, name: str = ORG) -> Head:
    with reading(engine) as connection:
        return audit.head(connection, name)


def test_an_honest_chain_passes(engine: Engine, audit: Audit) -> None:
    assert passed(engine, audit, (head_of(engine, audit),))


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2026-11-23T00:00:00+00:00"),
        ("actor", "f" * 32),
        ("action", "document.view"),
        ("subject", "e" * 32),
        ("case_id", "d" * 32),
        ("detail", '{"bytes": 99}'),
        ("previous", "a" * 64),
        ("digest", "b" * 64),
    ],
)
def test_flipped(engine: Engine, audit: Audit, number: int, field: str, value: str) -> None:
    this = (audit_event.c.organisation == ORG) & (audit_event.c.number == number)
    with writing(engine) as connection:
        assert connection.execute(update(audit_event).where(this).values({field: value})).rowcount == 1
    assert not passed(engine, audit)


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
@pytest.mark.parametrize("closing_the_gap", [False, True])
def test_dropped(engine: Engine, audit: Audit, number: int, closing_the_gap: bool) -> None:
    mine = audit_event.c.organisation == ORG
    with writing(engine) as connection:
        connection.execute(delete(audit_event).where(mine, audit_event.c.number == number))
        if closing_the_gap:
            for later in range(number + 1, EVENTS + 1):
                this = update(audit_event).where(mine, audit_event.c.number == later)
                connection.execute(this.values(number=later - 1))
            connection.execute(update(audit_head).where(audit_head.c.organisation == ORG).values(number=EVENTS - 1))
    assert not passed(engine, audit)


def test_swapped(engine: Engine, audit: Audit) -> None:
    mine = audit_event.c.organisation == ORG
    with writing(engine) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(audit_event).where(mine, audit_event.c.number == old).values(number=new))
    assert not passed(engine, audit)


def test_inserted(engine: Engine, audit: Audit) -> None:
    with writing(engine) as connection:
        row = connection.execute(select(audit_event).where(audit_event.c.organisation == ORG).limit(1)).one()
        connection.execute(insert(audit_event).values({**row._mapping, "number": EVENTS + 1}))
    assert not passed(engine, audit)


def test_truncated_without_the_head(engine: Engine, audit: Audit) -> None:
    with writing(engine) as connection:
        connection.execute(delete(audit_event).where(audit_event.c.organisation == ORG, audit_event.c.number > 3))
    assert not passed(engine, audit)


def test_truncated_together_with_an_old_genuine_head(engine: Engine, audit: Audit) -> None:
    old = head_of(engine, audit)
    with writing(engine) as connection:
        audit.append(connection, ORG, "system", "document.view")
    kept = head_of(engine, audit)
    with writing(engine) as connection:
        connection.execute(delete(audit_event).where(audit_event.c.organisation == ORG, audit_event.c.number > EVENTS))
        values = {"number": old.number, "digest": old.digest, "signature": old.signature}
        connection.execute(update(audit_head).where(audit_head.c.organisation == ORG).values(values))
    assert passed(engine, audit), "the chain alone cannot show it"
    assert not passed(engine, audit, (kept,))


def test_another_chains_head_does_not_fit(engine: Engine, audit: Audit) -> None:
    other = head_of(engine, audit, OTHER)
    with writing(engine) as connection:
        values = {"number": other.number, "digest": other.digest, "signature": other.signature}
        connection.execute(update(audit_head).where(audit_head.c.organisation == ORG).values(values))
    assert not passed(engine, audit)


def test_a_head_survives_being_kept_elsewhere(engine: Engine, audit: Audit) -> None:
    head = head_of(engine, audit)
    assert Head.from_json(head.as_json()) == head
    assert head.genuine()


@pytest.mark.parametrize("detail", [{"name": "Ann Example"}, {"Bad Key": 1}, {"text": "two words"}])
def test_prose_does_not_fit_into_an_event(engine: Engine, audit: Audit, detail: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match="identifiers"), writing(engine) as connection:
        audit.append(connection, ORG, "system", "document.view", detail=detail)
    assert passed(engine, audit)
