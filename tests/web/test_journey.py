"""Promises 1 to 4 on one way: minutes in, reviewed, approved by somebody else, released, and the right copy out.

The server, the worker and the pipeline are the real ones; the downloaded file is opened and checked.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
import yaml
from playwright.sync_api import Locator

from redactor.model import Action, ReasonCode, Relation
from redactor.policy import load_case, load_reasons
from redactor.protect import load_key
from redactor.protect.sign import check
from redactor.web import words
from tests.conftest import ROOT
from tests.golden.test_samples import everything, occurs, released_text
from tests.web.driving import CHROMIUM, PATIENCE, Browser, Hand, chromium, keep, served

SAMPLE = ROOT / "samples" / "icpc_minutes"
TITLE = "Initial conference, June"
RECIPIENT = "Shanice Rowntree"
MOST_ACTIONS = 25
ADDED = "Friday to Sunday"
SHOWN = "999 482 1032"
ACCEPTED, CHANGED = "46260041187", "Kayleigh Dunmore"
# Selects the words in a line as a pointer would; the page hears of it by the browser's own event.
SELECT = """(line, words) => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


def test_from_the_minutes_to_the_mothers_copy(tmp_path: Path) -> None:
    with chromium() as browser, served(tmp_path / "var") as (address, first):
        chair, second = _staff(browser, address, first)
        _case(chair)
        _upload(chair)
        review = _review(chair)
        _approve(second, review)
        _meeting(chair)
        link, code, password = _release(chair, review)
        copy = _fetch(browser, address, link, code, password)
    _check(copy, password, tmp_path)
    assert chair.actions + second.actions <= MOST_ACTIONS


def _staff(browser: Browser, address: str, first: str) -> tuple[Hand, Hand]:
    admin = Hand.at(browser, address)
    admin.set_up(first)
    links = {}
    for username, name in (("chair", "Anwen Lloyd-Parry"), ("second", "Joy Fairweather")):
        admin.go("/accounts/new")
        admin.fill("Name", name)
        admin.fill("User name", username)
        admin.page.get_by_label("Chair: creates cases").check()
        admin.press("Make the one-time link")
        links[username] = admin.page.locator("#link").inner_text()
    chair, second = Hand.at(browser, address), Hand.at(browser, address)
    secret = chair.set_up(links["chair"])
    chair.follow("I have kept them")
    chair.press("Sign out")
    chair.sign_in("chair", secret)
    second.set_up(links["second"])
    return chair, second


def _case(chair: Hand) -> None:
    known = load_case((SAMPLE / "case.yaml").read_bytes())
    chair.go("/cases/new")
    chair.fill("Title", TITLE)
    chair.fill("Reference", known.reference)
    chair.press("Create the case")
    chair.follow("Add a person")
    for person in known.people:
        chair.fill("Full name", person.name)
        chair.fill("Other names", "\n".join(person.aliases))
        chair.choose("Who is the person in this case?", words.RELATIONS[person.relation])
        if person.relation is Relation.PROFESSIONAL:
            chair.fill("Role or occupation", person.role or "")
            chair.fill("Agency", person.agency or "")
        chair.fill("Date of birth", person.born or "")
        for flag in person.confidential:
            chair.page.get_by_label(words.CONFIDENTIAL[flag], exact=True).check()
        if person.contact_unsafe:
            chair.page.get_by_label("Contact with this person is unsafe").check()
        chair.press("Save and add another")
    chair.follow(TITLE)
    chair.follow("Add a reader")
    chair.choose("Kind of reader", "Someone of this case")
    chair.choose("If someone of this case: who?", RECIPIENT)
    chair.press("Save")
    chair.follow("Change who may know")
    chair.choose("Colleague", "Joy Fairweather")
    chair.press("Put on the case")
    chair.follow(TITLE)
    keep(chair.page, "case")


def _upload(chair: Hand) -> None:
    chair.follow("Upload a document")
    chair.page.get_by_label("Minutes, report, letter or e-mail").set_input_files(SAMPLE / "icpc_minutes.docx")
    keep(chair.page, "upload")
    chair.press("Upload")
    chair.page.get_by_label("Reader").wait_for(timeout=PATIENCE)
    chair.choose("Reader", RECIPIENT)
    chair.choose("Kind of copy", words.profile("family_copy"))
    keep(chair.page, "document")
    chair.press("Propose what this reader may see")
    chair.page.get_by_role("heading", name="Findings on this page").wait_for(timeout=PATIENCE)


def _finding(chair: Hand, words_of: str) -> Locator:
    return (
        chair.page.locator("[data-finding]").filter(has=chair.page.locator(".finding__head", has_text=words_of)).first
    )


def _decide(chair: Hand, words_of: str, button: str) -> None:
    chair.actions += 1
    finding = _finding(chair, words_of)
    finding.get_by_role("button", name=button).first.click()
    finding.get_by_text("Decided", exact=True).wait_for()


def _review(chair: Hand) -> str:
    """Accept, reject, change, add by selecting, undo and redo; then accept what the profile proposed."""
    review = chair.page.url
    chair.follow("Cases")
    chair.follow(TITLE)
    chair.follow("Who is who?")
    keep(chair.page, "who")
    chair.go(review)
    _decide(chair, ACCEPTED, "Accept")
    _decide(chair, SHOWN, "Reject")
    change = _finding(chair, CHANGED)
    change.get_by_text("Change or decide on many").first.click()
    change.get_by_label("Decision").select_option(label=words.ACTIONS[Action.MASK])
    change.get_by_label("Reason").select_option(label=load_reasons()[ReasonCode("TP")].title)
    change.get_by_label("Why, for the file").fill("It is about an adult outside the family.")
    chair.actions += 4
    change.get_by_role("button", name="Save").click()
    _finding(chair, CHANGED).get_by_text("Decided", exact=True).wait_for()
    chair.act("Undo")
    chair.sees("Undone")
    chair.act("Redo")
    chair.sees("Done again")
    _add(chair)
    keep(chair.page, "review")
    chair.actions += 1
    chair.follow("Accept all undecided as proposed")
    keep(chair.page, "review-many")
    chair.actions += 1
    chair.page.get_by_role("button", name=re.compile("^Accept [0-9]+ as proposed$")).click()
    chair.sees("Nothing is left to decide.")
    chair.actions += 1
    chair.follow(f"What {RECIPIENT} will read")
    keep(chair.page, "review-preview")
    chair.act("Complete the review")
    chair.sees("Waiting for approval")
    return review


def _add(chair: Hand) -> None:
    """Hide words that nobody found, by selecting them in the text with the pointer."""
    line = chair.page.locator(".line").filter(has_text=ADDED).first
    line.scroll_into_view_if_needed()
    box = line.evaluate(SELECT, ADDED)
    assert box
    chair.page.get_by_role("button", name="Hide these words").click()
    chair.choose("Reason", load_reasons()[ReasonCode("TP")].title)
    chair.fill("Why, for the file (no names)", "It would tell where somebody goes.")
    keep(chair.page, "review-add")
    chair.actions += 4
    chair.press("Hide")
    chair.sees("Added: 1 place")


def _approve(second: Hand, review: str) -> None:
    second.go(review)
    second.follow("Check and approve")
    keep(second.page, "approve")
    second.page.get_by_label(re.compile("^I have read the copy")).check()
    second.actions += 2
    second.act("Approve")
    second.sees("The copy can be released now.")


def _meeting(chair: Hand) -> None:
    """Plan a meeting, record the reminder and a visitor, and look at the case along the days."""
    chair.follow("Cases")
    chair.follow(TITLE)
    chair.follow("Meetings")
    chair.choose("Kind of meeting", "Extra-familial harm tactical meeting")
    chair.fill("Day", "2026-06-09")
    chair.press("Plan the meeting")
    chair.press("The chair gave the reminder")
    chair.page.get_by_text("Record a visitor").first.click()
    chair.fill("Name", "Ffion Example")
    chair.fill("Organisation", "Another Council")
    chair.page.get_by_label("The chair gave them the same reminder").check()
    chair.press("Record the visitor")
    chair.sees("The visitor is recorded.")
    keep(chair.page, "meeting")
    chair.follow("Meetings")
    chair.follow(TITLE)
    chair.follow("Timeline of this case")
    keep(chair.page, "timeline")


def _release(chair: Hand, review: str) -> tuple[str, str, str]:
    chair.go(review)
    chair.follow("Release the copy")
    chair.fill("Route of disclosure", "Conference record to a parent")
    chair.fill("Lawful basis", "Article 6(1)(e) and 9(2)(g), Schedule 1 paragraph 18")
    chair.fill("Authorised on", "2026-06-15")
    keep(chair.page, "release-form")
    chair.press("Continue")
    chair.sees(f"You are sending to {RECIPIENT}")
    keep(chair.page, "release-confirm")
    chair.fill("Type the reader's name to go on", RECIPIENT)
    chair.press("Make and send this copy")
    hand_over = chair.page.get_by_role("button", name="Make the link and show the password")
    hand_over.wait_for(timeout=PATIENCE)
    hand_over.click()
    keep(chair.page, "release")
    link, code, password = (chair.page.locator(f"#{name}").inner_text() for name in ("link", "code", "file-password"))
    return link, code, password


def _fetch(browser: Browser, address: str, link: str, code: str, password: str) -> bytes:
    """Type the code that was read out, accept the agreement, read a page, download once, and find the link spent."""
    mother = Hand.at(browser, address)
    mother.go(link)
    assert mother.page.get_by_role("button", name="Download the document").count() == 0
    mother.fill("One-time code", code)
    keep(mother.page, "recipient-code")
    mother.press("Continue")
    assert mother.page.get_by_role("button", name="Download the document").count() == 0
    mother.fill("Your full name", RECIPIENT)
    mother.page.get_by_label("I have read the agreement").check()
    keep(mother.page, "recipient-agreement")
    mother.press("Agree")
    keep(mother.page, "recipient-copy")
    mother.fill("Password of the document", password)
    mother.press("Read the document")
    shown = mother.page.locator("img.copy-page")
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 500
    keep(mother.page, "recipient-page")
    mother.follow("Your document")
    with mother.page.expect_download() as waited:
        mother.page.get_by_role("button", name="Download the document").click()
    content = Path(waited.value.path()).read_bytes()
    mother.go(link)
    mother.sees("The document was downloaded")
    return content


def _check(copy: bytes, password: str, folder: Path) -> None:
    """Open the file as its reader does: locked, signed, marked; what must go is gone and what must stay is there."""
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(copy))
    check(copy, password, load_key(folder / "var" / "keys" / "seal.p12"))
    with pikepdf.open(io.BytesIO(copy), password=password) as pdf:
        assert pdf.encryption.R == 6
        pages = len(pdf.pages)
        pdf.save(folder / "opened.pdf", encryption=False)
    text, streams = released_text(folder / "opened.pdf"), everything(folder / "opened.pdf", folder)
    assert text.count(RECIPIENT) >= 2 * pages, "the reader's name is not on every page"
    expected = yaml.safe_load((SAMPLE / "expect.yaml").read_text())["family_copy"]
    go = [*expected["go"], ADDED, ACCEPTED]
    assert [gone for gone in go if occurs(gone, text) or gone.casefold() in streams.casefold()] == []
    stay = [*expected["stay"], SHOWN]
    assert [kept for kept in stay if not occurs(kept, text)] == []
