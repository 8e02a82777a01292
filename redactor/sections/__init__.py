"""Finding the parts of a record that not everybody was in the room for."""

from __future__ import annotations

from redactor.sections.finder import find

__all__ = ["find"]
