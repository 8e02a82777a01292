"""Makes a room callable: ``redactor.redact`` is both the room with the redactors and the library's function.

Python binds a package's attribute to the sub-package of that name as soon as it is imported, so the two cannot be kept
apart by name; giving the module a class with ``__call__`` is the documented way (reference manual, 3.3.2.2).
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """A module that can be called; the work is in ``redactor.library``."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function of the same name in ``redactor.library``."""
        verb = self.__name__.rpartition(".")[2]
        return getattr(importlib.import_module("redactor.library"), verb)(*arguments, **named)


def callable_room(room: ModuleType) -> ModuleType:
    """Return the room itself, now callable."""
    room.__class__ = _Room
    return room
