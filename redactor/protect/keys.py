"""The key that seals released copies: made once for an organisation, or brought by it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from redactor.errors import FileAccess, IntegrityFailure, UnsafeConfiguration

_DAYS_VALID = 5 * 365
_OTHERS = 0o077
_OWN_ONLY = 0o600
_KEY_FIRST = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key with its certificate, as PKCS#12 in memory; never shown in a repr or a log."""

    packed: bytes = field(repr=False)
    certificate: bytes = field(repr=False)  # DER
    name: str = ""


def make_key(path: Path, organisation: str) -> SealKey:
    """Make a key (ECDSA, P-256) with a self-signed certificate and write it to a file only its owner can read.

    Args:
        path: a file that does not exist yet.
        organisation: stands in every signature.

    Raises:
        FileAccess: if the file exists or cannot be written.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, organisation)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=_DAYS_VALID))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    plain = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(path, plain + certificate.public_bytes(serialization.Encoding.PEM))
    return _seal_key(private, certificate)


def _write(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN_ONLY)
    except FileExistsError:
        raise FileAccess("There is a seal key already.", next_step="Keep it, or move it away first.") from None
    except OSError:
        raise FileAccess("The seal key could not be written.") from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def load_key(path: Path, passphrase: str | None = None) -> SealKey:
    """Read a seal key: our own PEM file, or the council's PKCS#12.

    Raises:
        FileAccess: if the file cannot be read.
        UnsafeConfiguration: if others than its owner may read it.
        IntegrityFailure: if it holds no key with its certificate, or the passphrase is wrong.
    """
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError:
        raise FileAccess("The seal key could not be read.", next_step="Make one with 'redactor keys init'.") from None
    if mode & _OTHERS:
        raise UnsafeConfiguration(
            "The seal key can be read by others.", next_step="Set its permissions to 0600 (chmod 600)."
        )
    secret = passphrase.encode() if passphrase else None
    try:
        if content.startswith(_KEY_FIRST):
            private = serialization.load_pem_private_key(content, secret)
            certificate = x509.load_pem_x509_certificate(content)
        else:
            found, brought, _ = pkcs12.load_key_and_certificates(content, secret)
            if found is None or brought is None:
                raise ValueError
            private, certificate = found, brought
        if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise ValueError
    except (ValueError, TypeError):
        raise IntegrityFailure(
            "The seal key file holds no usable key with its certificate, or the passphrase is wrong.",
            next_step="Bring an RSA or ECDSA key with its certificate as PKCS#12, or run 'redactor keys init'.",
        ) from None
    return _seal_key(private, certificate)


def _seal_key(private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, certificate: x509.Certificate) -> SealKey:
    packed = pkcs12.serialize_key_and_certificates(b"seal", private, certificate, None, serialization.NoEncryption())
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return SealKey(packed, certificate.public_bytes(serialization.Encoding.DER), str(names[0].value) if names else "")
