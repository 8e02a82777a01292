"""Encrypts and signs a proven copy, then opens the sealed file again and compares it with what was proven."""

from __future__ import annotations

import json

from redactor import sandbox
from redactor.errors import BadArguments, IntegrityFailure
from redactor.limits import Limits
from redactor.model import Form, Protected, Proven, ProvenWritten, digest_of
from redactor.protect.keys import SealKey, load_key, make_key

__all__ = ["SealKey", "load_key", "make_key", "reopen", "seal", "seal_written"]

_PASSWORD_BYTES = 127  # ISO 32000-2, 7.6.4.3.3: longer ones are cut short
_PAGES_ALLOWED_FOR = 500
_SECONDS_EACH_PAGE = 0.5


def seal(
    proven: Proven, password: str | None = None, seal_key: SealKey | None = None, *, printing: bool = False
) -> Protected:
    """Encrypt, sign and compare one proven copy.

    Args:
        proven: what ``verify.prove`` returned.
        password: opens the copy (AES-256, revision 6); None leaves it unencrypted, as for publication.
        seal_key: signs the copy; drafts are never signed.
        printing: whether the permission bits allow printing. They are a request to the reader's program, no lock.

    Raises:
        BadArguments: if the password is empty or too long.
        IntegrityFailure: if the bytes are not those that were proven, or the sealed file does not hold the same.
    """
    if digest_of(proven.pdf) != proven.certificate.digest:
        raise IntegrityFailure("The copy to be sealed is not the one that was proven.")
    content = proven.pdf if password is None else _encrypted(proven.pdf, password, printing=printing)
    signed = seal_key is not None and not proven.mark.draft
    if seal_key is not None and signed:
        from redactor.protect import sign  # pyHanko takes longer to load than a draft takes to seal

        content = sign.sign(content, password, seal_key)
    reopen(content, password, proven, signed_by=seal_key if signed else None)
    return Protected(content, digest_of(content), password is not None, signed, proven.certificate)


def seal_written(proven: ProvenWritten, password: str | None = None) -> Protected:
    """Encrypt a proven copy that flows, open it again and compare. Such copies are not signed.

    Args:
        proven: what ``verify.prove_written`` returned.
        password: opens the Word document (agile encryption, AES-256); None leaves it open, as for publication.

    Raises:
        BadArguments: if the password is empty or too long, or the form cannot be locked.
        IntegrityFailure: if the bytes are not those that were proven, or the locked file does not hold the same.
    """
    if digest_of(proven.content) != proven.certificate.digest:
        raise IntegrityFailure("The copy to be sealed is not the one that was proven.")
    if password is None:
        return Protected(proven.content, digest_of(proven.content), False, False, proven.certificate)
    if proven.form is not Form.DOCX:
        raise BadArguments(
            "A web page cannot be locked with a password.", next_step="Ask for pdf or docx, or give none."
        )
    _check_password(password)
    request = json.dumps({"password": password}).encode()
    answer = sandbox.call("redactor.protect.inside:lock", request, {"copy": proven.content}, _limits())
    if json.loads(answer.value) != {"same": True}:
        raise IntegrityFailure("The sealed file does not hold what was proven.")
    locked = answer.files["copy"]
    return Protected(locked, digest_of(locked), True, False, proven.certificate)


def _check_password(password: str) -> None:
    if not password.strip() or len(password.encode()) > _PASSWORD_BYTES:
        raise BadArguments(
            "The password is empty or too long to protect anything.",
            next_step=f"Choose one of at least eight characters and at most {_PASSWORD_BYTES} bytes.",
        )


def _encrypted(pdf: bytes, password: str, *, printing: bool) -> bytes:
    _check_password(password)
    request = json.dumps({"password": password, "printing": printing}).encode()
    answer = sandbox.call("redactor.protect.inside:encrypt", request, {"pdf": pdf}, _limits())
    return answer.files["pdf"]


def reopen(content: bytes, password: str | None, proven: Proven, *, signed_by: SealKey | None = None) -> None:
    """Open a sealed file as its reader would and compare it, object by object, with what was proven.

    Args:
        content: the sealed file.
        password: opens it.
        proven: the copy before encryption and signature.
        signed_by: whose signature must be on it, or None for none.

    Raises:
        IntegrityFailure: if any object differs, more was added than a signature, or the signature does not hold.
    """
    request = json.dumps({"password": password, "signed": signed_by is not None}).encode()
    files = {"sealed": content, "proven": proven.pdf}
    answer = sandbox.call("redactor.protect.inside:compare", request, files, _limits())
    if json.loads(answer.value) != {"same": True}:
        raise IntegrityFailure("The sealed file does not hold what was proven.")
    if signed_by is not None:
        from redactor.protect import sign

        sign.check(content, password, signed_by)


def _limits() -> Limits:
    return Limits().for_pages(_PAGES_ALLOWED_FOR, _SECONDS_EACH_PAGE)
