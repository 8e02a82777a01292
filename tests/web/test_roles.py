"""Reach of issue 6: a lawyer's bundle, an author's learning review, an auditor's day, all in Chromium."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from redactor.web import words
from tests.web.driving import CHROMIUM, PATIENCE, Browser, Hand, chromium, keep, served

TITLE = "Papers for the final hearing"
COURT, PUBLIC = "Family Court at Sampleton", "The public"
ORDER = "Sampleton FC, SA26C00117, order of 3 November 2026, paragraph 4"
LETTER = """Re: Dafydd Sampleton, born 4 May 2015

Dafydd lives with his mother, Carys Sampleton, at 14 Heol Enghraifft, Sampleton. Carys can be reached on 01632 960417.
On 12 October 2026 his teacher, Mrs Ines Example, saw a bruise on his arm. Dafydd said: "I want to stay with Nain."
The conference agreed that the health visitor will visit every week. The next review is on 14 December 2026.
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


def test_a_lawyer_an_author_and_an_auditor_do_their_days_work(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    with chromium() as browser, served(tmp_path / "var") as (address, first):
        lawyer, checker, author, auditor = _staff(browser, address, first)
        case = _case(lawyer, tmp_path / "letter.txt")
        document = lawyer.page.url
        bundle = _bundle(lawyer)
        _learning(author, document)
        _approved_and_sent(lawyer, checker, bundle)
        _audited(auditor, case, tmp_path)


def _staff(browser: Browser, address: str, first: str) -> list[Hand]:
    admin = Hand.at(browser, address)
    admin.set_up(first)
    hands = []
    for username, name, role in (
        ("lawyer", "Gwen Lawyerly", "Lawyer:"),
        ("checker", "Joy Fairweather", "Lawyer:"),
        ("author", "Osian Authorly", "Review author:"),
        ("auditor", "Mair Auditly", "Auditor:"),
    ):
        admin.go("/accounts/new")
        admin.fill("Name", name)
        admin.fill("User name", username)
        admin.page.get_by_label(role).check()
        admin.press("Make the one-time link")
        link = admin.page.locator("#link").inner_text()
        hands.append(Hand.at(browser, address))
        hands[-1].set_up(link)
    admin.go("/accounts")
    admin.follow("Gwen Lawyerly")
    admin.page.get_by_label("Chair:").check()  # to say who may know of the case
    admin.press("Save the roles")
    return hands


def _case(lawyer: Hand, letter: Path) -> str:
    lawyer.go("/cases/new")
    lawyer.fill("Title", TITLE)
    lawyer.press("Create the case")
    case = lawyer.page.url
    for name, relation in (
        ("Dafydd Sampleton", "Child whom the case is about"),
        ("Carys Sampleton", "Parent or carer"),
    ):
        lawyer.go(f"{case}/people/new")
        lawyer.fill("Full name", name)
        lawyer.choose("Who is the person in this case?", relation)
        lawyer.press("Save and add another")
    for kind, name in (("A court", COURT), ("The public (publication)", PUBLIC)):
        lawyer.go(f"{case}/readers/new")
        lawyer.choose("Kind of reader", kind)
        lawyer.fill("If a court or agency: its name", name)
        lawyer.press("Save")
    for colleague in ("Joy Fairweather", "Osian Authorly"):
        lawyer.go(f"{case}/members")
        lawyer.choose("Colleague", colleague)
        lawyer.press("Put on the case")
    lawyer.go(f"{case}/upload")
    lawyer.page.get_by_label("Minutes, report, letter or e-mail").set_input_files(letter)
    lawyer.press("Upload")
    lawyer.page.get_by_label("Reader").wait_for(timeout=PATIENCE)
    return case


def _propose(hand: Hand, document: str, reader: str, profile: str) -> str:
    hand.go(document)
    hand.choose("Reader", reader)
    hand.choose("Kind of copy", words.profile(profile))
    hand.press("Propose what this reader may see")
    hand.page.get_by_role("heading", name="Findings on this page").wait_for(timeout=PATIENCE)
    return hand.page.url


def _settled(hand: Hand) -> None:
    """Accept what is undecided and complete the review."""
    if hand.page.get_by_text("Accept all undecided as proposed").count():
        hand.follow("Accept all undecided as proposed")
        hand.page.get_by_role("button", name=re.compile("^Accept [0-9]+ as proposed$")).click()
    hand.press("Complete the review")
    hand.sees("Waiting for approval")


def _bundle(lawyer: Hand) -> str:
    """Everything is kept for the court but for what a rule hides; then the lawyer is done."""
    review = _propose(lawyer, lawyer.page.url, COURT, "court_bundle")
    lawyer.sees("the health visitor will visit every week")
    keep(lawyer.page, "lawyer-review")
    _settled(lawyer)
    return review


def _learning(author: Hand, document: str) -> None:
    """The author's copy names nobody, and the page of risks says what a program cannot answer."""
    _propose(author, document, PUBLIC, "learning_review")
    author.follow(f"What {PUBLIC} will read")
    shown = author.page.locator(".paper--reader").inner_text()
    assert "the health visitor will visit every week" in shown
    keep(author.page, "author-preview")
    for name in ("01632 960417", "Heol Enghraifft"):
        assert name not in shown
    author.follow("Could somebody be recognised?")
    author.sees("A program cannot answer these questions")
    author.sees("Who stays most exposed")
    keep(author.page, "author-risk")
    assert author.page.get_by_role("link", name="Release the copy").count() == 0


def _approved_and_sent(lawyer: Hand, checker: Hand, review: str) -> None:
    """Another lawyer approves; without the order's reference no copy is made."""
    checker.go(review)
    checker.follow("Check and approve")
    checker.page.get_by_label(re.compile("^I have read the copy")).check()
    checker.press("Approve")
    checker.sees("The copy can be released now.")
    lawyer.go(review)
    lawyer.follow("Release the copy")
    lawyer.fill("Route of disclosure", "Standard directions")
    lawyer.fill("Lawful basis", "Article 6(1)(e) and 9(2)(f)")
    lawyer.fill("Authorised on", "2026-11-24")
    lawyer.press("Continue")
    lawyer.sees("There is a problem")
    lawyer.fill("Reference of the order, direction or permission", ORDER)
    keep(lawyer.page, "lawyer-release")
    lawyer.press("Continue")
    lawyer.sees(f"You are sending to {COURT}")
    lawyer.fill("Type the reader's name to go on", COURT)
    lawyer.press("Make and send this copy")
    lawyer.page.get_by_role("button", name="Make the link and show the password").wait_for(timeout=PATIENCE)
    lawyer.follow("Printed copies: who has which")
    lawyer.fill("Who has it", "Court usher, for the judge")
    lawyer.press("Put it on the sheet")
    lawyer.sees("Court usher, for the judge")
    keep(lawyer.page, "printed-sheet")


def _audited(auditor: Hand, case: str, folder: Path) -> None:
    """The auditor reads the record, checks its chain, takes it along, and sees nothing of the case itself."""
    auditor.go("/audit")
    auditor.sees("release.order")
    keep(auditor.page, "auditor-record")
    auditor.follow("Check the chain")
    auditor.sees("Whole")
    keep(auditor.page, "auditor-chain")
    auditor.go(f"{case}/audit")
    with auditor.page.expect_download() as waited:
        auditor.page.get_by_role("link", name="Save the whole record as a table (CSV)").click()
    waited.value.save_as(folder / "record.csv")
    content = (folder / "record.csv").read_text()
    actions = [row["action"] for row in csv.DictReader(content.splitlines())]
    assert {"document.upload", "review.approve", "release.order", "printed.hand_out"} <= set(actions)
    assert not [name for name in ("Dafydd", "Carys", "Heol", "usher") if name in content]
    assert all(json.loads(row["detail"]) is not None for row in csv.DictReader(content.splitlines()))
    auditor.go(case)
    assert auditor.page.get_by_text(TITLE).count() == 0
