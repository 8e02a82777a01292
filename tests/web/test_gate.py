"""Promises 2 and 4: every page says who may see it, and nobody else does, whatever their role and membership."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule

from redactor.access import EVERYWHERE, GRANTED, AccountRole, Actor, Permission
from redactor.errors import NotFound, UnsafeConfiguration
from redactor.model import Gate
from redactor.render import forms
from redactor.service.breaches import Facts
from redactor.service.subject_access import Asked
from redactor.store.database import reading
from redactor.store.records import audit_event
from redactor.web import create_app, gate
from redactor.web.gate import Door
from redactor.web.headers import CONTENT_POLICY
from tests.unit.service.conftest import PASSWORD, House
from tests.unit.service.test_journey import ready
from tests.unit.service.test_tenancy import held
from tests.web.conftest import join, signed_in

CLOSED = (401, 403, 404)
OWN = ("cases.index", "cases.workload", "api.list_cases", "api.list_waiting")  # shows only what is the actor's own
BY_RULE = ("releases.hand_over", "api.take_password")  # the password is for the sender alone, whoever else may send
DONE_EVERYWHERE = {"case.create", "agreement.publish", "account.invite", "account.create", "account.set_roles",
                   "account.disable", "account.enable", "account.reset", "token.create", "audit.export",
                   "audit.verify", "audit.sightings", "register.export"}  # fmt: skip
DONE_BY_OFFICERS = {"breach.report", "breach.amend", "breach.trace", "subject_access.search"}
QUERY = {"span": "0-7", "where": "undecided", "page": "0", "left": "0", "top": "0", "right": "9", "bottom": "9"}
PICTURED = ("review.page_picture", "review.drawn")  # a text has no pictures of pages: its page says so


def _stranger(rule: Rule, name: str) -> str:
    """What stands in an address for something that nobody knows."""
    return "0" if isinstance(rule._converters[name], IntegerConverter) else "unknown"


def _addresses(app: Flask, values: dict[str, str]) -> list[tuple[str, str, str]]:
    """Every route with every method that it answers to."""
    adapter = app.url_map.bind("localhost")
    return [
        (
            rule.endpoint,
            method,
            adapter.build(rule.endpoint, {n: values.get(n, _stranger(rule, n)) for n in rule.arguments}),
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_page_names_its_need(app: Flask) -> None:
    assert {endpoint for endpoint in app.view_functions if gate.need_of(app, endpoint) is None} == set()


def test_a_page_without_a_need_stops_the_start(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "need_of", lambda app, endpoint: None)
    with pytest.raises(UnsafeConfiguration):
        create_app(house.service, house.settings)


def test_strangers_without_a_session_see_nothing(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in _addresses(app, {}):
        if gate.need_of(app, endpoint) is Door.ANYONE:
            continue
        answer = client.open(address, method=method)
        sent_away = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert sent_away or answer.status_code in CLOSED, (endpoint, answer.status_code)


def _values(house: House) -> tuple[str, dict[str, str]]:
    """A case with one thing of each kind, and what stands for them in addresses."""
    release = ready(house)
    copy = house.service.releases.open(house.people["chair"], release)
    summary = house.service.reviews.summary(house.people["chair"], copy.review)
    document = house.service.documents.version(house.people["chair"], summary.version).document
    held_too = {name.removesuffix("_id"): made for name, made in held(house, copy.case).items()}
    _minuted(house, held_too["meeting"])
    return copy.case, {
        "case": copy.case, "review": copy.review, "release": release, "version": summary.version, "person": "p1",
        "document": document, "key": "r1", "account": house.people["chair"].account, "filename": "x",
        "which": "minutes", **held_too, **_of_the_officer(house, copy.case),
    }  # fmt: skip


def _of_the_officer(house: House, case: str) -> dict[str, str]:
    """A breach, a request for one's own data, and the certificate of something destroyed."""
    officer = house.join(house.people["admin"], "an-officer", AccountRole.INFORMATION_OFFICER)
    chair, now = house.people["chair"], house.clock.now()
    doomed = house.service.documents.upload(chair, case, "doomed.txt", b"Doomed.")
    house.run()
    house.service.retention.destroy_document(chair, house.service.documents.version(chair, doomed).document)
    return {
        "breach": house.service.breaches.report(chair, case, now, Facts("It went astray.")),
        "subject_request": house.service.subject_access.begin(officer, Asked(("Zebedee",), "", "Passport."), now),
        "number": house.service.register.certificates(officer)[0].fields["number"],
    }


def _minuted(house: House, meeting: str) -> None:
    """Fill in the minutes, so that they can be saved as a document."""
    chair, meetings = house.people["chair"], house.service.meetings
    meetings.save(chair, meeting, 1, "minutes", forms.form("tactical_minutes").sample)


def _events(house: House) -> list[str]:
    with reading(house.service.base.engine) as connection:
        actions = connection.execute(select(audit_event.c.action).order_by(audit_event.c.number)).scalars()
        return list(actions)


def _walk(
    app: Flask, client: FlaskClient, house: House, actor: Actor, values: dict[str, str], granted: set[Permission]
) -> tuple[int, int]:
    """Go to every route that needs a permission; say how many were open and how many closed, as they should be."""
    opened = closed = 0
    scopes = [scope for scope in Permission if actor.may(scope)]
    token = house.service.tokens.create(actor, PASSWORD, "walker", scopes, 1) if scopes else ""
    bearer = {"Authorization": f"Bearer {token}"}
    # What ends things comes last, so that everything is still there when its turn comes.
    for endpoint, method, address in sorted(_addresses(app, values), key=lambda each: each[1] != "GET"):
        need = gate.need_of(app, endpoint)
        if not isinstance(need, Permission):
            continue
        api = endpoint.startswith("api.")
        query = {} if api else QUERY
        answer = client.open(address, method=method, query_string=query, headers=bearer if api else {})
        if need in granted or (endpoint in OWN and actor.may(need)):
            assert answer.status_code not in (401, 403) or endpoint in BY_RULE, (endpoint, method, answer.status_code)
            fine = (200, 302, 404, 409) if endpoint in PICTURED else (200, 302, 409)
            assert method != "GET" or answer.status_code in fine, (endpoint, method, answer.status_code)
            opened += 1
        else:
            assert answer.status_code in CLOSED, (endpoint, method, answer.status_code)
            closed += 1
    return opened, closed


@pytest.mark.parametrize("role", list(AccountRole), ids=lambda role: role.value)
def test_every_route_by_role_and_membership(app: Flask, house: House, role: AccountRole) -> None:
    """Every route and method, for each role, as a stranger, as a stranger to a restricted case, and as a member."""
    case, values = _values(house)
    chair, username = house.people["chair"], join(house, role)
    client, everywhere = signed_in(app, house, username), GRANTED[role] & EVERYWHERE
    for restricted in (False, True):
        house.service.cases.set_restricted(chair, case, restricted)
        granted = set(everywhere)
        if role is AccountRole.AUDITOR and not restricted:
            granted |= {Permission.CASE_AUDIT}
        if role is AccountRole.INFORMATION_OFFICER:  # the law's clock runs whoever is on the case
            granted |= {Permission.BREACH_REPORT}
        before = len(_events(house))
        opened, closed = _walk(app, client, house, house.people[username], values, granted)
        assert closed > 20
        changed = {action for action in _events(house)[before:] if action != "access.refused"}
        allowed = DONE_EVERYWHERE | (DONE_BY_OFFICERS if role is AccountRole.INFORMATION_OFFICER else set())
        assert changed <= allowed, "a stranger changed or read something of the case"
        house.clock.move(timedelta(minutes=1))
    house.service.cases.add_member(chair, case, house.people[username].account)
    opened, _ = _walk(app, client, house, house.people[username], values, set(GRANTED[role]))
    assert bool(opened) == bool(GRANTED[role])


def test_things_of_two_cases_open_no_page(app: Flask, house: House) -> None:
    """A copy of one case is not reached by way of another, even by somebody who is on both."""
    case, values = _values(house)
    doorway, chair = house.service.doorway, house.people["chair"]
    doorway.require(chair, Permission.RELEASE_READ, {"case": case, "release": values["release"]})
    with pytest.raises(NotFound):
        doorway.require(chair, Permission.RELEASE_READ, {"case": house.case(), "release": values["release"]})


def test_a_page_that_names_no_case_stops_the_start(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "unplaced", lambda app: ["page.without"])
    with pytest.raises(UnsafeConfiguration):
        create_app(house.service, house.settings)


@pytest.mark.parametrize("step", ["", "/file"])
def test_a_recipients_link_opens_no_other_copy(app: Flask, house: House, step: str) -> None:
    """IDOR at the portal: another copy's id, a changed token, a used or revoked token open nothing."""
    first = ready(house)
    chair, releases = house.people["chair"], house.service.releases
    token = releases.link(chair, first)
    client = app.test_client()
    page = {"version": "1", "name": "Somebody", "agree": "yes"}
    for wrong in (first, token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), token + "x", "x" * 43):
        assert client.post(f"/copy/{wrong}{step}", data=page).status_code == 401
        assert client.get(f"/copy/{wrong}").status_code == 401
    assert house.service.agreements.acceptances(chair, releases.open(chair, first).case) == ()
    releases.revoke(chair, first)
    assert client.post(f"/copy/{token}{step}", data=page).status_code == 401


def test_headers_are_on_every_answer(app: Flask) -> None:
    for address in ("/help", "/nowhere", "/cases"):
        answer = app.test_client().get(address)
        assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_inline_script_or_style(app: Flask, house: House) -> None:
    client = signed_in(app, house, "chair")
    case = house.case()
    for address in ("/help", "/cases", f"/cases/{case}", f"/cases/{case}/upload", "/account"):
        page = client.get(address).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page


def test_a_form_without_its_token_changes_nothing(app: Flask, house: House) -> None:
    client = signed_in(app, house, "chair")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/cases/new", data={"title": "Forged"})
    assert answer.status_code == 400
    assert house.service.cases.list(house.people["chair"]) == ()


def test_a_request_from_another_site_is_refused(app: Flask, house: House) -> None:
    client = signed_in(app, house, "chair")
    answer = client.post("/cases/new", data={"title": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_programs_get_problem_json(app: Flask) -> None:
    answer = app.test_client().get("/cases", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 401
    assert answer.json["next_step"]


def test_signing_out_ends_the_session(app: Flask, house: House) -> None:
    client = signed_in(app, house, "chair")
    token = client.get_cookie("redactor")
    answer = client.post("/sign-out")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert token is not None
    client.set_cookie("redactor", token.value)
    assert client.get("/cases").status_code == 302


def test_the_gate_form_knows_every_field() -> None:
    from redactor.web.pages.releases import _LABELS, _OWN_FIELDS

    assert set(_LABELS) | set(_OWN_FIELDS) == set(Gate.__dataclass_fields__)
