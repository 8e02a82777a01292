"""Promise 4: sealed bytes open only whole, unaltered, with their own key and in their own case; the format is fixed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.errors import IntegrityFailure
from redactor.store.envelope import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, open_sealed, seal

KEY, KEY_ID, NONCE, BINDING = bytes(range(32)), bytes(range(16)), bytes(range(7)), b"redactor|o|c|upload"
# Published vectors: content length (content is that many bytes of i mod 251) -> SHA-256 of the sealed bytes.
VECTORS = {
    0: "86df599473191f684287c61b0ccf9e22de1490d0db5b86741efd511824d6b3a7",
    1: "a22fb923f80872b58e228936b71bb8466996cd98d20de2271dc8790dbfed0e93",
    CHUNK_BYTES: "03993b0b85c018a58a52163262daebbeeb608b44d24054f8c78c6a306f9d6371",
    CHUNK_BYTES + 1: "ce42a53d2dccca5554ce87ac53b0110611a1544c6be8716c5dcdf23203ab7069",
}


def content(length: int) -> bytes:
    return bytes(index % 251 for index in range(length))


@pytest.mark.parametrize("length", VECTORS)
def test_vectors(length: int) -> None:
    sealed = seal(content(length), KEY, KEY_ID, NONCE, BINDING)
    assert hashlib.sha256(sealed).hexdigest() == VECTORS[length]
    assert open_sealed(sealed, KEY, KEY_ID, BINDING) == content(length)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_changed_bit_is_found(data: st.DataObject) -> None:
    sealed = bytearray(seal(content(200), KEY, KEY_ID, NONCE, BINDING))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(IntegrityFailure):
        open_sealed(bytes(sealed), KEY, KEY_ID, BINDING)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, CHUNK_BYTES * 2 + 300))
def test_any_cut_is_found(length: int) -> None:
    sealed = seal(content(CHUNK_BYTES * 2 + 200), KEY, KEY_ID, NONCE, BINDING)
    if length < len(sealed):
        with pytest.raises(IntegrityFailure):
            open_sealed(sealed[:length], KEY, KEY_ID, BINDING)


def test_swapped_repeated_and_appended_chunks_are_found() -> None:
    sealed = seal(content(CHUNK_BYTES * 3), KEY, KEY_ID, NONCE, BINDING)
    step = CHUNK_BYTES + TAG_BYTES
    header, chunks = sealed[:HEADER_BYTES], [sealed[HEADER_BYTES + i * step :][:step] for i in range(3)]
    for wrong in ([1, 0, 2], [0, 0, 2], [0, 2], [0, 1, 2, 2], [0, 1], [2]):
        with pytest.raises(IntegrityFailure):
            open_sealed(header + b"".join(chunks[index] for index in wrong), KEY, KEY_ID, BINDING)


def test_another_key_id_or_case_does_not_open_it() -> None:
    sealed = seal(b"x", KEY, KEY_ID, NONCE, BINDING)
    for key, key_id, binding in (
        (bytes(32), KEY_ID, BINDING),
        (KEY, bytes(16), BINDING),
        (KEY, KEY_ID, BINDING.replace(b"|c|", b"|d|")),
    ):
        with pytest.raises(IntegrityFailure):
            open_sealed(sealed, key, key_id, binding)
