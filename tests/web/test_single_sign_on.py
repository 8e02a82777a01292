"""Issue 6.1: single sign-on against a real OpenID provider: who is linked by invitation comes in, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from redactor.access import AccountRole, Actor
from redactor.app import compose
from redactor.errors import UnsafeConfiguration
from redactor.service import passwords
from redactor.settings import Settings, load
from redactor.store.audit import Event
from redactor.web import create_app
from tests import provider as providers
from tests.provider import Provider
from tests.servers import free_port
from tests.unit.service.conftest import PASSWORD, House

MFA = {"amr": ["pwd", "mfa"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providers.running() as (running, _):
        yield running


def joined(house: House, provider: Provider, **values: object) -> House:
    """The same house with the provider in its settings, at the present time of day: tokens carry it."""
    house.clock.move(datetime.now(UTC) - house.clock.now())
    settings = house.settings.model_copy(
        update={
            "oidc_issuer": provider.address,
            "oidc_client_id": providers.CLIENT,
            "oidc_client_secret": SecretStr(providers.SECRET),
            **values,
        }
    )
    service = compose(settings, house.clock)
    house.service.base.engine.dispose()
    house.service, house.settings = service, settings
    provider.err()
    return house


def browser(house: House) -> FlaskClient:
    app = create_app(house.service, house.settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def come_back(client: FlaskClient, provider: Provider, subject: str, start: str = "/sign-in/provider") -> TestResponse:
    """Go to the provider, sign in there, and return."""
    away = client.get(start)
    assert away.status_code == 302, away.text
    asked = parse_qs(urlsplit(away.location).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["response_type"] == ["code"]
    back = urlsplit(provider.agree(away.location, subject))
    return client.get(f"{back.path}?{back.query}")


def invited(house: House, username: str, role: AccountRole = AccountRole.CHAIR) -> str:
    token = house.service.accounts.invite(_administrator(house), username, "Invited person", [role])
    return f"/set-up/{token}/provider"


def _administrator(house: House) -> Actor:
    return house.people["admin"]


def test_an_invited_person_is_linked_and_signs_in_from_then_on(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("linked", **MFA)
    client = browser(house)
    done = come_back(client, provider, "linked", invited(house, "linked@example.org"))
    assert "You are signed in" in done.text
    assert client.get("/account").status_code == 200
    assert "Change your password" not in client.get("/account").text
    again = browser(house)
    away = again.get("/sign-in/provider?then=/keys")
    back = urlsplit(provider.agree(away.location, "linked"))
    assert 'url=/keys"' in again.get(f"{back.path}?{back.query}").text
    actions = [event.action for event in _record(house)]
    assert {"account.link_provider", "account.enrol", "account.sign_in_by_provider"} <= set(actions)


def _record(house: House) -> tuple[Event, ...]:
    house.service.accounts.set_roles(house.people["admin"], house.people["stranger"].account, [AccountRole.AUDITOR])
    stranger = house.people["stranger"]
    actor = type(stranger)(stranger.account, stranger.organisation, frozenset({AccountRole.AUDITOR}))
    return house.service.trail.of_organisation(actor, limit=500)


def test_whom_nobody_invited_does_not_come_in(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("uninvited", **MFA)
    client = browser(house)
    answer = come_back(client, provider, "uninvited")
    assert answer.status_code == 401
    assert "Ask an administrator of this service for an invitation" in answer.text
    assert client.get("/account").status_code == 302


def test_a_provider_that_asked_for_one_factor_leaves_the_second_to_us(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("one-factor", amr=["pwd"])
    client = browser(house)
    link = invited(house, "one@example.org")
    page = come_back(client, provider, "one-factor", link)
    assert client.get("/account").status_code == 302
    set_up = link.removesuffix("/provider")
    assert f'url={set_up}"' in page.text
    assert "Choose a password" not in client.get(set_up).text
    secret = house.service.enrolments.enrolment(set_up.rsplit("/", 1)[-1]).secret
    assert client.post(set_up, data={"code": passwords.totp_code(secret, house.clock.now())}).status_code == 200
    assert client.get("/account").status_code == 200
    later = browser(house)
    come_back(later, provider, "one-factor")
    assert later.get("/account").status_code == 302
    house.clock.move(passwords.THROTTLE_WINDOW / 30)
    code = passwords.totp_code(secret, house.clock.now())
    assert later.post("/sign-in/code", data={"code": code}).status_code == 302
    assert later.get("/account").status_code == 200


def test_before_the_authenticator_is_set_up_the_account_stays_closed(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("half", amr=["pwd"])
    come_back(browser(house), provider, "half", invited(house, "half@example.org"))
    answer = come_back(browser(house), provider, "half")
    assert answer.status_code == 401
    assert "Open your one-time link again" in answer.text


def test_roles_follow_the_groups_at_every_sign_in(house: House, provider: Provider) -> None:
    joined(house, provider, oidc_roles={"g-law": "lawyer", "g-check": "auditor"})
    provider.know("grouped", groups=["g-law", "g-other"], **MFA)
    client = browser(house)
    come_back(client, provider, "grouped", invited(house, "grouped@example.org"))
    assert _roles(house) == {AccountRole.LAWYER}
    provider.know("grouped", groups=["g-check"], **MFA)
    come_back(browser(house), provider, "grouped")
    assert _roles(house) == {AccountRole.AUDITOR}
    provider.know("grouped", groups=[], **MFA)
    answer = come_back(browser(house), provider, "grouped")
    assert "give you no role" in answer.text
    assert _roles(house) == {AccountRole.AUDITOR}


def _roles(house: House) -> frozenset[AccountRole]:
    accounts = house.service.accounts.list(_administrator(house))
    return next(view.roles for view in accounts if view.username == "grouped@example.org")


@pytest.mark.parametrize(
    "fault", ["key", "symmetric", "audience", "party", "token-issuer", "expired", "nonce"], ids=lambda fault: fault
)
def test_a_token_that_is_not_for_us_opens_nothing(house: House, provider: Provider, fault: str) -> None:
    joined(house, provider)
    provider.know("spoilt", **MFA)
    come_back(browser(house), provider, "spoilt", invited(house, "spoilt@example.org"))
    provider.err(fault)
    client = browser(house)
    answer = come_back(client, provider, "spoilt")
    assert answer.status_code == 401, fault
    assert "could not be checked" in answer.text
    assert client.get("/account").status_code == 302


def test_an_answer_of_another_browser_opens_nothing(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("linked-too", **MFA)
    come_back(browser(house), provider, "linked-too", invited(house, "too@example.org"))
    away = browser(house).get("/sign-in/provider")
    back = urlsplit(provider.agree(away.location, "linked-too"))
    victim = browser(house)
    assert victim.get(f"{back.path}?{back.query}").status_code == 401
    victim.get("/sign-in/provider")
    assert victim.get(f"{back.path}?{back.query}").status_code == 401
    assert victim.get("/account").status_code == 302


def test_a_code_works_once_and_never_without_its_verifier(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("once", **MFA)
    client = browser(house)
    come_back(client, provider, "once", invited(house, "once@example.org"))
    other = browser(house)
    away = other.get("/sign-in/provider")
    cookie = other.get_cookie("provider")
    back = urlsplit(provider.agree(away.location, "once"))
    assert other.get(f"{back.path}?{back.query}").status_code == 200
    assert cookie is not None
    other.set_cookie("provider", cookie.value)
    assert other.get(f"{back.path}?{back.query}").status_code == 401


def test_a_reset_takes_the_provider_away(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.know("reset", **MFA)
    client = browser(house)
    come_back(client, provider, "reset", invited(house, "reset@example.org"))
    accounts = house.service.accounts.list(_administrator(house))
    account = next(view.id for view in accounts if view.username == "reset@example.org")
    house.service.accounts.reset(_administrator(house), account)
    assert client.get("/account").status_code == 302
    assert come_back(browser(house), provider, "reset").status_code == 401


def test_without_a_provider_there_is_no_such_way(house: House) -> None:
    client = browser(house)
    assert "Sign in with" not in client.get("/sign-in").text
    assert client.get("/sign-in/provider").status_code == 404


def test_an_outage_gives_a_plain_page_and_leaves_the_password(house: House) -> None:
    with providers.running() as (provider, process):
        joined(house, provider)
        provider.know("away", **MFA)
        client = browser(house)
        come_back(client, provider, "away", invited(house, "away@example.org"))
        away = client.get("/sign-in/provider")
        back = urlsplit(provider.agree(away.location, "away"))
        process.kill()
        process.wait()
        answer = client.get(f"{back.path}?{back.query}")
        assert answer.status_code == 502
        assert "does not answer at the moment" in answer.text
        assert client.get("/sign-in/provider").status_code == 302, "what the provider says of itself is kept"
        fresh = browser(joined_again(house))
        assert fresh.get("/sign-in/provider").status_code == 502
        assert fresh.post("/sign-in", data={"username": "chair", "password": PASSWORD}).status_code == 302


def joined_again(house: House) -> House:
    house.service = compose(house.settings, house.clock)
    return house


def test_a_provider_in_anothers_name_is_refused(house: House, provider: Provider) -> None:
    joined(house, provider)
    provider.err("issuer")
    answer = browser(house).get("/sign-in/provider")
    provider.err()
    assert answer.status_code == 502
    assert "another" in answer.text


def test_settings_that_make_no_sense_stop_the_start(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnsafeConfiguration):
        compose(house.settings.model_copy(update={"oidc_roles": {"g": "queen"}}), house.clock)
    with pytest.raises(UnsafeConfiguration):
        load(oidc_issuer="http://provider.example")
    monkeypatch.setenv("REDACTOR_OIDC_ROLES", '{"3f1c": "lawyer"}')
    assert load().oidc_roles == {"3f1c": "lawyer"}
    assert Settings(oidc_issuer=f"http://localhost:{free_port()}")
