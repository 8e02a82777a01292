"""Promise 3 for everyone: a whole review by keyboard alone, and a whole review with script off, to approval."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from redactor.model import Action, Label
from redactor.service.states import ReviewState
from tests.unit.service.conftest import PASSWORD, TEXT, House
from tests.unit.service.test_journey import proposed
from tests.web.driving import CHROMIUM, Hand, chromium
from tests.web.test_browser import address

__all__ = ["address"]
MOST_TABS = 150
FOCUSED = "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def sit(browser: Browser, address: str, house: House, name: str, *, script: bool) -> Hand:
    """Sit down at a fresh browser, signed in."""
    hand = Hand.at(browser, address, script=script)
    session = house.service.entry.change_password(house.people[name], PASSWORD, PASSWORD)
    hand.page.context.add_cookies([{"name": "redactor", "value": session, "url": address}])
    return hand


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something with this name has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED).startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_review_by_keyboard_alone(browser: Browser, address: str, house: House) -> None:
    _, _, review = proposed(house)
    chair = house.people["chair"]
    page = sit(browser, address, house, "chair", script=True).page
    page.goto(f"/reviews/{review}")
    tab_to(page, "Reject: show it")
    press(page, "Enter")
    page.get_by_text("Decided", exact=True).first.wait_for()
    assert house.service.reviews.open(chair, review).plan.decisions[0].action is Action.KEEP
    tab_to(page, "History and keys")
    press(page, "Enter")
    page.get_by_label("Use single keys").wait_for()
    tab_to(page, "Use single keys")
    press(page, "Space")
    page.goto(f"/reviews/{review}")
    press(page, "j", "j", "a")  # the second finding is accepted
    page.get_by_text("Nothing is left to decide.").first.wait_for()
    press(page, "u")
    page.get_by_text("Undone").first.wait_for()
    press(page, "y")
    page.get_by_text("Done again").first.wait_for()
    _hide_by_arrows(page)
    press(page, "Control+Enter")
    page.get_by_text("Waiting for approval").first.wait_for()
    summary = house.service.reviews.summary(chair, review)
    assert (summary.state, summary.undecided) == (ReviewState.REVIEWED, 0)
    made = [d for d in house.service.reviews.open(chair, review).plan.decisions if d.label is Label.MANUAL]
    assert [TEXT[d.span.start : d.span.end] for d in made] == ["met"]


def _hide_by_arrows(page: Page) -> None:
    """Choose the word "met" with the arrow keys and hide it with a form filled in by keyboard."""
    press(page, "x")
    for _ in range(MOST_TABS):
        if page.evaluate("() => getSelection().toString().trim()") == "met":
            break
        press(page, "ArrowRight")
    press(page, "Enter")
    page.get_by_label("Reason").wait_for()
    tab_to(page, "Reason")
    page.keyboard.type("About somebody else")
    tab_to(page, "Hide")
    press(page, "Enter")
    page.get_by_text("Added: 1 place").first.wait_for()
    page.wait_for_load_state()  # until then no key is listened to


def test_a_review_with_script_off_to_approval(browser: Browser, address: str, house: House) -> None:
    _, version, review = proposed(house)
    chair, service = house.people["chair"], house.service
    other = service.reviews.request(chair, version, "r1", "learning_review")
    house.run()
    hand = sit(browser, address, house, "chair", script=False)
    hand.go(f"/reviews/{review}")
    hand.page.get_by_role("link", name=re.compile("^Change or decide on many.*Zebedee")).first.click()
    hand.page.get_by_label("Kind of detail").select_option(label="No detail about anybody")
    hand.page.get_by_label("All 2 places with these words").check()
    hand.press("Say what it is")
    hand.sees("Saved for every copy of this document: 2 places")
    house.run()
    assert service.reviews.open(chair, other).plan.decisions[0].action is Action.KEEP
    hand.press("Undo")
    hand.press("Redo")
    hand.follow("Search and hide")
    hand.fill("Words", "lives")
    hand.press("Search")
    hand.choose("Reason", "About somebody else")
    hand.press("Hide the ticked places")
    hand.sees("Added: 1 place")
    hand.follow("Accept all undecided as proposed")
    hand.page.get_by_role("button", name=re.compile("^Accept [0-9]+ as proposed$")).click()
    hand.follow("Checks")
    hand.sees("No hard stop is broken")
    hand.press("Complete the review")
    hand.sees("Waiting for approval")
    approver = sit(browser, address, house, "second", script=False)
    approver.go(f"/reviews/{review}/approve")
    approver.sees("What people said that words are (2)")
    approver.page.get_by_label(re.compile("^I have read the copy")).check()
    approver.press("Approve")
    approver.sees("The copy can be released now.")
    assert service.reviews.summary(chair, review).state is ReviewState.APPROVED
