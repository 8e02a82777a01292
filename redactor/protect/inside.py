"""Behind the sandbox's wall: encrypts, and compares the sealed file with the proven one."""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Mapping

import pikepdf

from redactor.protect.comparing import added_by_signature, fingerprint

_OWNER_BYTES = 32
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\r?\n?")


def encrypt(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Encrypt with AES-256, revision 6; the owner's password is random and forgotten."""
    asked = json.loads(request)
    printing = bool(asked["printing"])
    permissions = pikepdf.Permissions(
        accessibility=True,
        extract=False,
        modify_annotation=False,
        modify_assembly=False,
        modify_form=False,
        modify_other=False,
        print_lowres=printing,
        print_highres=printing,
    )
    encryption = pikepdf.Encryption(
        owner=secrets.token_urlsafe(_OWNER_BYTES),
        user=asked["password"],
        R=6,
        aes=True,
        metadata=True,
        allow=permissions,
    )
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        pdf.save(
            stream,
            encryption=encryption,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,  # what was proven stays as it is, byte for byte
        )
    return b"{}", {"pdf": stream.getvalue()}


def compare(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Say whether the sealed file holds the proven objects, and beyond them nothing but one signature."""
    asked = json.loads(request)
    password, sealed = asked["password"] or "", files["sealed"]
    same = _same(sealed, password, files["proven"], signed=bool(asked["signed"]))
    return json.dumps({"same": same}).encode(), {}


def _same(sealed: bytes, password: str, proven: bytes, *, signed: bool) -> bool:
    ends = [match.end() for match in _END.finditer(sealed)]
    if len(ends) != (2 if signed else 1) or ends[-1] != len(sealed):
        return False
    with (
        pikepdf.open(io.BytesIO(proven)) as before,
        pikepdf.open(io.BytesIO(sealed[: ends[0]]), password=password) as first,
    ):
        if bool(password) != first.is_encrypted or fingerprint(first) != fingerprint(before):
            return False
        if not signed:
            return True
        with pikepdf.open(io.BytesIO(sealed), password=password) as last:
            return added_by_signature(first, last)


def lock(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Encrypt a Word document (agile encryption, AES-256; [MS-OFFCRYPTO] 2.3.4.10) and open it again to compare."""
    from msoffcrypto.format.ooxml import OOXMLFile

    password = json.loads(request)["password"]
    locked, opened = io.BytesIO(), io.BytesIO()
    OOXMLFile(io.BytesIO(files["copy"])).encrypt(password, locked)
    container = OOXMLFile(io.BytesIO(locked.getvalue()))
    container.load_key(password=password, verify_password=True)
    container.decrypt(opened, verify_integrity=True)
    return json.dumps({"same": opened.getvalue() == files["copy"]}).encode(), {"copy": locked.getvalue()}
