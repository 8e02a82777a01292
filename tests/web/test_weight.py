"""Promise 3: the review of a bundle of 300 pages stays light, however much was found in it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from redactor.model import Document, Kind, OnPage, Piece, Role, Span, Upload, digest_of
from redactor.ranges import PageRange
from redactor.service.states import ReviewState
from tests.unit.service.conftest import House, SmallMachine
from tests.web.conftest import signed_in

PAGES, WORDS = 300, 120
HEAVIEST = 200_000  # bytes of one page of the review


class _Bundle(SmallMachine):
    """Reads every upload as a bundle of many pages, with a detail in every tenth word."""

    def admit(self, content: bytes, name: str, password: str | None, stage: Any) -> Upload:
        return Upload(Kind.PDF, digest_of(content), content)

    def read(self, upload: Upload, wanted: PageRange, stage: Any) -> Document:
        pieces, text = [], ""
        parts: list[str] = []
        for number in range(PAGES * WORDS):
            word = ("Zebedee" if number % 10 == 0 else f"word{number}") + ("\n" if number % 12 == 11 else " ")
            start = pieces[-1].span.end if pieces else 0
            pieces.append(Piece(Span(start, start + len(word)), Role.BODY, OnPage(number // WORDS, (0, 0, 9, 9))))
            parts.append(word)
        text = "".join(parts)
        return Document(Kind.PDF, upload.digest, text, tuple(pieces), PAGES, ((595.0, 842.0),) * PAGES)


def test_a_page_of_a_long_bundle_stays_light(app: Flask, house: House) -> None:
    house.machine = _Bundle()
    chair, service, case = house.people["chair"], house.service, house.case()
    version = service.documents.upload(chair, case, "bundle.pdf", b"%PDF-1.7")
    review = service.reviews.request(chair, version, "r1", "family_copy")
    house.run()
    assert service.reviews.summary(chair, review).state is ReviewState.PROPOSED
    client = signed_in(app, house, "chair")
    for address in ("?page=150", "?page=300&show=undecided", "?page=2&side=preview"):
        answer = client.get(f"/reviews/{review}{address}")
        assert answer.status_code == 200
        assert len(answer.data) < HEAVIEST, address
    assert answer.text.count('class="strip__page"') == PAGES
