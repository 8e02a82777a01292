"""An Office Open XML package: parts by name, their types and their relationships, strict and transitional alike."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from redactor.errors import Damaged, Hostile, UnsupportedType
from redactor.formats import archive
from redactor.formats.xml import local, parse

CONTENT_TYPES = "[Content_Types].xml"
_UNPACK = "Unpack it and upload the documents one by one."
_MAIN_TYPE_ENDINGS = (  # transitional, macro-enabled and template forms (ECMA-376 part 1, 11.3.10)
    "wordprocessingml.document.main+xml",
    "wordprocessingml.template.main+xml",
    "ms-word.document.macroenabled.main+xml",
    "ms-word.template.macroenabledtemplate.main+xml",
    "ms-word.template.macroenabled.main+xml",
)
_OTHER_MAIN = (
    ("spreadsheetml", "This is a spreadsheet. Copy what is needed into a Word document, or print it to PDF."),
    ("ms-excel", "This is a spreadsheet. Copy what is needed into a Word document, or print it to PDF."),
    ("presentationml", "This is a slide show. Print it to PDF and upload that."),
    ("ms-powerpoint", "This is a slide show. Print it to PDF and upload that."),
    ("visio", "This is a drawing. Print it to PDF and upload that."),
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part: ``kind`` is the last step of its type, the same in strict and transitional files."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass
class Package:
    """A package whose zip rules hold.

    Args:
        parts: content by part name, without the leading slash, in the archive's order.
    """

    parts: dict[str, bytes]
    _names: dict[str, str] = field(init=False)
    _trees: dict[str, etree._Element] = field(init=False, default_factory=dict)
    _arrows: dict[str, tuple[Relationship, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._names = {name.lower(): name for name in self.parts}

    @classmethod
    def open(cls, untrusted: bytes) -> Package:
        """Unpack and check that it is a Word document.

        Raises:
            InputRefused: one of its kinds.
        """
        package = cls(archive.unpack(untrusted))
        package.main  # noqa: B018 - raises where there is no document
        return package

    def find(self, name: str) -> str | None:
        """Return a part's exact name, whatever the case it is asked for in."""
        return self._names.get(name.lower()) or self._names.get(unquote(name).lower())

    def tree(self, name: str) -> etree._Element:
        """Return a part's root element, parsed once."""
        if name not in self._trees:
            self._trees[name] = parse(self.parts[name])
        return self._trees[name]

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """Return the arrows that leave a part; the empty name stands for the package itself."""
        if part not in self._arrows:
            self._arrows[part] = tuple(self._read_relationships(part))
        return self._arrows[part]

    def _read_relationships(self, part: str) -> list[Relationship]:
        folder, base = posixpath.split(part)
        name = self.find(posixpath.join(folder, "_rels", base + ".rels"))
        if name is None:
            return []
        found = []
        for arrow in self.tree(name):
            target, kind = arrow.get("Target", ""), arrow.get("Type", "").rpartition("/")[2]
            external = arrow.get("TargetMode", "").lower() == "external"
            if not external:
                joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                target = self.find(posixpath.normpath(joined.partition("#")[0])) or ""
            found.append(Relationship(arrow.get("Id", ""), kind, target, external))
        return found

    @cached_property
    def types(self) -> dict[str, str]:
        """Content type by part name in lower case, as the package's own list says."""
        listed = self.find(CONTENT_TYPES)
        if listed is None:
            raise UnsupportedType("The file is an archive, not a document.", next_step=_UNPACK)
        defaults, overrides = {}, {}
        for entry in self.tree(listed):
            if local(entry) == "Default":
                defaults[entry.get("Extension", "").lower()] = entry.get("ContentType", "").lower()
            elif local(entry) == "Override":
                overrides[entry.get("PartName", "").lstrip("/").lower()] = entry.get("ContentType", "").lower()
        return {
            name: overrides.get(name) or defaults.get(name.rpartition(".")[2], "") for name in (self._names) if name
        }

    @cached_property
    def main(self) -> str:
        """Name of the main document part.

        Raises:
            Hostile: if there are several, or the package is an OpenDocument file as well.
            UnsupportedType: if it is a spreadsheet, slide show or something else.
        """
        types = self.types
        if self.find("mimetype") is not None and self.find("content.xml") is not None:
            raise Hostile("The file is two types of document at once.")
        targets = {r.target for r in self.relationships("") if r.kind == "officeDocument" and not r.external}
        targets.discard("")
        if len(targets) > 1:
            raise Hostile("The file has more than one main document.")
        if not targets:
            raise Damaged("The file has no main document.")
        main = targets.pop()
        if types[main.lower()].endswith(_MAIN_TYPE_ENDINGS) or local(self.tree(main)) == "document":
            return main
        step = next((step for word, step in _OTHER_MAIN if word in types[main.lower()]), None)
        raise UnsupportedType("The file is not a Word document.", next_step=step)
