"""Pages of a sealed copy as pictures, for a recipient who reads in the browser; drawn behind the wall."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

from redactor import sandbox
from redactor.errors import BadArguments
from redactor.limits import MEBIBYTE, Limits

VIEW_DPI = 110
_LIMITS = Limits(seconds=30.0, memory_bytes=768 * MEBIBYTE)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as a PNG, and how many pages there are."""

    png: bytes
    pages: int


def view(copy: bytes, password: str, page: int) -> PagePicture:
    """Return one page of a copy, with its watermark, as its reader would see it.

    Args:
        page: 0-based.

    Raises:
        BadArguments: if the password does not open the copy.
        Damaged: if there is no such page.
    """
    request = json.dumps({"password": password, "page": page}).encode()
    answer = sandbox.call("redactor.protect.viewing:draw", request, {"copy": copy}, _LIMITS)
    return PagePicture(answer.files["png"], int(json.loads(answer.value)["pages"]))


def draw(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """Draw one page; runs behind the wall."""
    import pypdfium2 as pdfium

    from redactor.formats.pages import load_page, render

    asked = json.loads(request)
    try:
        document = pdfium.PdfDocument(files["copy"], password=str(asked["password"]))
    except pdfium.PdfiumError:
        raise BadArguments("The password is not right.", next_step="Type it again.") from None
    picture = render(load_page(document, int(asked["page"])), VIEW_DPI, colour=True)
    out = io.BytesIO()
    picture.image.save(out, "PNG", optimize=False)
    pages = len(document)
    document.close()
    return json.dumps({"pages": pages}).encode(), {"png": out.getvalue()}
