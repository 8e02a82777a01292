"""Promise 4: an upload never stands on the disk in clear, and comes out as it went in."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from redactor.web.spool import SealedSpool


@given(st.lists(st.binary(max_size=90), max_size=8), st.integers(0, 60), st.integers(0, 400), st.integers(0, 100))
def test_what_goes_in_comes_out(parts: list[bytes], memory: int, start: int, length: int) -> None:
    spool = SealedSpool(memory)
    for part in parts:
        spool.write(part)
    whole = b"".join(parts)
    spool.seek(start)
    assert spool.read(length) == whole[start : start + length]
    spool.seek(0)
    assert spool.read() == whole
    spool.close()


def test_beyond_memory_the_stored_bytes_are_not_the_content() -> None:
    spool = SealedSpool(16)
    spool.write(b"Zebedee lives at 1 Sample Street." * 4)
    stored = spool._store
    assert not isinstance(stored, io.BytesIO)
    stored.seek(0)
    assert b"Zebedee" not in stored.read()
    spool.close()
