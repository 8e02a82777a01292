"""What a file seems to be from its first bytes: cheap and allocation-free enough to run outside the wall."""

from __future__ import annotations

import re
from enum import StrEnum

from redactor.errors import Damaged, Hostile, UnsupportedType

_PDF_HEADER_WITHIN = 1024  # readers accept a header within the first kilobyte (ISO 32000-2, 7.5.2, note)
_TEXT_SAMPLE = 64 * 1024
_EMAIL_SAMPLE = 8 * 1024
_EMAIL_NAMES = {"from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version"}
_EMAIL_LEAST_NAMES = 2
_HEADER_LINE = re.compile(rb"([A-Za-z0-9-]{1,60}):[ \t]?[^\r\n]*\r?\n((?:[ \t][^\r\n]*\r?\n)*)")
_ZIP_END, _ZIP_END_LENGTH = b"PK\x05\x06", 22  # PKWARE APPNOTE 4.3.16
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}
_PLAIN_TEXT_ENDINGS = (".txt", ".text", ".log", ".md", ".csv")


class Sniffed(StrEnum):
    """What the first bytes promise; the structural check must confirm it."""

    ZIP = "zip"
    OLE2 = "ole2"
    PDF = "pdf"
    RTF = "rtf"
    IMAGE = "image"
    EMAIL = "email"
    TEXT = "text"


_MAGIC: tuple[tuple[bytes, Sniffed], ...] = (
    (b"PK\x03\x04", Sniffed.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Sniffed.OLE2),
    (b"%PDF-", Sniffed.PDF),
    (b"{\\rtf", Sniffed.RTF),
    (b"\x89PNG\r\n\x1a\n", Sniffed.IMAGE),
    (b"\xff\xd8\xff", Sniffed.IMAGE),
    (b"II*\x00", Sniffed.IMAGE),
    (b"MM\x00*", Sniffed.IMAGE),
    (b"BM", Sniffed.IMAGE),
)
_KNOWN_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "This is a GIF picture. Save it as PNG and upload that."),
    (b"Rar!", "This is an archive. Unpack it and upload the documents one by one."),
    (b"7z\xbc\xaf", "This is an archive. Unpack it and upload the documents one by one."),
    (b"\x1f\x8b", "This is an archive. Unpack it and upload the documents one by one."),
    (b"BZh", "This is an archive. Unpack it and upload the documents one by one."),
    (b"MZ", "This is a program. Upload a document."),
    (b"\x7fELF", "This is a program. Upload a document."),
    (b"PK\x05\x06", "This archive holds nothing. Upload the document itself."),
    (b"<!DOCTYPE html", "This is a web page. Print it to PDF and upload that."),
    (b"<html", "This is a web page. Print it to PDF and upload that."),
    (b"<?xml", "This is an XML file. Open it in Word, save it as DOCX and upload that."),
    (b"<?mso-application", "This is an XML file. Open it in Word, save it as DOCX and upload that."),
)


def sniff(untrusted: bytes, name: str) -> Sniffed:
    """Return what the content seems to be.

    Args:
        untrusted: the whole file; only its ends are looked at.
        name: only breaks the tie between plain text and e-mail.

    Raises:
        UnsupportedType, Damaged, Hostile: with the next step.
    """
    promised = _by_magic(untrusted)
    if promised is not None:
        _refuse_second_face(untrusted, promised)
        return promised
    head = untrusted.lstrip(b"\xef\xbb\xbf \t\r\n")[:32].lower()
    for magic, step in _KNOWN_REFUSED:
        if head.startswith(magic.lower()):
            raise UnsupportedType("The service does not read this type of file.", next_step=step)
    if b"%PDF-" in untrusted[:_PDF_HEADER_WITHIN]:
        return Sniffed.PDF
    if not is_text(untrusted):
        raise UnsupportedType("The content is not of a type that the service reads.")
    if not untrusted.strip():
        raise Damaged("The file holds nothing but blank space.")
    if not name.lower().endswith(_PLAIN_TEXT_ENDINGS) and _looks_like_email(untrusted):
        return Sniffed.EMAIL
    return Sniffed.TEXT


def is_text(untrusted: bytes) -> bool:
    """Say whether the bytes are plain text: UTF-16 with its mark, or free of control characters."""
    if untrusted.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = untrusted[:_TEXT_SAMPLE] + untrusted[-_TEXT_SAMPLE:]
    return not _CONTROL.intersection(sample)


def _by_magic(untrusted: bytes) -> Sniffed | None:
    if untrusted.startswith(b"RIFF") and untrusted[8:12] == b"WEBP":
        return Sniffed.IMAGE
    return next((kind for magic, kind in _MAGIC if untrusted.startswith(magic)), None)


def _refuse_second_face(untrusted: bytes, promised: Sniffed) -> None:
    """Refuse a file that one program opens as one type and another program as a second one."""
    hidden_pdf = promised is not Sniffed.PDF and b"%PDF-" in untrusted[:_PDF_HEADER_WITHIN]
    # A spreadsheet embedded in a legacy document is ordinary: only the converter opens that, and only the document.
    hidden_zip = promised not in (Sniffed.ZIP, Sniffed.OLE2) and _ends_as_zip(untrusted)
    if hidden_pdf or hidden_zip:
        raise Hostile("The file is two types of document at once.")


def _ends_as_zip(untrusted: bytes) -> bool:
    """Say whether the file ends with a zip archive's closing record, whose comment reaches exactly to the end."""
    start = untrusted.rfind(_ZIP_END, max(0, len(untrusted) - _ZIP_END_LENGTH - 0xFFFF))
    if start < 0 or start + _ZIP_END_LENGTH > len(untrusted):
        return False
    comment = int.from_bytes(untrusted[start + _ZIP_END_LENGTH - 2 : start + _ZIP_END_LENGTH], "little")
    return start + _ZIP_END_LENGTH + comment == len(untrusted)


def _looks_like_email(untrusted: bytes) -> bool:
    """An e-mail starts with header lines, at least two of them well known, before the first blank line."""
    sample, position, known = untrusted[:_EMAIL_SAMPLE].lstrip(b"\r\n"), 0, set()
    while match := _HEADER_LINE.match(sample, position):
        known.add(match.group(1).decode("ascii").lower())
        position = match.end()
    ended = sample[position : position + 2].startswith((b"\r\n", b"\n")) or position >= len(sample) - 1
    return ended and len(known & _EMAIL_NAMES) >= _EMAIL_LEAST_NAMES and bool(known & {"from", "message-id"})
