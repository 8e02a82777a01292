"""Issue 6.7: a webhook is signed, durable, tells no names, and reaches nothing inside that it was not sent to."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from redactor import webhook
from redactor.app import compose
from redactor.errors import UnsafeConfiguration, WebhookFailed
from redactor.settings import load
from tests.unit.service.conftest import TEXT, House

SECRET = "a secret that the two programs share"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass
class Ear:
    """A program that is told."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((self.headers[webhook.SIGNATURE], body))
            self.send_response(made.answers.pop(0) if made.answers else 204)
            self.send_header("Location", made.address)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made.address = f"http://localhost:{server.server_port}/told?by=redactor"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def telling(house: House, ear: Ear, **values: object) -> House:
    told = {"webhook_url": ear.address, "webhook_secret": SecretStr(SECRET), "webhook_inside": True, **values}
    house.settings = house.settings.model_copy(update=told)
    house.service.base.engine.dispose()
    house.service = compose(house.settings, house.clock)
    return house


def test_what_the_worker_did_is_told_signed_and_without_names(house: House, ear: Ear) -> None:
    telling(house, ear)
    chair, case = house.people["chair"], house.case()
    version = house.service.documents.upload(chair, case, "Testperson Alpha.txt", TEXT.encode())
    house.service.reviews.request(chair, version, "r1", "family_copy")
    house.run()
    said = [json.loads(body) for _, body in ear.heard]
    assert [each["what"] for each in said] == ["document.read", "review.propose"]
    assert len({each["number"] for each in said}) == 2
    for sign, body in ear.heard:
        at, made = (part.split("=", 1)[1] for part in sign.split(","))
        assert made == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert not [word for word in (*TEXT.split()[:3], "Testperson") if word.encode() in body]


def test_it_is_told_again_until_it_is_heard_and_harms_nothing_when_it_is_not(house: House, ear: Ear) -> None:
    telling(house, ear)
    ear.answers = [500, 302]  # a redirect is no yes, and is not followed
    version = house.service.documents.upload(house.people["chair"], house.case(), "a.txt", TEXT.encode())
    for _ in range(4):
        house.run()
        house.clock.move(timedelta(minutes=2))
    assert [json.loads(body)["what"] for _, body in ear.heard] == ["document.read"] * 3
    ear.answers = [500] * 99
    other = house.service.documents.upload(house.people["chair"], house.case(), "b.txt", TEXT.encode())
    for _ in range(6):
        house.run()
        house.clock.move(timedelta(minutes=2))
    assert len(ear.heard) == 3 + house.settings.job_attempts
    for each in (version, other):
        assert house.service.documents.version(house.people["chair"], each).state.value == "read"


def test_nothing_inside_is_reached_unless_that_is_allowed(house: House, ear: Ear) -> None:
    for address in (ear.address, ear.address.replace("localhost", "127.0.0.1")):
        with pytest.raises(WebhookFailed, match="not public"):
            webhook.send(address, SECRET, b"{}", NOW, inside=False)
    assert ear.heard == []
    telling(house, ear, webhook_inside=False)
    house.service.documents.upload(house.people["chair"], house.case(), "a.txt", TEXT.encode())
    house.run()
    assert ear.heard == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("10.1.2.3", False), ("192.168.1.1", False), ("169.254.169.254", False), ("127.0.0.1", False), ("::1", False),
     ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("8.8.8.8", True),
     ("2606:4700::1111", True)],
)  # fmt: skip
def test_only_public_addresses_count_as_outside(address: str, public: bool) -> None:
    assert webhook._public(address) is public


def test_an_address_without_a_secret_or_in_clear_stops_the_start(house: House) -> None:
    with pytest.raises(UnsafeConfiguration):
        compose(house.settings.model_copy(update={"webhook_url": "https://told.example"}), house.clock)
    for wrong in ("http://told.example", "ftp://told.example", "file:///etc/passwd"):
        with pytest.raises(UnsafeConfiguration):
            load(webhook_url=wrong)
