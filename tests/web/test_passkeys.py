"""Issue 6.1: passkeys alone and as second factor, in Chromium with a virtual authenticator; and what they refuse."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from redactor.app import compose
from redactor.errors import SignInNeeded, SignInRefused
from redactor.service import passwords
from redactor.service.passkeys import CHALLENGE_TIME
from redactor.web import create_app
from tests.servers import free_port
from tests.unit.service.conftest import PASSWORD, House
from tests.web.test_browser import RULES

CHROMIUM = shutil.which("chromium")
ADDRESS = "192.0.2.7"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@dataclass
class Desk:
    """A browser with an authenticator of its own, before the service."""

    page: Page
    house: House
    address: str
    devices: Any
    device: str

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def with_password(self) -> None:
        self.go("/sign-in")
        self.page.get_by_label("User name").fill("chair")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Continue").click()

    def with_code(self) -> None:
        self.with_password()
        self.house.clock.move(timedelta(minutes=1))
        code = passwords.totp_code(self.house.secrets["chair"], self.house.clock.now())
        self.page.get_by_label("Six-digit code").fill(code)
        self.page.get_by_role("button", name="Sign in").click()

    def add(self, name: str = "Work laptop") -> None:
        self.go("/account/passkeys")
        self.page.get_by_label("Where it is").fill(name)
        self.page.get_by_label("Your password").fill(PASSWORD)
        self.page.get_by_role("button", name="Add a passkey").click()
        self.page.get_by_text("The passkey is added").wait_for()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()

    def signed_in(self) -> bool:
        self.page.wait_for_load_state()  # the address changes before the page is there
        return self.page.get_by_text("Signed in as Person chair").count() == 1


@contextmanager
def at_a_desk(house: House) -> Iterator[Desk]:
    port = free_port()
    house.settings = house.settings.model_copy(update={"public_url": f"http://localhost:{port}"})
    house.service.base.engine.dispose()
    house.service = compose(house.settings, house.clock)
    server = make_server("127.0.0.1", port, create_app(house.service, house.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_context(bypass_csp=True).new_page()
            devices = page.context.new_cdp_session(page)
            devices.send("WebAuthn.enable")
            options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                       "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
            made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
            yield Desk(page, house, f"http://localhost:{port}", devices, made["authenticatorId"])
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with at_a_desk(house) as made:
        yield made


def test_a_passkey_is_added_signs_in_alone_and_after_the_password_and_is_removed(desk: Desk) -> None:
    desk.with_code()
    desk.add()
    desk.sign_out()
    desk.go("/sign-in")
    desk.page.get_by_role("link", name="Sign in with a passkey").click()
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.get_by_role("heading", name="Cases", exact=False).first.wait_for()
    assert desk.signed_in()
    desk.sign_out()
    desk.with_password()
    desk.page.get_by_role("link", name="Use your passkey instead").click()
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.get_by_role("heading", name="Cases", exact=False).first.wait_for()
    assert desk.signed_in()
    desk.go("/account/passkeys")
    desk.page.get_by_role("cell", name="Work laptop", exact=True).first.wait_for()
    desk.page.get_by_role("button", name="Remove Work laptop").click()
    desk.page.get_by_text("The passkey is removed").first.wait_for()
    desk.sign_out()
    desk.go("/sign-in/passkey")
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.get_by_text("The passkey was not accepted").first.wait_for()
    assert not desk.signed_in()


def test_its_pages_break_no_accessibility_rule(desk: Desk) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk.go("/sign-in/passkey")
    found = Axe().run(desk.page, options=RULES).response["violations"]
    desk.with_code()
    desk.go("/account/passkeys")
    found += Axe().run(desk.page, options=RULES).response["violations"]
    desk.add()
    found += Axe().run(desk.page, options=RULES).response["violations"]
    assert [one["id"] for one in found] == []


def test_without_the_finger_nothing_opens_and_the_code_still_does(desk: Desk) -> None:
    desk.with_code()
    desk.add()
    desk.sign_out()
    desk.devices.send("WebAuthn.setUserVerified", {"authenticatorId": desk.device, "isUserVerified": False})
    desk.go("/sign-in/passkey")
    assert not desk.page.get_by_text("The device did not give a passkey").is_visible()
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.get_by_text("The device did not give a passkey").wait_for()
    assert not desk.signed_in()
    desk.with_code()
    assert desk.signed_in()


def test_an_answer_works_once_and_for_a_short_while(desk: Desk) -> None:
    """The browser's answer is caught and sent again, late, and altered."""
    desk.with_code()
    desk.add()
    desk.sign_out()
    passkeys = desk.house.service.passkeys

    def answer() -> str:
        desk.go("/sign-in/passkey")
        desk.page.evaluate("document.getElementById('passkey').submit = () => {}")
        desk.page.get_by_role("button", name="Use a passkey").click()
        desk.page.wait_for_function("document.getElementById('answer').value !== ''")
        return str(desk.page.eval_on_selector("#answer", "field => field.value"))

    first = answer()
    assert desk.house.service.sessions.resume(passkeys.sign_in(first, ADDRESS))
    with pytest.raises(SignInRefused):
        passkeys.sign_in(first, ADDRESS)
    late = answer()
    desk.house.clock.move(CHALLENGE_TIME)
    with pytest.raises(SignInRefused):
        passkeys.sign_in(late, ADDRESS)
    altered = json.loads(answer())
    signature = altered["response"]["signature"]
    altered["response"]["signature"] = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    with pytest.raises(SignInRefused):
        passkeys.sign_in(json.dumps(altered), ADDRESS)
    for nonsense in ("", "{}", "[]", '{"id": 1}', "not json"):
        with pytest.raises(SignInRefused):
            passkeys.sign_in(nonsense, ADDRESS)
    desk.house.service.accounts.disable(desk.house.people["admin"], desk.house.people["chair"].account)
    with pytest.raises(SignInRefused):
        passkeys.sign_in(answer(), ADDRESS)


def test_a_passkey_of_one_is_no_second_factor_of_another(desk: Desk) -> None:
    desk.with_code()
    desk.add()
    desk.sign_out()
    desk.go("/sign-in/passkey")
    entry, passkeys = desk.house.service.entry, desk.house.service.passkeys
    challenge = entry.sign_in("second", PASSWORD, ADDRESS)
    assert not passkeys.offered(challenge)
    desk.page.evaluate("document.getElementById('passkey').submit = () => {}")
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.wait_for_function("document.getElementById('answer').value !== ''")
    with pytest.raises(SignInRefused):
        passkeys.sign_in(str(desk.page.eval_on_selector("#answer", "field => field.value")), ADDRESS, challenge)


def test_an_address_without_a_name_offers_no_passkeys(house: House) -> None:
    assert not house.service.passkeys.ready
    client = create_app(house.service, house.settings).test_client()
    assert "passkey" not in client.get("/sign-in").text
    assert client.get("/sign-in/passkey").status_code == 404
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume("unknown")
