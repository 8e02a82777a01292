"""Finding what a document says about people: identifiers, names, structure, the register, and what tells more than a name."""

from __future__ import annotations

from redactor.detect.detector import Detector, find, load

__all__ = ["Detector", "find", "load"]
