"""Tells which optional content (layers) a reader would not see."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf

from redactor.redact.surgery.unsupported import Unsupported

Key = tuple[int, int]


class Layers:
    """The layers of one file in their default state."""

    def __init__(self, pdf: Pdf) -> None:
        self._off: set[Key] = set()
        properties = pdf.Root.get("/OCProperties")
        if not isinstance(properties, Dictionary):
            return
        groups = [group for group in _items(properties.get("/OCGs")) if isinstance(group, Dictionary)]
        default = properties.get("/D")
        if not isinstance(default, Dictionary):
            return
        if default.get("/BaseState") == Name.OFF:
            shown = {group.objgen for group in _items(default.get("/ON")) if isinstance(group, Dictionary)}
            self._off = {group.objgen for group in groups} - shown
        self._off |= {group.objgen for group in _items(default.get("/OFF")) if isinstance(group, Dictionary)}
        for group in groups:
            usage = group.get("/Usage")
            if isinstance(usage, Dictionary) and _switched_off(usage):
                self._off.add(group.objgen)

    def hides_named(self, resources: Object, name: str) -> bool:
        """Say whether marked content with this property name is hidden."""
        properties = resources.get("/Properties")
        return self.hides(properties.get(name)) if isinstance(properties, Dictionary) else False

    def hides(self, group: Object | None) -> bool:
        """Say whether a group, or a membership of groups, is hidden.

        Raises:
            Unsupported: if that depends on an expression.
        """
        if not isinstance(group, Dictionary):
            return False
        if group.get("/Type") != Name.OCMD:
            return group.objgen in self._off
        if "/VE" in group:
            raise Unsupported("layer expression")
        listed = group.get("/OCGs")
        members = [listed] if isinstance(listed, Dictionary) else _items(listed)
        off = [member.objgen in self._off for member in members if isinstance(member, Dictionary)]
        if not off:
            return False
        policy = str(group.get("/P", "/AnyOn"))
        shown = {
            "/AnyOn": not all(off),
            "/AllOn": not any(off),
            "/AnyOff": any(off),
            "/AllOff": all(off),
        }
        return not shown.get(policy, False)


def _items(array: object) -> list[Object]:
    return list(array) if isinstance(array, Array) else []


def _switched_off(usage: Object) -> bool:
    """Say whether a layer is meant not to be seen or not to be printed."""
    states = [("/View", "/ViewState"), ("/Print", "/PrintState")]
    for kind, state in states:
        entry = usage.get(kind)
        if isinstance(entry, Dictionary) and entry.get(state) == Name.OFF:
            return True
    return False
