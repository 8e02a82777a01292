"""The limits that protect the service from oversized or hostile input: one home, with units."""

from __future__ import annotations

from dataclasses import dataclass, replace

MEBIBYTE = 1024 * 1024

UPLOAD_BYTES = 200 * MEBIBYTE
PACKAGE_MEMBERS = 5_000
PACKAGE_MEMBER_BYTES = 64 * MEBIBYTE
PACKAGE_TOTAL_BYTES = 300 * MEBIBYTE
XML_DEPTH = 256
PDF_PAGES = 2_000
PDF_STREAM_BYTES = 200 * MEBIBYTE
IMAGE_PIXELS = 60_000_000
PAGE_CHARACTERS = 2_500  # of a page of running text: what no page count tells is measured by it
TEXT_CHARACTERS = 20_000_000
ATTACHED_FILES = 50  # of one e-mail, those of forwarded e-mails included
ATTACHED_PAGES = 200
ATTACHED_DEPTH = 3  # e-mails within e-mails


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sandboxed child may use.

    Args:
        seconds: wall-clock time before the whole process group is killed.
        memory_bytes: address space or resident limit of each process.
        output_bytes: largest total answer accepted from the child.
        processes: most processes and threads of the child at once.
    """

    seconds: float = 60.0
    memory_bytes: int = 1024 * MEBIBYTE
    output_bytes: int = 512 * MEBIBYTE
    processes: int = 256

    def for_pages(self, pages: int, seconds_each: float = 5.0) -> Limits:
        """Return the same limits with time added for each page."""
        return replace(self, seconds=self.seconds + seconds_each * pages)
