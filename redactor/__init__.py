"""Redactor: find, decide, remove, prove. Document redaction for UK children's safeguarding partnerships.

The library in three lines::

    import redactor
    copy = redactor.redact("minutes.docx", profile="family_copy", case="case.yaml", recipient="p4")
    copy.save("minutes.for-the-mother.pdf")

``redactor.detect(path)`` and ``redactor.verify(path)`` work the same way; see ``redactor.library``.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_ROOMS_WITH_A_FACE = ("detect", "redact", "verify")


def __getattr__(name: str) -> Any:
    """Load the library's face when it is first used, so that importing the package stays quick."""
    if name in _ROOMS_WITH_A_FACE:
        from redactor import face

        return face.callable_room(importlib.import_module(f"redactor.{name}"))
    raise AttributeError(f"module 'redactor' has no attribute {name!r}")
