"""Turns the frozen nouns into JSON and back, checking every field on the way in.

Used wherever a noun crosses a boundary that is not trusted: the sandbox, the store, a reviewed plan from a file.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from redactor.errors import IntegrityFailure

Noun = TypeVar("Noun")


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Build each type's checker once; building is slow, checking is fast."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(noun: object) -> bytes:
    """Return the noun as JSON bytes."""
    return _adapter(type(noun)).dump_json(noun)


def load(kind: type[Noun], untrusted: bytes | str) -> Noun:
    """Read a noun back from JSON, checking types and invariants.

    Raises:
        IntegrityFailure: if the JSON does not describe such a noun.
    """
    try:
        value: Noun = _adapter(kind).validate_json(untrusted)
    except ValidationError as problem:
        places = ", ".join(sorted({".".join(str(part) for part in e["loc"]) for e in problem.errors()})[:3])
        raise IntegrityFailure(
            f"A stored or returned {kind.__name__} is not valid (at {places or 'its top'})."
        ) from None
    return value
