"""Issue 6.6 on the pages: a breach with its clock, a request with its tests, registers, sheets and certificates."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from redactor.access import AccountRole
from redactor.model import Case, Person, PersonId, Relation
from redactor.web.pages.copies import table
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import ready
from tests.web.conftest import join, signed_in


@pytest.fixture
def officer(app: Flask, house: House) -> FlaskClient:
    return signed_in(app, house, join(house, AccountRole.INFORMATION_OFFICER))


def test_a_breach_is_written_down_and_told(app: Flask, house: House, officer: FlaskClient) -> None:
    release = ready(house)
    case = house.service.releases.open(house.people["chair"], release).case
    client = signed_in(app, house, "chair")
    page = client.get(f"/cases/{case}/breaches/new").text
    assert "Copy 1 for Testperson Delta" in page
    assert "Nothing: nobody opened it." in page
    now = house.clock.now().strftime("%Y-%m-%dT%H:%M")
    sent = {"aware_at": now, "happened": "A letter went astray", "copies": release, "risk": "yes", "people": "2"}
    assert "Say what happened" in client.post(f"/cases/{case}/breaches/new", data={**sent, "happened": ""}).text
    where = client.post(f"/cases/{case}/breaches/new", data=sent).location
    assert "71 hours left" in client.get(where).text or "72 hours left" in client.get(where).text
    assert "A letter went astray" in officer.get("/rights").text
    told = officer.post(where, data={**sent, "told_at": now, "reference": "IC-1"})
    assert told.status_code == 302
    assert "Told in time" in officer.get(where).text
    assert "A letter went astray" in client.get(f"/cases/{case}/breaches").text


def test_a_request_is_searched_weighed_and_answered(house: House, officer: FlaskClient) -> None:
    people = (Person(PersonId("p1"), "Ermintrude Sample", Relation.PARENT),
              Person(PersonId("p2"), "Testperson Beta", Relation.REFERRER))  # fmt: skip
    case = house.service.cases.create(house.people["chair"], "First", Case(people=people))
    now = house.clock.now().strftime("%Y-%m-%dT%H:%M")
    where = officer.post(
        "/rights/requests/new", data={"name": "Ermintrude Sample", "identity": "Passport", "received_at": now}
    ).location
    assert "Search every case" in officer.get(where).text
    found = officer.get(where + "?search=yes").text
    assert "Others to weigh: Testperson Beta (referrer)" in found
    test = {"step": "weigh", "case": case, "who": "Testperson Beta", "information": "That they rang", "consent":
            "refused", "outcome": "withhold", "because": "They fear the person who asks"}  # fmt: skip
    assert "Give the reason" in officer.post(where, data={**test, "because": ""}).text
    assert officer.post(where, data=test).status_code == 302
    assert "They fear the person who asks" in officer.get(where).text
    assert officer.post(where, data={"step": "close", "answer": "Copy sent"}).status_code == 302
    assert "Answered" in officer.get("/rights").text


def test_registers_are_handed_out_and_certificates_shown(house: House, officer: FlaskClient) -> None:
    release, chair = ready(house), house.people["chair"]
    case = house.service.releases.open(chair, release).case
    rows = list(csv.DictReader(io.StringIO(officer.get("/rights/processing.csv").data.decode("utf-8-sig"))))
    assert {row["activity"]: row["copies"] for row in rows}["family_copy"] == "1"
    assert "family_copy" in {each["activity"] for each in json.loads(officer.get("/rights/processing.json").data)}
    house.service.retention.destroy_document(chair, house.service.documents.list(chair, case)[0].id)
    number = house.service.register.certificates(house.people["information-officer-1"])[0].fields["number"]
    assert f"Certificate {number}" in officer.get("/rights/retention").text
    page = officer.get(f"/rights/certificates/{number}").text
    assert "Genuine" in page
    assert json.loads(officer.get(f"/rights/certificates/{number}.json").data)
    assert officer.get("/rights/certificates/1").status_code == 404


def test_the_copy_register_and_the_sheet_of_printed_copies(app: Flask, house: House) -> None:
    release, chair = ready(house), house.people["chair"]
    case = house.service.releases.open(chair, release).case
    client = signed_in(app, house, "chair")
    step = f"/releases/{release}/printed/step"
    assert "Say who has the printed copy" in client.post(step, data={"step": "hand", "holder": ""}).text
    assert client.post(step, data={"step": "hand", "holder": "Somebody, school"}).status_code == 302
    assert "1/1" in client.get(f"/releases/{release}/printed").text
    (row,) = csv.DictReader(io.StringIO(client.get(f"/cases/{case}/copies.csv").data.decode("utf-8-sig")))
    assert (row["copy"], row["reader"], row["printed copies out"]) == ("1", "Testperson Delta", "1")
    assert client.post(step, data={"step": "destroyed", "number": "1"}).status_code == 302
    assert "Destroyed" in client.get(f"/releases/{release}/printed").text
    assert "Testperson Delta" in client.get(f"/cases/{case}/copies").text
    document = house.service.documents.list(chair, case)[0].id
    assert "Who saw which version" in client.get(f"/documents/{document}/seen").text


def test_no_cell_of_a_table_is_a_formula() -> None:
    made = table(("a", "b"), [("=1+1", "@x"), ("plain", "-")]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made)))[1:] == [["'=1+1", "'@x"], ["plain", "'-"]]


def test_the_auditor_checks_the_chain_and_takes_the_record(app: Flask, house: House) -> None:
    client = signed_in(app, house, join(house, AccountRole.AUDITOR))
    assert "Whole" in client.get("/audit/verify").text
    rows = list(csv.DictReader(io.StringIO(client.get("/audit.csv").text)))
    assert "audit.verify" in {row["action"] for row in rows}
