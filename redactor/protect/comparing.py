"""Compares PDFs object by object, whatever their numbers, encryption or compression of the cross-reference."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pikepdf

_SIGNATURE_TYPES = frozenset({"/Sig", "/Annot", "/SigRef", "/TransformParams"})
_NEW_IN_CATALOGUE = frozenset({"/AcroForm", "/Perms", "/Extensions", "/Version"})
_VERSION_NOTES = ("/Extensions", "/Version")  # encryption has to announce itself here
_NEW_IN_PAGE = frozenset({"/Annots"})
_MOST_NEW_OBJECTS = 8


def fingerprint(pdf: pikepdf.Pdf) -> str:
    """Return a digest of all that can be reached from the catalogue and the information dictionary."""
    digest = hashlib.sha256()
    numbers: dict[tuple[int, int], int] = {}
    waiting = [pdf.Root] + ([pdf.trailer.Info] if "/Info" in pdf.trailer else [])
    for item in waiting:
        numbers.setdefault(item.objgen, len(numbers))
    while waiting:
        for part in _written(waiting.pop(0), numbers, waiting, top=True):
            digest.update(part)
        digest.update(b"\n")
    return digest.hexdigest()


def _written(
    item: object, numbers: dict[tuple[int, int], int], waiting: list[pikepdf.Object], *, top: bool = False
) -> Iterator[bytes]:
    """Yield a canonical form in which references are numbered in the order of their first appearance."""
    if isinstance(item, pikepdf.Object) and item.is_indirect and not top:
        if item.objgen not in numbers:
            numbers[item.objgen] = len(numbers)
            waiting.append(item)
        yield b"R%d " % numbers[item.objgen]
    elif isinstance(item, pikepdf.Stream) and item.get("/Type") == pikepdf.Name.Metadata:
        # Metadata stays legible in a plain file and is compressed in an encrypted one: only its text counts.
        yield from _entries(item, numbers, waiting, without=("/Length", "/Filter", "/DecodeParms"))
        yield hashlib.sha256(item.read_bytes()).digest()
    elif isinstance(item, pikepdf.Stream):
        yield from _entries(item, numbers, waiting, without=("/Length",))
        yield hashlib.sha256(item.read_raw_bytes()).digest()
    elif isinstance(item, pikepdf.Dictionary):
        catalogue = item.get("/Type") == pikepdf.Name.Catalog
        yield from _entries(item, numbers, waiting, without=_VERSION_NOTES if catalogue else ())
    elif isinstance(item, pikepdf.Array):
        yield b"["
        for inner in item:
            yield from _written(inner, numbers, waiting)
        yield b"]"
    elif isinstance(item, pikepdf.String):
        yield b"(" + hashlib.sha256(bytes(item)).digest() + b")"
    else:
        yield repr(item).encode() + b" "


def _entries(
    item: pikepdf.Object,
    numbers: dict[tuple[int, int], int],
    waiting: list[pikepdf.Object],
    without: tuple[str, ...] = (),
) -> Iterator[bytes]:
    yield b"<<"
    for key in sorted(str(key) for key in item.keys()):  # noqa: SIM118
        if key not in without:
            yield key.encode() + b" "
            yield from _written(item.get(key), numbers, waiting)
    yield b">>"


def added_by_signature(before: pikepdf.Pdf, after: pikepdf.Pdf) -> bool:
    """Say whether a later revision adds a signature field to the first page, its signature, and nothing else."""
    changeable = {before.Root.objgen, before.pages[0].obj.objgen}
    old = {item.objgen: item for item in before.objects}
    new = [item for item in after.objects if item.objgen not in old]
    for number, item in old.items():
        if number not in changeable and _plain(item) != _plain(after.get_object(number)):
            return False
    return (
        len(new) <= _MOST_NEW_OBJECTS
        and all(_belongs_to_signature(item) for item in new)
        and _only_new(before.Root, after.Root, _NEW_IN_CATALOGUE)
        and _only_new(before.pages[0].obj, after.pages[0].obj, _NEW_IN_PAGE)
    )


def _plain(item: pikepdf.Object) -> bytes:
    numbers: dict[tuple[int, int], int] = {}
    return b"".join(_written(item, numbers, [], top=True)) + repr(list(numbers)).encode()


def _belongs_to_signature(item: pikepdf.Object) -> bool:
    """Allow the signature, its field, the form that lists it, and the tables of the revision itself."""
    if isinstance(item, pikepdf.Array):
        return all(not isinstance(inner, pikepdf.Object) or isinstance(inner, pikepdf.Dictionary) for inner in item)
    if isinstance(item, pikepdf.Stream):
        kind = str(item.get("/Type", ""))
        empty_appearance = item.get("/Subtype") == pikepdf.Name.Form and not item.read_bytes().strip()
        return kind in ("/XRef", "/ObjStm") or empty_appearance
    if not isinstance(item, pikepdf.Dictionary):
        return False
    is_field = item.get("/FT") == pikepdf.Name.Sig
    is_form = set(item.keys()) <= {"/Fields", "/SigFlags", "/DA", "/DR"}
    return is_field or is_form or str(item.get("/Type", "")) in _SIGNATURE_TYPES


def _only_new(before: pikepdf.Object, after: pikepdf.Object, allowed: frozenset[str]) -> bool:
    """Say whether a dictionary kept every old entry and gained only allowed ones."""
    for key in before.keys():  # noqa: SIM118
        if key not in allowed and (key not in after or _bare(before[key]) != _bare(after[key])):
            return False
    return {str(key) for key in after.keys()} - {str(key) for key in before.keys()} <= allowed  # noqa: SIM118


def _bare(item: object) -> bytes:
    numbers: dict[tuple[int, int], int] = {}
    return b"".join(_written(item, numbers, [])) + repr(list(numbers)).encode()
