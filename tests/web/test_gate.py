"""Promises 2 and 4: every page says who may see it, and nobody else does, whatever their role and membership."""

from __future__ import annotations

import pytest
from flask import Flask

from redactor.access import GRANTED, AccountRole, Permission
from redactor.errors import UnsafeConfiguration
from redactor.model import Gate
from redactor.web import create_app, gate
from redactor.web.gate import Door
from redactor.web.headers import CONTENT_POLICY
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import ready
from tests.web.conftest import join, signed_in

CLOSED = (401, 403, 404)


def _addresses(app: Flask, values: dict[str, str]) -> list[tuple[str, str, str]]:
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        arguments = {name: values.get(name, "unknown") for name in rule.arguments}
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        found.append((rule.endpoint, method, adapter.build(rule.endpoint, arguments)))
    return found


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


@pytest.mark.parametrize("role", list(AccountRole), ids=lambda role: role.value)
@pytest.mark.parametrize("member", [True, False], ids=["member", "stranger"])
def test_every_route_by_role_and_membership(app: Flask, house: House, role: AccountRole, member: bool) -> None:
    release = ready(house)
    copy = house.service.releases.open(house.people["chair"], release)
    summary = house.service.reviews.summary(house.people["chair"], copy.review)
    username = join(house, role)
    if member:
        house.service.cases.add_member(house.people["chair"], copy.case, house.people[username].account)
    client = signed_in(app, house, username)
    values = {
        "case": copy.case, "review": copy.review, "release": release, "version": summary.version, "person": "p1",
        "key": "r1", "account": house.people["chair"].account, "filename": "x",
    }  # fmt: skip
    everywhere = {Permission.ACCOUNTS_MANAGE, Permission.AGREEMENT_PUBLISH, Permission.AUDIT_READ,
                  Permission.CASE_CREATE}  # fmt: skip
    walked = 0
    for endpoint, method, address in _addresses(app, values):
        need = gate.need_of(app, endpoint)
        if not isinstance(need, Permission) or method != "GET":
            continue
        answer = client.open(address, query_string={"span": "0-3", "where": "undecided"})
        granted = need in GRANTED[role]
        auditor = role is AccountRole.AUDITOR and need is Permission.CASE_AUDIT
        no_case = need in everywhere or endpoint == "cases.index"
        walked += 1
        if granted and (member or auditor or no_case):
            assert answer.status_code in (200, 302, 409), (endpoint, answer.status_code)
        else:
            assert answer.status_code in CLOSED, (endpoint, answer.status_code)
    assert walked > 15


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
