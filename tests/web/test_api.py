"""Promises 2 to 4 for programs: a token does what its owner may and no more, the document describes what happens."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from redactor.access import GRANTED, AccountRole, Permission
from redactor.errors import BadArguments, NotFound, SignInNeeded, SignInRefused
from redactor.service.breaches import Facts
from redactor.service.subject_access import Asked
from redactor.web.api import OPERATIONS
from redactor.web.api.openapi import document
from tests.conftest import ROOT
from tests.unit.service.conftest import PASSWORD, TEXT, House
from tests.unit.service.test_journey import GATE, proposed, ready
from tests.unit.service.test_tenancy import actors_steps
from tests.web.conftest import signed_in

ALL = sorted(Permission)


def token_of(house: House, name: str, *scopes: Permission) -> str:
    person = house.people[name]
    wanted = scopes or tuple(scope for scope in ALL if person.may(scope))
    return house.service.tokens.create(person, PASSWORD, "a program", wanted, 30)


class Program:
    """Something that calls the API."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open("/api/v1" + path, method=method, headers=headers, **more)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, json=body) if body is not None else self.call("POST", path)

    def upload(self, case: str, content: bytes, key: str = "") -> Any:
        data = {"file": (io.BytesIO(content), "Minutes.txt")}
        return self.call("POST", f"/cases/{case}/documents", data=data, headers={"Idempotency-Key": key} if key else {})


@pytest.fixture
def chair(app: Flask, house: House) -> Program:
    return Program(app, token_of(house, "chair"))


def test_a_program_takes_a_document_from_upload_to_link(app: Flask, house: House, chair: Program) -> None:
    case = house.case()
    version = chair.upload(case, TEXT.encode()).json["id"]
    review = chair.post(f"/versions/{version}/reviews", {"reader": "r1", "profile": "family_copy"}).json["id"]
    house.run()
    assert chair.post(f"/reviews/{review}/count", {"where": {"kind": "undecided"}}).json == {"count": 1}
    change = {"kind": "accept", "where": {"kind": "undecided"}}
    head = chair.post(f"/reviews/{review}/changes", {"head": 1, "changes": [change]}).json["head"]
    assert chair.post(f"/reviews/{review}/complete", {"head": head}).status_code == 204
    second = Program(app, token_of(house, "second"))
    digest = house.service.reviews.open(house.people["second"], review).plan.digest
    assert chair.post(f"/reviews/{review}/approve", {"digest": digest}).status_code == 403
    assert second.post(f"/reviews/{review}/approve", {"digest": digest}).status_code == 204
    gate = {name: getattr(GATE, name) for name in GATE.__dataclass_fields__}
    release = chair.post(f"/reviews/{review}/releases", {"gate": gate}).json["id"]
    house.run()
    assert chair.call("GET", f"/releases/{release}").json["state"] == "ready"
    assert chair.call("GET", f"/releases/{release}/certificate").json["statement"]
    handed = chair.post(f"/releases/{release}/links", {}).json
    visitor = house.service.portal.enter_code(handed["token"], handed["code"], "192.0.2.1")
    assert house.service.portal.arrive(handed["token"], "192.0.2.1", visitor).locked == ""
    assert second.post(f"/releases/{release}/password").status_code == 403
    assert chair.post(f"/releases/{release}/password").json["value"] == house.machine.orders[0].password
    assert chair.post(f"/releases/{release}/revoke").status_code == 204


def test_every_permission_of_the_pages_opens_something_here() -> None:
    assert {one.need for one in OPERATIONS if isinstance(one.need, Permission)} == set(Permission)


# What programs need no operation for, and why.
ONLY_PEOPLE = {
    "a token speaks for a person who signed in by themselves": {
        "doorway.require", "sessions.end", "sessions.list", "entry.change_password", "entry.check_password",
        "entry.confirm", "entry.has_password", "passkeys.add", "passkeys.list", "passkeys.offer", "passkeys.remove",
        "tokens.create", "tokens.list", "tokens.revoke",
    },
    "another operation answers the same": {
        "cases.replace_file", "releases.link", "sightings.case_of", "printed.out", "register.certificate",
        "trail.whole", "trail.whole_case", "tracker.table", "tracker.take_over", "signatures.unsigned",
        "standings.pending",
    },
}  # fmt: skip


def test_programs_can_do_what_people_can() -> None:
    """A use case that no operation calls is named with its reason, so that a new one is not forgotten."""
    written = "".join(path.read_text() for path in (ROOT / "redactor" / "web" / "api").glob("*.py"))
    missing = {f"{room}.{name}" for room, name in actors_steps() if f"service().{room}.{name}(" not in written}
    assert missing == set().union(*ONLY_PEOPLE.values())


def test_every_kind_of_change_can_be_sent() -> None:
    from typing import get_args

    from redactor.service.changes import ReviewChange, Where

    names = document()["components"]["schemas"]
    assert {f"{kind.__name__}Change" for kind in (*get_args(ReviewChange), *get_args(Where))} <= set(names)


def test_a_token_allows_its_scopes_and_no_more(app: Flask, house: House) -> None:
    case = house.case()
    reader = Program(app, token_of(house, "chair", Permission.CASE_READ))
    assert reader.call("GET", f"/cases/{case}").status_code == 200
    for method, path in (("GET", f"/cases/{case}/documents"), ("POST", f"/cases/{case}/close")):
        assert reader.call(method, path).status_code == 403
    assert reader.call("GET", "/me").json["scopes"] == ["case.read"]
    with pytest.raises(BadArguments):
        token_of(house, "chair", Permission.ACCOUNTS_MANAGE)
    with pytest.raises(SignInRefused):
        house.service.tokens.create(house.people["chair"], "wrong", "x", [Permission.CASE_READ], 1)
    program = house.service.tokens.resume(reader.headers["Authorization"].split()[1])
    with pytest.raises(SignInRefused):
        house.service.tokens.create(program, PASSWORD, "x", [Permission.CASE_READ], 1)


def test_a_token_ends_with_its_time_its_owner_and_its_revocation(app: Flask, house: House) -> None:
    tokens, person = house.service.tokens, house.people["second"]
    revoked, closed, old = (token_of(house, "second") for _ in range(3))
    with pytest.raises(NotFound):
        tokens.revoke(house.people["chair"], tokens.list(person)[-1].id)
    assert tokens.resume(revoked).account == person.account, "only its owner ends a token"
    for view in tokens.list(person):
        assert view.name == "a program"
    tokens.revoke(person, next(view.id for view in reversed(tokens.list(person))))
    assert sum(view.revoked_at is not None for view in tokens.list(person)) == 1
    live = [token for token in (revoked, closed, old) if Program(app, token).call("GET", "/me").status_code == 200]
    assert len(live) == 2
    house.service.accounts.disable(house.people["admin"], person.account)
    assert Program(app, live[0]).call("GET", "/me").status_code == 401
    house.service.accounts.enable(house.people["admin"], person.account)
    house.clock.move(timedelta(days=30))
    with pytest.raises(SignInNeeded):
        tokens.resume(live[1])


def test_neither_cookie_nor_token_opens_the_others_door(app: Flask, house: House, chair: Program) -> None:
    client = signed_in(app, house, "chair")
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content_type == "application/problem+json"
    assert app.test_client().get("/cases", headers=chair.headers).location.startswith("/sign-in")


def test_no_token_lies_in_clear(house: House, chair: Program) -> None:
    token = chair.headers["Authorization"].split()[1].encode()
    files = [path for path in house.settings.data.rglob("*") if path.is_file()]
    assert files
    assert not any(token in path.read_bytes() or b"a program" in path.read_bytes() for path in files)


def test_an_upload_that_is_sent_twice_takes_effect_once(house: House, chair: Program) -> None:
    case = house.case()
    first, again = chair.upload(case, b"text", "key-1"), chair.upload(case, b"text", "key-1")
    assert (first.status_code, first.json) == (again.status_code, again.json) == (201, first.json)
    assert chair.upload(case, b"other text", "key-1").status_code == 409
    assert chair.upload(case, b"text", "key-2").json != first.json
    assert len(chair.call("GET", f"/cases/{case}/documents").json) == 2
    house.clock.move(timedelta(days=2))
    assert chair.upload(case, b"text", "key-1").json != first.json


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("POST", "/cases", {"json": {}}, 400),
        ("POST", "/cases", {"json": {"title": "x", "extra": 1}}, 400),
        ("POST", "/cases", {"data": "title=x"}, 415),
        ("GET", "/cases?x=1", {}, 400),
        ("GET", "/nowhere", {}, 404),
        ("PATCH", "/cases", {}, 405),
        ("GET", "/cases/" + "0" * 32, {}, 403),
    ],
)
def test_refusals_are_problems_with_a_next_step(
    chair: Program, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    answer = chair.call(method, path, **more)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["next_step"]


def test_the_page_makes_and_ends_a_token(app: Flask, house: House) -> None:
    client = signed_in(app, house, "chair")
    form = {"name": "Case system", "scopes": ["case.read"], "days": "30", "password": PASSWORD}
    page = client.post("/account/tokens", data=form).text
    token = page.split('id="token">')[1].split("<")[0]
    assert Program(app, token).call("GET", "/me").status_code == 200
    assert token not in client.get("/account/tokens").text
    client.post("/account/tokens", data={"revoke": house.service.tokens.list(house.people["chair"])[0].id})
    assert Program(app, token).call("GET", "/me").status_code == 401
    assert "Choose what the token allows" in client.post("/account/tokens", data={**form, "scopes": ["x"]}).text


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.testing = False  # a mistake of ours is an answer 500 here, as for a real program
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_what_the_document_says_is_what_happens(address: str, house: House, tmp_path: Path) -> None:
    """Schemathesis reads the document and tries right and wrong requests on real things of a case."""
    everything = house.join(house.people["admin"], "everything", *AccountRole)
    release = ready(house)
    chair = house.people["chair"]
    copy = house.service.releases.open(chair, release)
    house.service.cases.add_member(chair, copy.case, everything.account)
    summary = house.service.reviews.summary(chair, copy.review)
    file = house.service.documents.version(chair, summary.version).document
    _, _, review = proposed(house)
    house.service.cases.add_member(chair, house.service.reviews.summary(chair, review).case, everything.account)
    token = house.service.tokens.create(everything, PASSWORD, "schemathesis", set().union(*GRANTED.values()), 1)
    known = {"case": copy.case, "review": review, "release": release, "version": summary.version, "document": file,
             "account": house.people["stranger"].account, "person": "p9", "key": "r9",
             "breach": house.service.breaches.report(chair, copy.case, house.clock.now(), Facts("It went astray.")),
             "meeting": house.service.meetings.plan(chair, copy.case, "tactical", "2026-11-30"),
             "subject_request": house.service.subject_access.begin(
                 everything, Asked(("Zebedee",), "", "Passport."), house.clock.now())}  # fmt: skip
    settings = tmp_path / "schemathesis.toml"
    settings.write_text("[parameters]\n" + "".join(f'"path.{name}" = "{value}"\n' for name, value in known.items()))
    program = Path(sys.executable).with_name("schemathesis")
    line = [program, "--config-file", settings, "run", f"{address}/api/v1/openapi.json", "-H",
            f"Authorization: Bearer {token}", "--phases", "examples,coverage,fuzzing", "--max-examples", "3",
            "--exclude-checks", "positive_data_acceptance", "--seed", "1", "--generation-database", "none",
            "--no-color", "--max-failures", "20", "--warnings", "off"]  # fmt: skip
    run = subprocess.run(list(map(str, line)), cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-12_000:] + run.stderr[-2_000:]
