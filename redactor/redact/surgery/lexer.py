"""Cuts a content stream into instructions without converting anything that nobody asks for.

Most instructions of a page are copied as they stand, so tokens stay slices of the stream's own bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from redactor.redact.surgery.unsupported import Unsupported

_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_DEPTHS = 6  # of brackets inside a string that are not escaped


def _literal() -> bytes:
    inner = rb"[^()\\]++|\\[\s\S]"
    pattern = rb"\((?:" + inner + rb")*+\)"
    for _ in range(_DEPTHS):
        pattern = rb"\((?:" + inner + rb"|" + pattern + rb")*+\)"
    return pattern


_HEXADECIMAL = rb"<[0-9A-Fa-f\s\x00]*+>"
_SHOWN = rb"\[(?:[0-9+.\s\x00-]++|" + _HEXADECIMAL + rb"|" + _literal() + rb")*+\]"  # strings and numbers between them
_TOKEN = re.compile(
    rb"%[^\r\n]*+|"
    + _REGULAR
    + rb"++|/"
    + _REGULAR
    + rb"*+|<<|>>|"
    + _HEXADECIMAL
    + rb"|"
    + _SHOWN
    + rb"|[\[\]]|"
    + _literal()
    + rb"|[^\x00\t\n\x0c\r ]"
)
_NUMBER_STARTS = frozenset(b"0123456789+-.")
_OPERAND_STARTS = frozenset(b"/(<[]>")
_WORD_OPERANDS = frozenset([b"true", b"false", b"null"])
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r\n|\r|\n|[\s\S])")
_LINE_END = re.compile(rb"\r\n?")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")
_STRAY = (b"(", b")", b"{", b"}", b"<", b">")


class Instruction(NamedTuple):
    """An operator, its operands as they stand, and where in the stream it begins and ends.

    An array of strings and numbers is one operand; ``elements`` takes it apart.
    """

    operator: bytes
    operands: list[bytes]
    start: int
    end: int


def instructions(content: bytes) -> list[Instruction]:
    """Return the instructions of a content stream that holds no inline image.

    Raises:
        Unsupported: if something in it is not PDF.
    """
    found: list[Instruction] = []
    operands: list[bytes] = []
    start = -1
    for match in _TOKEN.finditer(content):
        token = match.group()
        first = token[0]
        if first in _NUMBER_STARTS or first in _OPERAND_STARTS or token in _WORD_OPERANDS:
            if token in _STRAY:
                raise Unsupported("broken content stream")
            if start < 0:
                start = match.start()
            operands.append(token)
        elif first == 0x25:
            continue
        elif token in _STRAY:
            raise Unsupported("broken content stream")
        else:
            found.append(Instruction(token, operands, match.start() if start < 0 else start, match.end()))
            operands, start = [], -1
    return found


def elements(operands: Iterable[bytes]) -> list[bytes]:
    """Return the operands of a text-showing instruction with arrays taken apart and without brackets."""
    found: list[bytes] = []
    for token in operands:
        if token[:1] != b"[":
            found.append(token)
        elif len(token) > 1:
            found += _TOKEN.findall(token, 1, len(token) - 1)
    return [token for token in found if token != b"]"]


def number(token: bytes) -> float:
    """Return the value of a number.

    Raises:
        Unsupported: if the token is none.
    """
    try:
        return float(token)
    except ValueError:
        raise Unsupported("broken number") from None


def string(token: bytes) -> bytes:
    """Return the bytes of a literal or hexadecimal string.

    Raises:
        Unsupported: if the token is none.
    """
    if token[:1] == b"(":
        inner = token[1:-1]
        if b"\r" in inner:
            inner = _LINE_END.sub(b"\n", inner)
        return _STRING_ESCAPE.sub(_unescaped, inner) if b"\\" in inner else inner
    if token[:1] == b"<" and token[:2] != b"<<":
        digits = _NOT_HEX.sub(b"", token)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    raise Unsupported("text operand is no string")


def _unescaped(match: re.Match[bytes]) -> bytes:
    escape = match.group(1)
    if escape[0] in b"01234567":
        return bytes([int(escape, 8) & 0xFF])
    return _ESCAPES.get(escape, escape)


def name(token: bytes) -> str:
    """Return a name with its slash, escapes resolved."""
    if b"#" in token:
        token = _NAME_ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), token)
    return token.decode("utf-8", "surrogateescape")
