"""Reads an e-mail: headers, text, what HTML hides, attachments by name; runs behind the wall only."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage

from lxml import html

from redactor.errors import Damaged
from redactor.formats.characters import visible
from redactor.formats.xml import local
from redactor.ingest import text
from redactor.model import Document, Role, Upload

Lines = list[tuple[str, Role, str]]

_SHOWN_HEADERS = ("from", "to", "cc", "date", "subject")
_QUOTE = ">"
_BLOCKS = {"p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr"}
_UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
_PARTS_MOST = 500


def read(upload: Upload) -> Document:
    """Return headers, body and attachment names as pieces.

    Raises:
        Damaged: if it is no e-mail, or has absurdly many parts.
    """
    message = message_from_bytes(upload.content, policy=policy.default)
    lines, dropped = _headers(message), Counter[str]()
    parts = list(message.walk())
    if len(parts) > _PARTS_MOST:
        raise Damaged("The e-mail has more parts than a genuine one.")
    plain = [part for part in parts if _is_body(part, "text/plain")]
    marked = [part for part in parts if _is_body(part, "text/html")]
    for part in plain:
        lines += _body(text.decoded(_content(part)) if part.get_content_charset() is None else _declared(part))
    for part in marked:
        lines += _html(_declared(part), hidden=bool(plain))
    for part in parts:
        if not part.is_multipart() and part not in plain and part not in marked:
            dropped["attachments"] += 1
            if label := visible(part.get_filename() or ""):
                lines.append((label, Role.ATTACHMENT, "attachment"))
    return text.document_of(upload, lines, tuple(dropped.items()))


def _headers(message: EmailMessage) -> Lines:
    shown: Lines = []
    behind: Lines = []
    for name, raw in message.items():
        line = visible(f"{name}: {raw}")
        if name.lower() in _SHOWN_HEADERS:
            shown.append((line, Role.EMAIL_HEADER, name.lower()))
        else:
            behind.append((line, Role.METADATA, name.lower()))
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


def _body(content: str) -> Lines:
    return [
        (line, Role.QUOTED if line.lstrip().startswith(_QUOTE) else Role.BODY, "body")
        for line in text.lines_of(content)
    ]


def _html(content: str, *, hidden: bool) -> Lines:
    """Return the words of an HTML body; beside a plain body they are the same letter again, which nobody sees."""
    if not content.strip():
        return []
    root = html.fromstring(content)
    said: list[str] = [""]
    extra: Lines = []
    for element in root.iter():
        if not local(element):
            continue
        if local(element) in _BLOCKS and said[-1]:
            said.append("")
        if local(element) not in _UNSEEN and element.text:
            said[-1] += element.text
        extra += [
            (visible(str(element.get(key))), Role.LINK if key == "href" else Role.ALT_TEXT, key)
            for key in ("href", "alt", "title")
            if (element.get(key) or "").strip()
        ]
        if element.tail:
            said[-1] += element.tail
    role = Role.HIDDEN if hidden else Role.BODY
    return [(visible(" ".join(line.split())), role, "html") for line in said if line.strip()] + extra
