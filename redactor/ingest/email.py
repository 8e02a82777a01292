"""Reads an e-mail: headers, text, what HTML hides, and what is attached to it; runs behind the wall only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from lxml import html

from redactor.errors import Damaged, InputRefused, TooLarge
from redactor.formats.characters import visible
from redactor.formats.xml import local
from redactor.ingest import attached, text
from redactor.ingest.attached import Allowance
from redactor.ingest.text import Line
from redactor.limits import ATTACHED_DEPTH
from redactor.model import Document, Kind, Role, Upload

_SHOWN_HEADERS = ("from", "to", "cc", "date", "subject")
_FORWARDED = ("message/rfc822", "message/global")
_QUOTE = ">"
_BLOCKS = {"p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr"}
_UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
_PARTS_MOST = 500


def read(upload: Upload) -> Document:
    """Return headers, body and attachments as pieces, in this order.

    Raises:
        Damaged: if it is no e-mail, or has absurdly many parts.
    """
    letter = _Letter(Allowance())
    letter.read(_parsed(upload.content), ATTACHED_DEPTH)
    return text.document_of(upload, letter.lines, tuple(sorted(letter.dropped.items())))


def pages(content: bytes) -> int:
    """Return how many pages an e-mail holds with all that is attached: as far as the attachments say so themselves."""
    return 1 + _attached_pages(_parsed(content), ATTACHED_DEPTH)


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    if sum(1 for _ in message.walk()) > _PARTS_MOST:
        raise Damaged("The e-mail has more parts than a genuine one.")
    return message


def _attached_pages(message: EmailMessage, depth: int) -> int:
    counted = 0
    for part in _parts(message):
        if _is_forwarded(part):
            counted += _attached_pages(_inner(part), depth - 1) if depth else 0
        elif _is_attached(part) and not _is_body(part, "text/plain") and not _is_body(part, "text/html"):
            counted += attached.pages(_content(part), part.get_filename() or "")
    return counted


class _Letter:
    """Gathers the lines of an e-mail and of those forwarded with it."""

    def __init__(self, allowance: Allowance) -> None:
        self.lines: list[Line] = []
        self.dropped: Counter[str] = Counter()
        self._allowance = allowance
        self._number = 0

    def read(self, message: EmailMessage, depth: int) -> None:
        """Read one message, then what is attached to it."""
        self.lines += _headers(message)
        parts = list(_parts(message))
        plain = [part for part in parts if _is_body(part, "text/plain")]
        marked = [part for part in parts if _is_body(part, "text/html")]
        for part in plain:
            self.lines += _body(text.decoded(_content(part)) if part.get_content_charset() is None else _declared(part))
        for part in marked:
            self.lines += _html(_declared(part), hidden=bool(plain))
        for part in parts:
            if part not in plain and part not in marked:
                self._beside(part, depth)

    def _beside(self, part: EmailMessage, depth: int) -> None:
        """Read a part that is not the letter itself; pictures within its text only decorate it."""
        if label := visible(part.get_filename() or ""):
            self.lines.append(Line(label + "\n", Role.ATTACHMENT, attached.PART))
        if not _is_forwarded(part) and not _is_attached(part):
            self.dropped["pictures in an e-mail"] += 1
            return
        self._number += 1
        place = len(self.lines)
        self.lines.append(attached.heading(self._number, None))
        try:
            self.lines[place] = attached.heading(self._number, self._attachment(part, depth))
        except InputRefused as reason:
            del self.lines[place + 1 :]
            self.lines.append(attached.left_out(reason))
            self.dropped["attachments"] += 1

    def _attachment(self, part: EmailMessage, depth: int) -> Kind:
        """Add an attachment's lines and return its kind."""
        if _is_forwarded(part):
            self._forwarded(_inner(part), depth)
            return Kind.EMAIL
        if part.get_content_type() == "text/html":
            self.lines += _html(_declared(part), hidden=False)
            return Kind.TEXT
        upload = attached.opened(_content(part), part.get_filename() or "", self._allowance)
        if upload.kind is Kind.EMAIL:
            self._forwarded(_parsed(upload.content), depth)
            return upload.kind
        document = attached.document(upload)
        tables = 1 + max((line.cell.table for line in self.lines if line.cell), default=-1)
        self.lines += attached.lines(document, tables)
        self.dropped.update(dict(document.dropped))
        if document.regions:
            self.dropped["pictures and unreadable parts of attachments"] += len(document.regions)
        return upload.kind

    def _forwarded(self, message: EmailMessage, depth: int) -> None:
        if not depth:
            raise TooLarge("E-mails are forwarded within e-mails too often.")
        self.read(message, depth - 1)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts of one message; one that is forwarded with it is a single part."""
    inside = cast(Iterator[EmailMessage], message.iter_parts())
    for part in inside if message.is_multipart() else (message,):
        if part.is_multipart() and not _is_forwarded(part):
            yield from _parts(part)
        else:
            yield part


def _is_forwarded(part: EmailMessage) -> bool:
    return part.get_content_type() in _FORWARDED and part.is_multipart()


def _inner(part: EmailMessage) -> EmailMessage:
    return cast(EmailMessage, part.get_payload(0))


def _is_attached(part: EmailMessage) -> bool:
    """Say whether a part is a document of its own, not a picture that the letter's text shows."""
    within = part.get_content_disposition() == "inline" or part.get("Content-ID") is not None
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() != "image" or not within


def _headers(message: EmailMessage) -> list[Line]:
    shown: list[Line] = []
    behind: list[Line] = []
    for name, raw in message.items():
        line = visible(f"{name}: {raw}") + "\n"
        if name.lower() in _SHOWN_HEADERS:
            shown.append(Line(line, Role.EMAIL_HEADER, name.lower()))
        else:
            behind.append(Line(line, Role.METADATA, name.lower()))
    return [*shown, *behind]


def _is_body(part: EmailMessage, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _declared(part: EmailMessage) -> str:
    try:
        return _content(part).decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return text.decoded(_content(part))


def _body(content: str) -> list[Line]:
    return [
        Line(line + "\n", Role.QUOTED if line.lstrip().startswith(_QUOTE) else Role.BODY, "body")
        for line in text.lines_of(content)
    ]


def _html(content: str, *, hidden: bool) -> list[Line]:
    """Return the words of an HTML body; beside a plain body they are the same letter again, which nobody sees."""
    if not content.strip():
        return []
    root = html.fromstring(content)
    said: list[str] = [""]
    extra: list[Line] = []
    for element in root.iter():
        if not local(element):
            continue
        if local(element) in _BLOCKS and said[-1]:
            said.append("")
        if local(element) not in _UNSEEN and element.text:
            said[-1] += element.text
        extra += [
            Line(visible(str(element.get(key))) + "\n", Role.LINK if key == "href" else Role.ALT_TEXT, key)
            for key in ("href", "alt", "title")
            if (element.get(key) or "").strip()
        ]
        if element.tail:
            said[-1] += element.tail
    role = Role.HIDDEN if hidden else Role.BODY
    return [Line(visible(" ".join(line.split())) + "\n", role, "html") for line in said if line.strip()] + extra
