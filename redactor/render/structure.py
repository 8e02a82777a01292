"""Joins the tag trees of several PDFs into one, and keeps of each tag only what a screen reader needs."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name

_ELEMENT_KEYS = frozenset({"/Type", "/S", "/P", "/K", "/Pg", "/Lang", "/Alt", "/ActualText", "/E", "/A"})
_OPENS, _PATHS = ("BDC", "BMC"), ("m", "re")  # what opens a marked stretch; what begins a path (ISO 32000-2, 8.5.2)
_PAINTS = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"})
_ROOT_KEYS = frozenset({"/Type", "/K", "/ParentTree", "/ParentTreeNextKey"})
_STANDARD_LIST = """
Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody
Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure
Formula Form
"""
_STANDARD = frozenset(_STANDARD_LIST.split())  # ISO 32000-1, 14.8.4: what ISO 14289-1 knows
_ATTRIBUTE_KEYS = frozenset(
    {"/O", "/Scope", "/ColSpan", "/RowSpan", "/ListNumbering", "/BBox", "/Placement", "/WritingMode", "/TextAlign"}
)


def is_tagged(pdf: pikepdf.Pdf) -> bool:
    """Say whether the PDF has a tag tree."""
    return "/StructTreeRoot" in pdf.Root


def join(pdf: pikepdf.Pdf, other: pikepdf.Pdf, offset: int) -> dict[int, pikepdf.Object]:
    """Hang another PDF's tag tree into a PDF to which the other's pages were already added.

    Args:
        pdf: the tagged target.
        other: the tagged source.
        offset: what was added to the /StructParents of the source's pages.

    Returns:
        The source's parent-tree entries under their new keys.
    """
    root = pdf.Root.StructTreeRoot
    tree = pdf.copy_foreign(other.Root.StructTreeRoot)
    for child in _kids(tree):
        child.P = root
        root.K = Array([*_kids(root), child])
    roles, known = tree.get("/RoleMap"), root.get("/RoleMap", Dictionary())
    if isinstance(roles, Dictionary):
        for key in roles.keys():  # noqa: SIM118
            known[key] = known.get(key, roles[key])
        root.RoleMap = known
    return {key + offset: value for key, value in parents(tree).items()}


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]


def parents(root: pikepdf.Object) -> dict[int, pikepdf.Object]:
    """Return, flat, the tree that leads from marked content back to tags."""
    found: dict[int, pikepdf.Object] = {}
    tree = root.get("/ParentTree")
    waiting = [tree] if isinstance(tree, Dictionary) else []
    while waiting:
        node = waiting.pop()
        numbers = list(node.get("/Nums", []))
        for key, value in zip(numbers[::2], numbers[1::2], strict=False):
            found[int(key)] = value
        waiting.extend(kid for kid in node.get("/Kids", []) if isinstance(kid, Dictionary))
    return found


def set_parents(pdf: pikepdf.Pdf, entries: dict[int, pikepdf.Object]) -> None:
    """Write the parent tree flat, sorted by key."""
    numbers = Array()
    for key in sorted(entries):
        numbers.append(key)
        numbers.append(entries[key])
    root = pdf.Root.StructTreeRoot
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = max(entries, default=-1) + 1


def tidy(pdf: pikepdf.Pdf) -> None:
    """Strip every tag of what is no description: identifiers, classes, histories, references to annotations.

    A tag says what it is in the standard's own words: its author's names of styles go.
    """
    root = pdf.Root.StructTreeRoot
    roles = root.get("/RoleMap", Dictionary())
    _keep_only(root, _ROOT_KEYS)
    for element in _elements(root):
        _keep_only(element, _ELEMENT_KEYS)
        element.S = _standard(element.S, roles)
        if "/A" in element:
            _tidy_attributes(element)
        kept = [kid for kid in _kids(element) if not _refers_to_object(kid)]
        if kept:
            element.K = Array(kept)
        elif "/K" in element:
            del element["/K"]


def _standard(name: pikepdf.Object, roles: pikepdf.Object) -> pikepdf.Object:
    """Return the standard structure type that a tag's name stands for (ISO 32000-2, 14.8.6.2)."""
    for _ in range(len(roles.keys()) + 1):
        if str(name)[1:] in _STANDARD:
            return name
        name = roles.get(str(name), Name.NonStruct)
    return Name.NonStruct


def mark_content(pdf: pikepdf.Pdf) -> None:
    """Name marked content in the standard's own words, and say of each line or area that is drawn outside every tag
    that it only decorates (ISO 14289-1, 7.1): LibreOffice leaves the borders of paragraphs so.
    """
    for page in pdf.pages:
        marked: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
        depth, started = 0, None
        for operation in pikepdf.parse_content_stream(page):
            operator = str(operation.operator)
            if operator in _OPENS and isinstance(operation, pikepdf.ContentStreamInstruction):
                operation = _named(operation)
            depth += (operator in _OPENS) - (operator == "EMC")
            if depth == 0 and operator in _PATHS and started is None:
                started = len(marked)
            marked.append(operation)
            if started is not None and operator in _PAINTS:
                marked.insert(started, pikepdf.ContentStreamInstruction([Name.Artifact], pikepdf.Operator("BMC")))
                marked.append(pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC")))
                started = None
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(marked))


def _named(opening: pikepdf.ContentStreamInstruction) -> pikepdf.ContentStreamInstruction:
    """Return what opens marked content under a standard name; which tag it belongs to, its number says."""
    tag, *properties = opening.operands
    known = tag if str(tag)[1:] in _STANDARD or tag == Name.Artifact else Name.Span
    return pikepdf.ContentStreamInstruction([known, *properties], opening.operator)


def _keep_only(dictionary: pikepdf.Object, keys: frozenset[str]) -> None:
    for key in [key for key in dictionary.keys() if key not in keys]:  # noqa: SIM118
        del dictionary[key]


def _refers_to_object(kid: pikepdf.Object) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR


def _tidy_attributes(element: pikepdf.Object) -> None:
    listed = element.A
    for attributes in listed if isinstance(listed, Array) else [listed]:
        if isinstance(attributes, Dictionary):
            _keep_only(attributes, _ATTRIBUTE_KEYS)


def _elements(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield every tag below the root once."""
    seen: set[tuple[int, int]] = set()
    waiting = _kids(root)
    while waiting:
        element = waiting.pop()
        if not isinstance(element, Dictionary) or "/S" not in element or element.objgen in seen:
            continue
        if element.is_indirect:
            seen.add(element.objgen)
        yield element
        waiting.extend(kid for kid in _kids(element) if isinstance(kid, Dictionary))
