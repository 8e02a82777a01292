"""Defends "The right copy to the right person": a locked Word copy opens with its password and with no other."""

from __future__ import annotations

import io

import docx
import pytest

from redactor import ingest
from redactor.errors import BadArguments, Encrypted
from redactor.render import office
from redactor.sandbox.containment import Bubblewrap

pytestmark = pytest.mark.skipif(not Bubblewrap().works(), reason="bubblewrap is not available on this host")


def _copy() -> bytes:
    made, stream = docx.Document(), io.BytesIO()
    made.add_paragraph("Conference of the panel")
    made.save(stream)
    return stream.getvalue()


def test_a_locked_copy_opens_with_its_password_only() -> None:
    locked = office.lock(_copy(), "correct horse")
    assert b"Conference" not in locked
    assert b'keyBits="256"' in locked
    with pytest.raises(Encrypted):
        ingest.admit(locked, "copy.docx")
    with pytest.raises(Encrypted):
        ingest.admit(locked, "copy.docx", "wrong horse")
    opened = ingest.admit(locked, "copy.docx", "correct horse")
    assert "Conference of the panel" in ingest.read(opened).text


def test_an_empty_password_is_refused() -> None:
    with pytest.raises(BadArguments):
        office.lock(_copy(), "")
