"""Promise 3: the record of a case and of a copy can be taken along, holds no text, and says who saw what."""

from __future__ import annotations

import csv
import io

from flask import Flask

from redactor.access import AccountRole
from tests.unit.service.conftest import TEXT, House
from tests.web.conftest import join, signed_in
from tests.web.test_portal import HOME, handed


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_record_of_a_copy_says_who_opened_and_saw_it(app: Flask, house: House) -> None:
    release, token, code, password = handed(house)
    portal = house.service.portal
    visitor = portal.enter_code(token, code, HOME)
    portal.accept(token, 1, "Testperson Delta", HOME, visitor)
    portal.open(token, password, HOME, visitor)
    portal.page(token, 2, visitor)
    case = house.service.releases.open(house.people["chair"], release).case
    client = signed_in(app, house, "chair")
    answer = client.get(f"/cases/{case}/releases/{release}/audit.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = _rows(answer.text)
    steps = [row["action"] for row in rows]
    assert {"release.order", "portal.code_right", "portal.accept", "portal.open", "portal.view"} <= set(steps)
    assert {row["subject"] for row in rows} == {release}
    assert next(row["detail"] for row in rows if row["action"] == "portal.view") == '{"page": 2}'
    whole = client.get(f"/cases/{case}/audit.csv").text
    assert len(_rows(whole)) > len(rows)
    assert "audit.export" in whole
    assert not any(word in whole for word in (*TEXT.split()[:3], "Testperson", "Sample Street", password, code, token))


def test_the_record_of_a_restricted_case_is_not_for_every_auditor(app: Flask, house: House) -> None:
    release, *_ = handed(house)
    case = house.service.releases.open(house.people["chair"], release).case
    client = signed_in(app, house, join(house, AccountRole.AUDITOR))
    assert client.get(f"/cases/{case}/audit.csv").status_code == 200
    house.service.cases.set_restricted(house.people["chair"], case, True)
    assert client.get(f"/cases/{case}/audit.csv").status_code == 403
    other = house.case()
    assert client.get(f"/cases/{other}/releases/{release}/audit.csv").status_code == 404
