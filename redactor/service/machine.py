"""What the service needs of the pipeline: a seam, so that web processes never load the detector.

The worker gives the one real implementation (``redactor.worker``); ``Order`` says what a copy is made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from redactor.model import Case, CopyMark, Detected, Document, Gate, Kind, Plan, Protected, Reader, Upload
from redactor.pseudonyms import Series
from redactor.ranges import PageRange


class Stage(Protocol):
    """Hears how far the work is: the stage, and how many of its pages are done where that is known."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take note of it."""
        ...


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What one copy is made of and for."""

    kind: Kind
    content: bytes
    document: Document
    detected: Detected
    plan: Plan
    profile: str
    case: Case
    reader: Reader
    mark: CopyMark
    gate: Gate
    input_password: str | None
    password: str


class Machine(Protocol):
    """Reads, finds, plans and makes copies."""

    def admit(self, content: bytes, name: str, password: str | None, stage: Stage) -> Upload:
        """Let a file in. Raises InputRefused."""
        ...

    def read(self, upload: Upload, wanted: PageRange, stage: Stage) -> Document:
        """Read what the pages wanted of an admitted file say. Raises InputRefused."""
        ...

    def find(self, document: Document, case: Case, stage: Stage) -> Detected:
        """Find the details and say whom they are about."""
        ...

    def plan(
        self, document: Document, detected: Detected, profile: str, case: Case, reader: Reader, series: Series
    ) -> Plan:
        """Return what the profile would do; the series says what the case's people are called."""
        ...

    def release(self, order: CopyOrder, stage: Stage) -> Protected:
        """Make the proven, sealed copy. Raises NotCleared, LeakFound and others; returns nothing on doubt."""
        ...
