"""Promise 3 for everyone: no page breaks WCAG 2.2 AA as far as axe can tell, in Debian's Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from redactor.access import AccountRole
from redactor.service.breaches import Facts
from redactor.service.changes import Accept, Undecided
from redactor.service.subject_access import Asked
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import proposed, ready
from tests.unit.service.test_tenancy import held

CHROMIUM = shutil.which("chromium")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_page_breaks_the_accessibility_rules(address: str, house: House) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    chair = house.people["chair"]
    case, version, review = proposed(house)
    head = house.service.reviews.amend(chair, review, 1, [Accept(Undecided())]).head
    release = ready(house)
    meeting = held(house, case)["meeting_id"]
    waiting = house.service.documents.upload(chair, case, "later.txt", b"Later.")
    link = house.service.releases.link(chair, release)
    locked = house.service.releases.hand_over(chair, release).token
    every = set(AccountRole) - {AccountRole.RECIPIENT}  # one person sees every page
    house.service.accounts.set_roles(house.people["admin"], chair.account, every)
    breach = house.service.breaches.report(chair, case, house.clock.now(), Facts("A letter went astray.", risk=True))
    officer = house.join(house.people["admin"], "officer", AccountRole.INFORMATION_OFFICER)
    asked = Asked(("Testperson Alpha",), "", "Passport.")
    request = house.service.subject_access.begin(officer, asked, house.clock.now())
    house.service.printed.hand_out(chair, release, "Somebody, school")
    document = house.service.documents.version(chair, version).document
    session = house.service.entry.change_password(chair, *(["correct horse battery staple"] * 2))
    paths = [
        "/sign-in", "/help", "/accessibility", "/cookies", f"/copy/{link}", f"/copy/{locked}",
        f"/copy/{locked}?lang=cy", f"/copy/{link}?lang=en", "/account/tokens", "/cases", "/cases/new", f"/cases/{case}",
        f"/cases/{case}/people/new", f"/cases/{case}/readers/new", f"/cases/{case}/upload", f"/cases/{case}/members",
        f"/cases/{case}/who",
        f"/documents/{version}", f"/reviews/{review}", f"/reviews/{review}?side=preview", "/account", "/keys",
        *(f"/reviews/{review}?side={side}" for side in ("comments", "child", "history")),
        f"/reviews/{review}/search?words=zebedee", f"/reviews/{review}/many?where=page",
        f"/reviews/{review}/many?where=undecided", f"/reviews/{review}/add?span=0-7", f"/reviews/{review}/approve",
        f"/reviews/{review}/finding?span=0-7", f"/reviews/{review}?side=checks", f"/documents/{waiting}",
        f"/cases/{case}/meetings", f"/meetings/{meeting}", f"/meetings/{meeting}/papers/minutes",
        f"/meetings/{meeting}/papers/agenda", f"/cases/{case}/actions", f"/cases/{case}/signatures",
        f"/cases/{case}/words", "/words", "/cases/workload", f"/cases/{case}/timeline",
        f"/reviews/{review}/release", f"/releases/{release}", f"/cases/{case}/audit",
        "/audit", "/audit/verify", f"/cases/{case}/breaches", f"/cases/{case}/breaches/new", f"/breaches/{breach}",
        f"/cases/{case}/copies", f"/releases/{release}/printed",
        f"/reviews/{review}/risk", f"/documents/{document}/seen", "/rights",
        "/rights/requests/new", f"/rights/requests/{request}?search=yes", "/rights/retention",
    ]  # fmt: skip
    assert head
    broken: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(bypass_csp=True)
        context.add_cookies([{"name": "redactor", "value": session, "url": address}])
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            found = Axe().run(page, options=RULES).response["violations"]
            if found:
                broken[path.split("?")[0]] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
        browser.close()
    assert broken == {}
