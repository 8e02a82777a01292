"""Promises 1 and 2: what is handed over is what was proven, opens only with its password, and shows any alteration."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from redactor import protect
from redactor.errors import BadArguments, Damaged, FileAccess, IntegrityFailure, UnsafeConfiguration
from redactor.model import Certificate, CopyMark, Digest, Plan, ProfileRef, Proven, digest_of

PASSWORD = "correct horse battery staple ŵ"
PLAN = Plan(Digest("sha256:0"), ProfileRef("family_copy", 1, Digest("")), "DC-2024-0117", "r1", ())
MARK = CopyMark("Maria Okoye", "2 of 4", "2026-11-24", "OFFICIAL-SENSITIVE", "DC-2024-0117", draft=False)


def page_file(text: str = "Released text") -> bytes:
    drawn, stream = io.BytesIO(), io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(72, 700, text)
    canvas.save()
    with pikepdf.open(io.BytesIO(drawn.getvalue())) as pdf:
        pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def proven(*, draft: bool = False, text: str = "Released text") -> Proven:
    pdf = page_file(text)
    certificate = Certificate(digest_of(pdf), PLAN.digest, (), "Checked.")
    return Proven(pdf, PLAN, replace(MARK, draft=draft), certificate)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> protect.SealKey:
    return protect.make_key(tmp_path_factory.mktemp("keys") / "seal.pem", "Example Safeguarding Partnership")


def test_a_released_copy_is_encrypted_restricted_and_signed(key: protect.SealKey) -> None:
    sealed = protect.seal(proven(), PASSWORD, key)
    assert sealed.encrypted
    assert sealed.signed
    assert sealed.digest == digest_of(sealed.content)
    assert b"Released" not in sealed.content
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed.content))
    with pikepdf.open(io.BytesIO(sealed.content), password=PASSWORD) as opened:
        assert opened.encryption.R == 6
        assert opened.encryption.bits == 256
        assert opened.allow.accessibility
        assert not opened.allow.extract
        assert not opened.allow.modify_other
        assert not opened.allow.print_highres


def test_a_draft_is_not_signed(key: protect.SealKey) -> None:
    assert not protect.seal(proven(draft=True), PASSWORD, key).signed


def test_a_public_copy_is_signed_but_open(key: protect.SealKey) -> None:
    sealed = protect.seal(proven(), None, key)
    assert sealed.signed
    assert not sealed.encrypted
    with pikepdf.open(io.BytesIO(sealed.content)) as opened:
        assert not opened.is_encrypted


@pytest.mark.parametrize("password", ["", "   ", "x" * 128])
def test_a_password_that_protects_nothing_is_refused(password: str) -> None:
    with pytest.raises(BadArguments):
        protect.seal(proven(), password)


def test_bytes_that_were_not_proven_are_not_sealed() -> None:
    with pytest.raises(IntegrityFailure):
        protect.seal(replace(proven(), pdf=page_file("Other text")), PASSWORD)


def test_another_file_than_the_proven_one_is_noticed(key: protect.SealKey) -> None:
    sealed = protect.seal(proven(text="Other text"), PASSWORD, key)
    with pytest.raises(IntegrityFailure):
        protect.reopen(sealed.content, PASSWORD, proven(), signed_by=key)


def test_a_flipped_byte_breaks_the_seal(key: protect.SealKey) -> None:
    content = bytearray(protect.seal(proven(), None, key).content)
    content[len(content) // 3] ^= 1
    with pytest.raises((IntegrityFailure, Damaged)):
        protect.reopen(bytes(content), None, proven(), signed_by=key)


def test_something_added_after_the_signature_is_noticed(key: protect.SealKey) -> None:
    content = protect.seal(proven(), None, key).content
    with pytest.raises(IntegrityFailure):
        protect.reopen(content + b"\nmore", None, proven(), signed_by=key)


def test_a_signature_by_another_key_is_noticed(key: protect.SealKey, tmp_path: Path) -> None:
    other = protect.make_key(tmp_path / "other.pem", "Somebody else")
    content = protect.seal(proven(), PASSWORD, other).content
    with pytest.raises(IntegrityFailure):
        protect.reopen(content, PASSWORD, proven(), signed_by=key)


def test_the_key_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "seal.pem"
    made = protect.make_key(path, "Example")
    assert path.stat().st_mode & 0o777 == 0o600
    assert protect.load_key(path).certificate == made.certificate
    assert "PRIVATE" not in repr(made)
    with pytest.raises(FileAccess):
        protect.make_key(path, "Example")
    path.chmod(0o644)
    with pytest.raises(UnsafeConfiguration):
        protect.load_key(path)


def test_a_councils_own_certificate_can_be_brought(tmp_path: Path, key: protect.SealKey) -> None:
    path = tmp_path / "council.p12"
    path.write_bytes(key.packed)
    path.chmod(0o600)
    assert protect.load_key(path).name == "Example Safeguarding Partnership"
    path.write_bytes(b"no key at all")
    with pytest.raises(IntegrityFailure):
        protect.load_key(path)
