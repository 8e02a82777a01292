"""Promise 3 at the recipient's door: code, agreement, then one download or pages as pictures; in English and Welsh."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from aiosmtpd.controller import Controller
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from PIL import Image

from redactor import resources
from redactor.errors import AccessRefused, BadArguments, SignInRefused, Throttled
from redactor.model import Certificate, Protected, digest_of
from redactor.service.portal import Portal
from redactor.service.post import Post, PostFailed
from redactor.service.releases import Releases
from redactor.settings import Settings
from redactor.web import language
from tests.conftest import ROOT
from tests.servers import free_port
from tests.unit.service.conftest import House, SmallMachine
from tests.unit.service.test_journey import ready
from tests.web.conftest import signed_in

HOME = "192.0.2.1"
MAILBOX = "reader@example.org"


class Mailbox:
    """What a real mail server on this machine received."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        del server, session
        import email
        import email.policy

        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, letter["Subject"] + "\n" + letter.get_content()))
        return "250 OK"


@pytest.fixture
def mailbox(house: House) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings = house.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "smtp_from": "a@b.example"}
    )
    _use(house, Post(settings))
    yield box
    server.stop()


def _use(house: House, post: Post) -> None:
    for user in (house.service.portal, house.service.releases):
        assert isinstance(user, Portal | Releases)
        user._post = post


class PrintingMachine(SmallMachine):
    """Makes real encrypted PDFs."""

    def release(self, order: Any, stage: Any) -> Protected:
        made: Protected = super().release(order, stage)
        out, pdf = io.BytesIO(), pikepdf.new()
        for _ in range(2):
            pdf.add_blank_page(page_size=(300, 400))
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=order.password, R=6))
        certificate: Certificate = made.certificate
        return Protected(out.getvalue(), digest_of(out.getvalue()), True, False, certificate)


def handed(house: House, email: str = "") -> tuple[str, str, str, str]:
    """A copy's id, link, code and password."""
    house.machine = PrintingMachine()
    release = ready(house)
    made = house.service.releases.hand_over(house.people["chair"], release, email)
    return release, made.token, made.code, house.service.releases.take_password(house.people["chair"], release)


def test_a_code_read_out_opens_the_link_once_and_for_one_browser(house: House) -> None:
    _, token, code, _ = handed(house)
    portal = house.service.portal
    assert portal.arrive(token, HOME).locked == "spoken"
    for step in (lambda: portal.accept(token, 1, "A", HOME), lambda: portal.download(token, HOME)):
        with pytest.raises(AccessRefused):
            step()
    visitor = portal.enter_code(token, code.upper().replace("-", " "), HOME)
    assert portal.arrive(token, HOME, visitor).locked == ""
    assert portal.arrive(token, HOME, "another").locked == "spoken"
    with pytest.raises(SignInRefused):
        portal.enter_code(token, code, HOME)
    house.clock.move(timedelta(minutes=31))
    assert portal.arrive(token, HOME, visitor).locked == "spoken"


def test_a_code_cannot_be_guessed(house: House) -> None:
    _, token, code, _ = handed(house)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            house.service.portal.enter_code(token, "aaaa-aaaa", HOME)
    with pytest.raises(SignInRefused):
        house.service.portal.enter_code(token, code, HOME)


def test_a_code_of_one_link_opens_no_other(house: House) -> None:
    release, token, code, _ = handed(house)
    other = house.service.releases.hand_over(house.people["chair"], release)
    with pytest.raises(SignInRefused):
        house.service.portal.enter_code(other.token, code, HOME)
    visitor = house.service.portal.enter_code(token, code, HOME)
    assert house.service.portal.arrive(other.token, HOME, visitor).locked == "spoken"


def test_a_code_comes_by_e_mail_and_withdrawing_is_told(house: House, mailbox: Mailbox) -> None:
    release, token, code, password = handed(house, MAILBOX)
    portal = house.service.portal
    assert (code, portal.arrive(token, HOME).contact) == ("", "r…@example.org")
    portal.send_code(token, HOME)
    first = re.findall(r"\b\d{6}\b", mailbox.letters[0][1])[0]
    portal.send_code(token, HOME)
    second = re.findall(r"\b\d{6}\b", mailbox.letters[1][1])[0]
    if first != second:
        with pytest.raises(SignInRefused):
            portal.enter_code(token, first, HOME)
    house.clock.move(timedelta(minutes=16))
    with pytest.raises(SignInRefused):
        portal.enter_code(token, second, HOME)
    portal.send_code(token, HOME)
    portal.enter_code(token, re.findall(r"\b\d{6}\b", mailbox.letters[2][1])[0], HOME)
    assert house.service.releases.revoke(house.people["chair"], release) == 1
    assert all(to == [MAILBOX] for to, _ in mailbox.letters)
    assert "taken back" in mailbox.letters[3][1]
    written = "".join(text for _, text in mailbox.letters)
    assert not any(word in written for word in (password, token, "Testperson", "Zebedee", "DC-2024-0117"))


def test_codes_by_e_mail_are_few(house: House, mailbox: Mailbox) -> None:
    _, token, _, _ = handed(house, MAILBOX)
    with pytest.raises(Throttled):
        for _ in range(11):
            house.service.portal.send_code(token, HOME)
    assert len(mailbox.letters) == 10


def test_without_a_mail_server_the_sender_reads_the_code_out(house: House) -> None:
    with pytest.raises(BadArguments):
        handed(house, MAILBOX)
    assert not house.service.releases.posts


def test_a_mail_server_that_is_away_is_told_and_does_not_keep_a_copy_alive(house: House, mailbox: Mailbox) -> None:
    release, token, _, _ = handed(house, MAILBOX)
    _use(house, Post(Settings(smtp_host="127.0.0.1", smtp_port=free_port(), smtp_from="a@b.example")))
    with pytest.raises(PostFailed):
        house.service.portal.send_code(token, HOME)
    assert house.service.releases.revoke(house.people["chair"], release) == 0
    with pytest.raises(SignInRefused):
        house.service.portal.arrive(token, HOME)


def test_the_pages_lead_from_code_to_reading_and_download(app: Flask, house: House) -> None:
    _, token, code, password = handed(house)
    client, at = app.test_client(), f"/copy/{token}"
    assert "One-time code" in client.get(at).text
    assert client.post(f"{at}/file").status_code == 403
    assert "not right" in client.post(f"{at}/code", data={"code": "wrong"}).text
    assert client.post(f"{at}/code", data={"code": code}).status_code == 302
    assert "Before you read" in client.get(at).text
    assert client.post(f"{at}/read", data={"password": password}).status_code == 200  # the agreement comes first
    assert client.get(f"{at}/pages/1.png").status_code == 403
    client.post(at, data={"version": "1", "name": "Testperson Delta", "agree": "yes"})
    assert "not right" in client.post(f"{at}/read", data={"password": "wrong"}).text
    assert client.post(f"{at}/read", data={"password": f" {password} "}).status_code == 302
    assert "Page 1 of 2" in client.get(f"{at}/pages/1").text
    picture = client.get(f"{at}/pages/2.png")
    assert picture.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(picture.data)).size == (459, 612)
    assert client.get(f"{at}/pages/3.png").status_code >= 400
    assert app.test_client().get(f"{at}/pages/1.png").status_code == 403  # another browser
    assert client.post(f"{at}/file").data.startswith(b"%PDF")
    assert client.post(f"{at}/file").status_code == 401
    assert "was downloaded" in client.get(at).text


def test_the_sender_is_shown_what_to_read_out(app: Flask, house: House) -> None:
    house.machine = PrintingMachine()
    release = ready(house)
    page = signed_in(app, house, "chair").post(f"/releases/{release}/hand-over").text
    found = {name: re.search(rf'id="{name}">([^<]+)<', page) for name in ("link", "code", "file-password")}
    assert all(found.values())


def test_the_recipients_pages_are_in_welsh(app: Flask, house: House) -> None:
    _, token, code, _ = handed(house)
    client, at = app.test_client(), f"/copy/{token}"
    page = client.get(f"{at}?lang=cy").text
    assert '<html lang="cy"' in page
    assert "Dangoswch mai i chi y mae hon" in page
    assert "Gadael y dudalen hon" in page
    assert "Teipiwch y cod" in client.post(f"{at}/code", data={}).text
    client.post(f"{at}/code", data={"code": code})
    assert "Cyn i chi ddarllen y ddogfen" in client.get(at).text
    assert "Nid yw&#39;r ddolen hon yn ddilys" in client.get("/copy/unknown").text
    assert '<html lang="en"' in client.get("/help").text  # a page without Welsh says so


@pytest.mark.parametrize(
    "path",
    ["templates/pages/copy.html", "templates/pages/copy_code.html", "templates/pages/copy_page.html",
     "templates/pages/base.html", "templates/pages/_language.html", "redactor/web/pages/portal.py"],
)  # fmt: skip
def test_everything_that_a_recipient_reads_has_a_welsh_text(path: str) -> None:
    method = "python" if path.endswith(".py") else "jinja2.ext:babel_extract"
    keywords = {"_": None, "translate": None}
    asked = {str(found[1]) for found in extract_from_file(method, ROOT / path, keywords=keywords)}
    with resources.path("templates", "languages", "cy.po").open("rb") as source:
        known = {str(message.id) for message in read_po(source, locale="cy") if message.string}
    assert asked
    assert asked - known == set()
    assert language.catalogue("cy").gettext("Continue") == "Parhau"
    assert Path(ROOT / path).exists()
