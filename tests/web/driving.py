"""Drives the real service in Debian's Chromium as people do: everything by label, button and link."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from redactor.service import passwords
from tests.conftest import ROOT

CHROMIUM = shutil.which("chromium")
PASSWORD = "correct horse battery staple"
PROMPT = 20_000  # milliseconds for a page
PATIENCE = 180_000  # milliseconds for the worker on a busy machine
SCREENS = os.environ.get("REDACTOR_SCREENS")  # where the pictures of the guides go; not written otherwise
COLOURS = 64
WINDOW = {"width": 1280, "height": 900}
_LINK = re.compile(r"http://\S+/set-up/\S+")


@contextmanager
def served(data: Path) -> Iterator[tuple[str, str]]:
    """Start ``redactor serve`` with its worker on a fresh folder; yield its address and the first link."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "redactor", "serve", "--port", str(port), "--data", str(data)]
    server = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        first = next(found[0] for text in server.stdout if (found := _LINK.search(text)))
        # What the server says later is read on, or a full pipe would stop it.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        _wait(port)
        yield f"http://127.0.0.1:{port}", first
    finally:
        server.terminate()
        server.wait(timeout=60)
        if server.stdout is not None:
            server.stdout.close()


def _wait(port: int) -> None:
    """Wait for the first answer: the port is open before those who answer are ready."""
    for _ in range(600):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PROMPT / 1000)
        try:
            asked.request("GET", "/sign-in")
            asked.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            asked.close()
    raise AssertionError("the server did not start")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def keep(page: Page, name: str) -> None:
    """Keep a small picture of the page for the guides, where a folder is named for them."""
    if SCREENS:
        target = Path(SCREENS) / f"{name}.png"
        page.screenshot(path=target)
        with Image.open(target) as picture:
            picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)


@dataclass
class Hand:
    """Somebody at a browser of their own.

    Args:
        page: where they are.
        actions: how often they clicked or pressed a key to decide something.
    """

    page: Page
    actions: int = 0
    _codes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def at(cls, browser: Browser, address: str, *, script: bool = True) -> Hand:
        """Sit down at a fresh browser."""
        context = browser.new_context(
            base_url=address, java_script_enabled=script, viewport=WINDOW, accept_downloads=True
        )
        context.set_default_timeout(PROMPT)
        return cls(context.new_page())

    def go(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, link: str) -> None:
        plain, button = (self.page.get_by_role(role, name=link, exact=True) for role in ("link", "button"))
        plain.or_(button).first.click()
        self.page.wait_for_load_state()

    def act(self, button: str) -> None:
        """Press a button that counts as one action of the review."""
        self.actions += 1
        self.press(button)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def set_up(self, link: str) -> str:
        """Set up an account from its one-time link; return the authenticator's secret."""
        self.page.goto(link)
        secret = self.page.locator("code.secret").first.inner_text()
        self.fill("Password", PASSWORD)
        self.fill("The same password again", PASSWORD)
        self.fill("Six-digit code that it shows now", passwords.totp_code(secret, datetime.now(UTC)))
        self.press("Set up the account")
        self.sees("Keep your recovery codes")
        return secret

    def sign_in(self, username: str, secret: str) -> None:
        """Sign in with both factors; a code works once, so the next one is typed."""
        self.go("/sign-in")
        self.fill("User name", username)
        self.fill("Password", PASSWORD)
        self.press("Continue")
        self.fill("Six-digit code", passwords.totp_code(secret, datetime.now(UTC) + timedelta(seconds=30)))
        self.press("Sign in")
