"""A whole service on SQLite in a temporary folder, with a clock that the test moves and people who can sign in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from redactor.access import AccountRole, Actor
from redactor.app import compose, prepare
from redactor.clock import SetClock
from redactor.model import (
    Action,
    Case,
    Cell,
    Certificate,
    Decision,
    Detected,
    Document,
    Finding,
    InText,
    Kind,
    Label,
    OnPage,
    Person,
    PersonId,
    Piece,
    Plan,
    Protected,
    Reader,
    ReaderKind,
    ReasonCode,
    Relation,
    Role,
    Span,
    Upload,
    digest_of,
)
from redactor.policy import load_profile
from redactor.pseudonyms import Series
from redactor.ranges import PageRange
from redactor.service import Service, passwords
from redactor.settings import Settings
from tests import servers

PAGE_END = b"\f"
PASSWORD = "correct horse battery staple"
CASE = Case(
    reference="DC-2024-0117",
    people=(
        Person(PersonId("p1"), "Testperson Alpha", Relation.SUBJECT_CHILD),
        Person(PersonId("p4"), "Testperson Delta", Relation.PARENT),
    ),
    readers=(Reader("r1", ReaderKind.PERSON, PersonId("p4"), "Testperson Delta"),),
)
TEXT = "Zebedee met Ermintrude. Zebedee lives at 1 Sample Street.\n"


class SmallMachine:
    """Reads plain text and finds the words of a list: quick and exact, so that tests can say what must happen.

    The real pipeline is exercised through ``redactor.worker`` in tests/contract.
    """

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.orders: list[Any] = []

    def admit(self, content: bytes, name: str, password: str | None, stage: Any) -> Upload:
        stage("reading")
        if self.problem:
            raise self.problem
        pages = content.count(PAGE_END)
        return Upload(Kind.PDF if pages else Kind.TEXT, digest_of(content), content, pages=max(pages, 1))

    def read(self, upload: Upload, wanted: PageRange, stage: Any) -> Document:
        """Each page ends with a form feed, if there are pages at all."""
        stage("reading")
        if self.problem:
            raise self.problem
        pages = [page for page in upload.content.decode().split(PAGE_END.decode()) if page]
        read = [page for number, page in enumerate(pages) if number in wanted]
        pieces, length = [], 0
        for number, page in enumerate(read, start=wanted.first):
            span = Span(length, length + len(page))
            at = OnPage(number, (0.0, 0.0, 1.0, 1.0)) if upload.kind is Kind.PDF else InText(0)
            pieces.append(
                Piece(span, Role.BODY, at, Cell(number // 2 - wanted.first // 2, 0, 0) if number % 2 else None)
            )
            length = span.end
        count = len(read) if upload.kind is Kind.PDF else 0
        return Document(upload.kind, upload.digest, "".join(read), tuple(pieces), count, ((1.0, 1.0),) * count)

    def find(self, document: Document, case: Case, stage: Any) -> Detected:
        found = []
        for word in ("Zebedee", "Ermintrude", "1 Sample Street"):
            start = document.text.find(word)
            while start >= 0:
                label = Label.ADDRESS if word[0].isdigit() else Label.PERSON
                span = Span(start, start + len(word))
                found.append(Finding(span, label, 0.9, "list", person=None, certain=word != "Ermintrude"))
                start = document.text.find(word, start + 1)
        return Detected(tuple(sorted(found, key=lambda finding: finding.span)), case.people)

    def plan(
        self, document: Document, detected: Detected, profile: str, case: Case, reader: Reader, series: Series
    ) -> Plan:
        decisions = tuple(
            Decision(f.span, Action.MASK, "[x]", ReasonCode("TP"), "It is about somebody else.", "r", f.label,
                     certain=f.certain)
            for f in detected.findings
        )  # fmt: skip
        return Plan(document.digest, load_profile(profile).ref, case.reference, reader.key, decisions)

    def release(self, order: Any, stage: Any) -> Protected:
        self.orders.append(order)
        content = b"%PDF sealed " + order.plan.digest.encode()
        certificate = Certificate(digest_of(content), order.plan.digest, (), "checked")
        return Protected(content, digest_of(content), True, True, certificate)


@dataclass
class House:
    """A service and the people in it."""

    service: Service
    clock: SetClock
    machine: SmallMachine
    people: dict[str, Actor]
    secrets: dict[str, str]
    settings: Settings
    places: tuple[Path, ...] = ()  # every folder in which its servers keep anything

    def run(self) -> int:
        """Do every job that is due."""
        done = 0
        while claim := self.service.base.jobs.claim("tester"):
            self.service.processing.run(claim, self.machine)
            done += 1
        return done

    def join(self, inviter: Actor, username: str, *roles: AccountRole) -> Actor:
        """Invite and enrol somebody; return them signed in."""
        accounts = self.service.accounts
        token = accounts.invite(inviter, username, f"Person {username}", roles)
        return self.enrol(token)

    def enrol(self, token: str) -> Actor:
        asked = self.service.enrolments.enrolment(token)
        code = passwords.totp_code(asked.secret, self.clock.now())
        actor = self.service.sessions.resume(self.service.enrolments.enrol(token, PASSWORD, code).session)
        self.people[asked.username], self.secrets[asked.username] = actor, asked.secret
        return actor

    def case(self, *, of: str = "chair", also: tuple[str, ...] = ("second",)) -> str:
        made = self.service.cases.create(self.people[of], "A case", CASE)
        for name in also:
            self.service.cases.add_member(self.people[of], made, self.people[name].account)
        return made


MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


Foundation = tuple[Settings, dict[str, Actor], dict[str, str]]


def founded(settings: Settings) -> Foundation:
    """A service in which four people are enrolled; hashing their passwords is slow on purpose, so it is done once."""
    prepare(settings)
    clock = SetClock(MORNING)
    made = House(compose(settings, clock), clock, SmallMachine(), {}, {}, settings)
    token = made.service.accounts.first_link()
    assert token is not None
    admin = made.people["admin"] = made.enrol(token)
    for name in ("chair", "second", "stranger"):
        made.join(admin, name, AccountRole.CHAIR)
    made.service.base.engine.dispose()
    return settings, made.people, made.secrets


@pytest.fixture(scope="session")
def foundation(tmp_path_factory: pytest.TempPathFactory) -> Foundation:
    """The four people on SQLite and a folder."""
    return founded(Settings(data=tmp_path_factory.mktemp("foundation") / "var"))


@pytest.fixture(scope="session")
def scaled_foundation(
    tmp_path_factory: pytest.TempPathFactory, postgres: servers.Postgres, bucket: servers.Bucket
) -> Foundation:
    """The four people on PostgreSQL and a bucket."""
    address = SecretStr(postgres.create(f"foundation_{uuid4().hex}"))
    return founded(Settings(data=tmp_path_factory.mktemp("scaled") / "var", database_url=address, **bucket.settings()))


@pytest.fixture
def deployment() -> str:
    """Which deployment a test runs on; tests that must hold on both are parametrised with this name."""
    return os.environ.get("REDACTOR_TEST_DEPLOYMENT", "embedded")


@pytest.fixture
def house(request: pytest.FixtureRequest, deployment: str, tmp_path: Path) -> Iterator[House]:
    """A service with people, on SQLite and a folder, or on PostgreSQL and a bucket."""
    if deployment == "embedded":
        founding, people, secrets = request.getfixturevalue("foundation")
        settings, places = Settings(data=tmp_path / "var"), (tmp_path / "var",)
    else:
        founding, people, secrets = request.getfixturevalue("scaled_foundation")
        server, store = request.getfixturevalue("postgres"), request.getfixturevalue("bucket")
        name = uuid4().hex
        store.add(name)
        assert founding.database_url is not None
        template = str(make_url(founding.database_url.get_secret_value()).database)
        address = SecretStr(server.create(name, template=template))
        settings = Settings(data=tmp_path / "var", database_url=address, **store.settings(bucket=name))
        places = (settings.data, server.folder, store.folder / "buckets" / name)
    shutil.copytree(founding.data, settings.data)
    clock = SetClock(MORNING)
    service = compose(settings, clock)
    yield House(service, clock, SmallMachine(), dict(people), dict(secrets), settings, places)
    service.base.engine.dispose()
    if deployment != "embedded":
        server.drop(name)
