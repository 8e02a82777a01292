"""What the verifier says: checks with counts, places without text, and no claim beyond what was done."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import Box, Certificate, Check, Digest

# Check names, as they appear in reports and certificates.
TEXT = "text"
FRAGMENTS = "fragments"
FURNITURE = "furniture"
OBJECTS = "objects"
STREAMS = "streams"
REVISIONS = "revisions"
STRUCTURE = "structure"
BOXES = "boxes"
PIXELS = "pixels"
FONTS = "fonts"
PICTURES = "pictures"
INK = "ink"
PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something wrong at one place of a PDF. Holds no document text.

    Args:
        what: slug of the fault, such as "text-under-box".
        page: 1-based page, 0 for the file as a whole.
        box: left, bottom, right, top in points, where there is a place.
        characters: how many characters can be recovered there.
        sentence: the fault in plain English.
    """

    what: str
    sentence: str
    page: int = 0
    box: Box | None = None
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at in a PDF and what was found.

    ``failed_pages`` are the pages of the document, numbered from 0, that explain every failed check; none where one
    of the checks has no such page.
    """

    checks: tuple[Check, ...]
    findings: tuple[Sighting, ...] = ()
    warnings: tuple[str, ...] = ()
    pages: int = 0
    failed_pages: tuple[int, ...] = ()

    @property
    def passed(self) -> bool:
        """True if every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that did not pass."""
        return tuple(check.name for check in self.checks if not check.passed)


def certify(digest: Digest, plan: Digest, report: Report) -> Certificate:
    """Write down what was checked; never that a file is free of personal data."""
    looked_at = sum(check.looked_at for check in report.checks)
    statement = (
        f"{len(report.checks)} checks passed on {report.pages} pages, {looked_at} items looked at, on the exact bytes"
        " with this digest. The checks show that what the plan removes was not found by the means listed. They say"
        " nothing about details that the plan does not name."
    )
    return Certificate(digest=digest, plan=plan, checks=report.checks, statement=statement)
