"""The one message format that crosses the sandbox's wall: a JSON head and named blobs, never pickle.

Layout: 8 bytes big-endian length of the head, the head, then each blob's bytes in the order that the head lists them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import BinaryIO

from redactor.errors import ConverterFailed, TooLarge

_LENGTH = struct.Struct(">Q")
_HEAD_LIMIT = 1024 * 1024


def write(stream: BinaryIO, head: Mapping[str, object], blobs: Mapping[str, bytes]) -> None:
    """Write one message."""
    listed = {**head, "blobs": [[name, len(content)] for name, content in blobs.items()]}
    encoded = json.dumps(listed).encode()
    stream.write(_LENGTH.pack(len(encoded)))
    stream.write(encoded)
    for content in blobs.values():
        stream.write(content)
    stream.flush()


def read(untrusted: BinaryIO, most_bytes: int) -> tuple[dict[str, object], dict[str, bytes]]:
    """Read one message, refusing any lie about its size.

    Raises:
        ConverterFailed: if the message is cut short or not in the format.
        TooLarge: if the blobs together exceed ``most_bytes``.
    """
    (head_length,) = _LENGTH.unpack(_exactly(untrusted, _LENGTH.size))
    if head_length > _HEAD_LIMIT:
        raise ConverterFailed("The sandboxed step answered in an unknown form.")
    try:
        head = json.loads(_exactly(untrusted, head_length))
        listed = [(str(name), int(length)) for name, length in head.pop("blobs")]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConverterFailed("The sandboxed step answered in an unknown form.") from None
    if any(length < 0 for _, length in listed) or sum(length for _, length in listed) > most_bytes:
        raise TooLarge("The sandboxed step produced more output than is allowed.")
    return head, {name: _exactly(untrusted, length) for name, length in listed}


def _exactly(untrusted: BinaryIO, length: int) -> bytes:
    content = untrusted.read(length)
    if len(content) != length:
        raise ConverterFailed("The sandboxed step ended before its answer was complete.")
    return content
