"""A find on its way to becoming a finding, in the offsets of the reading."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import Label


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something found in the reading.

    Args:
        score: 0 to 1.
        source: which detector found it.
        why: a plain sentence for the reviewer, without document text.
        weak: True where it needs the name model's agreement.
    """

    start: int
    end: int
    label: Label
    score: float
    source: str
    why: str
    weak: bool = False

    def overlaps(self, other: Candidate) -> bool:
        """Say whether the two share at least one character."""
        return self.start < other.end and other.start < self.end
