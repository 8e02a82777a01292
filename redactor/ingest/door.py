"""The structural check behind the wall: does the whole file hold what its first bytes promise, and is it unlocked?"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace

from redactor.errors import Damaged, Encrypted, TooLarge, UnsupportedType
from redactor.formats import archive, office
from redactor.formats.package import CONTENT_TYPES, Package
from redactor.ingest.sniff import Sniffed
from redactor.limits import IMAGE_PIXELS, PDF_PAGES, TEXT_CHARACTERS
from redactor.model import Kind

_TO_DOCX = "docx:Office Open XML Text"
_WORD_BINARY, _ENCRYPTED_PACKAGE, _OUTLOOK = "WordDocument", "EncryptedPackage", "__properties_version1.0"
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.text-template": ".ott",
}
_IMAGE_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "MPO")
_IMAGE_FRAMES = 500
_NO_OTHER = "Upload Word documents, PDF, images, text or e-mail; print anything else to PDF first."


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file turned out to be.

    Args:
        changed: its content where that had to be unlocked or converted.
        pages: as many as it says that it has; 1 where only a layout would tell.
    """

    kind: Kind
    changed: bytes | None = None
    pages: int = 1


def open_up(sniffed: Sniffed, untrusted: bytes, password: str | None) -> Opened:
    """Return what the file is, unlocked and converted where need be.

    Raises:
        InputRefused: one of its kinds.
    """
    if sniffed is Sniffed.ZIP:
        return _zip(untrusted)
    if sniffed is Sniffed.OLE2:
        return _compound(untrusted, password)
    if sniffed is Sniffed.RTF:
        return Opened(Kind.DOCX, _converted(untrusted, ".rtf"))
    if sniffed is Sniffed.PDF:
        return Opened(Kind.PDF, pages=_check_pdf(untrusted, password))
    if sniffed is Sniffed.IMAGE:
        return Opened(Kind.IMAGE, pages=_check_image(untrusted))
    if len(untrusted) > TEXT_CHARACTERS * 4:
        raise TooLarge("The text is too long.")
    return Opened(Kind.EMAIL if sniffed is Sniffed.EMAIL else Kind.TEXT)


def _zip(untrusted: bytes) -> Opened:
    parts = archive.unpack(untrusted)
    suffix = _OPEN_DOCUMENT.get(parts.get("mimetype", b"").strip())
    if suffix is not None and CONTENT_TYPES not in parts:
        return Opened(Kind.DOCX, _converted(untrusted, suffix))
    if "mimetype" in parts and CONTENT_TYPES not in parts:
        raise UnsupportedType("The service does not read this type of file.", next_step=_NO_OTHER)
    package = Package(parts)
    package.tree(package.main)
    return Opened(Kind.DOCX)


def _compound(untrusted: bytes, password: str | None) -> Opened:
    """OLE2: an encrypted DOCX, a legacy Word document, or something that is refused by name."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(untrusted)) as container:
            streams = {"/".join(path) for path in container.listdir()}
    except Exception:
        raise Damaged("The file's container is broken.") from None
    if _ENCRYPTED_PACKAGE in streams:
        return _zip_only(_decrypted(untrusted, password))
    if _WORD_BINARY in streams:
        return Opened(Kind.DOCX, _converted(_decrypted(untrusted, password, legacy=True), ".doc"))
    if _OUTLOOK in streams:
        step = "Open it in Outlook, save it as .eml or print it to PDF, and upload that."
        raise UnsupportedType("This is an Outlook message.", next_step=step)
    raise UnsupportedType("The service does not read this type of file.", next_step=_NO_OTHER)


def _zip_only(unlocked: bytes) -> Opened:
    opened = _zip(unlocked)
    return replace(opened, changed=opened.changed or unlocked)


def _decrypted(untrusted: bytes, password: str | None, *, legacy: bool = False) -> bytes:
    """Unlock with the password; a legacy document that is not locked comes back as it is."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    opened = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(untrusted))
        if legacy and not locked.is_encrypted():
            return untrusted
        if not password:
            raise Encrypted("The document is locked with a password.")
        locked.load_key(password=password, verify_password=not legacy)
        locked.decrypt(opened)
    except Encrypted:
        raise
    except FileFormatError:
        raise Damaged("The file's container is broken.") from None
    except Exception:  # the library raises many kinds for a wrong password
        if not password:
            raise Damaged("The file's container is broken.") from None
        raise Encrypted("The password does not open the document.") from None
    return opened.getvalue()


def _converted(untrusted: bytes, suffix: str) -> bytes:
    converted = office.convert(untrusted, suffix, _TO_DOCX, ".docx")
    Package.open(converted)
    return converted


def _check_pdf(untrusted: bytes, password: str | None) -> int:
    """Return the number of pages."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(untrusted), password=password or "") as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        message = "The password does not open the PDF." if password else "The PDF is locked with a password."
        raise Encrypted(message) from None
    except Exception:  # a broken file makes the parser raise far more than its own errors
        raise Damaged("The PDF is broken.") from None
    if not pages:
        raise Damaged("The PDF has no pages.")
    if pages > PDF_PAGES:
        raise TooLarge(f"The PDF has more than {PDF_PAGES} pages.")
    return pages


def _check_image(untrusted: bytes) -> int:
    """Return the number of pages."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit below comes before any pixel is decoded
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(untrusted), formats=_IMAGE_FORMATS) as image:
                pixels, frames = image.width * image.height, getattr(image, "n_frames", 1)
    except Exception:
        raise Damaged("The picture is broken.") from None
    if pixels > IMAGE_PIXELS or frames > _IMAGE_FRAMES:
        raise TooLarge("The picture has too many pixels or pages.")
    return int(frames)
