"""The name model's part: its spans as candidates, and its opinion of what the weaker rules found."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from redactor.detect.candidate import Candidate
from redactor.model import Label


@dataclass(frozen=True, slots=True)
class Opinion:
    """How much each word of a text looks like part of a detail.

    Args:
        starts: offset of each word.
        ends: end of each word.
        something: for each word, the probability that it is part of any detail.
    """

    starts: array[int]
    ends: array[int]
    something: array[float]

    def of(self, start: int, end: int) -> float:
        """Return the highest probability among the words of a stretch; 1 where the model read nothing."""
        low, high = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return max(self.something[low:high], default=1.0)


LABELS = {
    "PERSON": Label.PERSON,
    "DOB": Label.DOB,
    "AGE": Label.AGE,
    "DATE": Label.DATE,
    "ADDRESS": Label.ADDRESS,
    "LOCATION": Label.LOCATION,
    "SCHOOL": Label.SCHOOL,
    "ORG": Label.ORG,
    "SPECIAL": Label.SPECIAL,
    "USERNAME": Label.USERNAME,
    "ID": Label.CASE_REF,
}
WHY = "the name model reads it so"


def candidate(start: int, end: int, label: str, score: float) -> Candidate:
    """Turn one span of the model into a candidate."""
    return Candidate(start, end, LABELS[label], score, "model", WHY)
