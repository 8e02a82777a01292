"""Follows Word's complex fields: instructions, then a result, nested to any depth, across paragraphs."""

from __future__ import annotations

from lxml import etree

from redactor.formats.names import attribute, name


class Fields:
    """The stack of open fields of one part.

    A field that is never closed would make the rest of the part look like an instruction, so such ones are ignored.
    """

    def __init__(self, root: etree._Element) -> None:
        self._broken = _unclosed(root)
        self._open: list[list[str]] = []  # each: stage, then its instruction's words

    def in_instruction(self) -> bool:
        """Say whether text here is part of an instruction, or the cached number of a live page field."""
        return any(
            stage == "instruction" or (stage == "result" and _word(words) in _LIVE) for stage, words in self._open
        )

    def instruction(self, text: str) -> None:
        """Note instruction text of the innermost open field."""
        if self._open and self._open[-1][0] == "instruction":
            self._open[-1][1] += text

    def mark(self, mark: etree._Element) -> str:
        """Follow a ``w:fldChar``; return the word of the field that ends here, if one does."""
        kind = attribute(mark, "fldCharType")
        if kind == "begin" and mark not in self._broken:
            self._open.append(["instruction", ""])
        elif kind == "separate" and self._open:
            self._open[-1][0] = "result"
        elif kind == "end" and self._open:
            return _word(self._open.pop()[1])
        return ""

    def pause(self) -> list[list[str]]:
        """Set the open fields aside while a text box or note is read, and return them for ``resume``."""
        paused, self._open = self._open, []
        return paused

    def resume(self, paused: list[list[str]]) -> None:
        """Take up the fields that ``pause`` set aside."""
        self._open = paused


_LIVE = ("PAGE", "NUMPAGES", "SECTIONPAGES")


def _word(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _unclosed(root: etree._Element) -> set[etree._Element]:
    waiting: list[etree._Element] = []
    for element in root.iter("{*}fldChar"):
        if name(element) != "w:fldChar":
            continue
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            waiting.append(element)
        elif kind == "end" and waiting:
            waiting.pop()
    return set(waiting)
