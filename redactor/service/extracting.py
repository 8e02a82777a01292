"""A document of its own from some pages of an upload, for a reader who is to have these pages alone."""

from __future__ import annotations

import json
import re

from redactor import sandbox
from redactor.access import Actor, Permission
from redactor.errors import BadArguments
from redactor.limits import PDF_PAGES
from redactor.model import Kind
from redactor.service.base import Base
from redactor.service.documents import Documents, upload_of
from redactor.store.records import document_version

_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


class Extracting:
    """The use case."""

    def __init__(self, base: Base, documents: Documents) -> None:
        self._base, self._documents = base, documents

    def pages(self, actor: Actor, version: str, wanted: str) -> str:
        """Make a new document of the case from some pages of a PDF and return its version's id.

        Args:
            wanted: page numbers as people write them, from 1: "3, 5-7".

        Raises:
            BadArguments: if there are no such pages, or the upload is no PDF.
        """
        row = self._base.row(document_version, version, actor.organisation)
        with self._base.act(actor, Permission.DOCUMENT_ADD, row.case_id, subject=version) as connection:
            numbers = page_numbers(wanted, row.pages)
            if row.kind != Kind.PDF.value:
                raise BadArguments("Pages can be taken out of a PDF only.", next_step="Print the document to a PDF.")
            detail: dict[str, str | int] = {"pages": len(numbers)}
            self._base.audit.append(
                connection, actor.organisation, actor.account, "document.extract", version, row.case_id, detail
            )
        _, name, content, password = upload_of(self._base, actor.organisation, version)
        upload = {"kind": row.kind, "digest": row.digest, "content": "", "password": password, "pages": row.pages}
        asked = json.dumps({"upload": upload, "pages": [number - 1 for number in numbers]}).encode()
        made = sandbox.call("redactor.ingest.inside:extract", asked, {"content": content}).files["content"]
        stem = name.rsplit(".", 1)[0][:180]
        return self._documents.upload(actor, row.case_id, f"{stem}, pages {wanted.strip()[:40]}.pdf", made)


def page_numbers(wanted: str, pages: int) -> tuple[int, ...]:
    """Return the pages that were asked for, each once, in order.

    Raises:
        BadArguments: if something is no page number, or the document has no such page.
    """
    found: set[int] = set()
    for part in wanted.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise BadArguments("Page numbers look like 3, 5-7.", next_step="Write them so.")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= min(pages, PDF_PAGES):
            raise BadArguments(f"The document has pages 1 to {pages}.", next_step="Choose among them.")
        found.update(range(first, last + 1))
    return tuple(sorted(found))
