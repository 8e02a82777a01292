"""Signs a finished file with the organisation's seal, as the last and only change to its bytes (PAdES, no changes)."""

from __future__ import annotations

import io
from typing import Any

from asn1crypto import x509 as der
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from redactor.errors import IntegrityFailure
from redactor.protect.keys import SealKey

FIELD = "Seal"
_REASON = "Sealed as released"


class _Unchanging(IncrementalPdfFileWriter):
    """Leaves title, dates and metadata as they were proven."""

    def _update_meta(self) -> None:
        """Do nothing: the signature itself is the only change."""


def sign(pdf: bytes, password: str | None, key: SealKey) -> bytes:
    """Add a certifying signature that allows no later change, as an incremental update.

    Args:
        pdf: the finished file, encrypted or not.
        password: opens it, where it is encrypted.
        key: the organisation's seal key.
    """
    signer = signers.SimpleSigner.load_pkcs12_data(key.packed, other_certs=[], passphrase=None)
    if signer is None:
        raise IntegrityFailure("The seal key cannot be used.", next_step="Make a new one with 'redactor keys init'.")
    writer: Any = _Unchanging(io.BytesIO(pdf))
    if password is not None:
        writer.encrypt(password)
    settings = signers.PdfSignatureMetadata(
        field_name=FIELD,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=_REASON,
    )
    return bytes(signers.sign_pdf(writer, settings, signer=signer).getbuffer())


def check(pdf: bytes, password: str | None, key: SealKey) -> None:
    """Hold a sealed file to its signature.

    Raises:
        IntegrityFailure: if the signature is missing, broken, does not cover the whole file or is by another key.
    """
    try:
        status = _status(pdf, password, key)
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        held = status.intact and status.valid and status.trusted and whole
    except Exception as problem:  # whatever the parser makes of an altered file, it does not hold
        raise IntegrityFailure("The seal of the file does not hold.") from problem
    if not held:
        raise IntegrityFailure("The seal of the file does not hold.")


def _status(pdf: bytes, password: str | None, key: SealKey) -> Any:
    reader = PdfFileReader(io.BytesIO(pdf))
    if password is not None:
        reader.decrypt(password)
    (signature,) = reader.embedded_signatures
    trusted = ValidationContext(trust_roots=[der.Certificate.load(key.certificate)])
    return validate_pdf_signature(signature, trusted)
