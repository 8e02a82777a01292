"""The pages on a whole service on SQLite; promises 2 and 4 are defended by the tests beside this file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from redactor.access import AccountRole
from redactor.service import passwords
from redactor.web import create_app
from tests.unit.service.conftest import PASSWORD, House, deployment, foundation, house, scaled_foundation

__all__ = ["deployment", "foundation", "house", "scaled_foundation"]


@pytest.fixture
def app(house: House) -> Flask:
    made = create_app(house.service, house.settings)
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False  # its own test switches it on
    return made


def signed_in(app: Flask, house: House, username: str) -> FlaskClient:
    """Sign in through the pages with both factors."""
    house.clock.move(timedelta(minutes=1))
    client = app.test_client()
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    code = passwords.totp_code(house.secrets[username], house.clock.now())
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.status_code == 302, answer.text
    return client


def join(house: House, role: AccountRole) -> str:
    """Add somebody with this one role and return the user name."""
    username = f"{role.value.replace('_', '-')}-1"
    house.join(house.people["admin"] if "admin" in house.people else house.people["administrator"], username, role)
    return username
