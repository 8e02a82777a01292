"""The frame of a rule: some written forms of one kind of detail, what raises and what lowers their certainty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from redactor.model import Label

BEFORE = 48  # characters before a find in which a context word counts
AFTER = 24  # characters after it
RAISED = 0.35  # what a context word adds
FAILED_CHECK = 0.25  # what a failed check digit takes away
PASSED_CHECK = 0.98  # the score of a find whose check digit holds
DETAIL = "why"  # key of the plain sentence in a result's metadata


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a detail.

    Args:
        pattern: its group ``v`` is the detail, or the whole match where there is none.
        score: 0 to 1, before context and check.
        needs_context: find it only where a context word stands near.
        label: where this form stands for another kind than the recogniser's own.
    """

    pattern: re.Pattern[str]
    score: float
    needs_context: bool = False
    label: Label | None = None


def form(
    pattern: str, score: float, *, needs_context: bool = False, flags: int = 0, label: Label | None = None
) -> Form:
    """Compile one written form."""
    return Form(re.compile(pattern, flags), score, needs_context, label)


class Identifier(EntityRecognizer):
    """Finds one kind of detail by its written forms. A failed check digit lowers the score and keeps the finding."""

    label: ClassVar[Label]
    forms: ClassVar[tuple[Form, ...]]
    context_words: ClassVar[str] = ""
    why: ClassVar[str] = ""

    def __init__(self) -> None:
        labels = {self.label, *(each.label for each in self.forms if each.label)}
        self._context = re.compile(self.context_words, re.IGNORECASE) if self.context_words else None
        super().__init__(supported_entities=sorted(label.value for label in labels), name=type(self).__name__)

    def load(self) -> None:
        """Nothing to load: the forms are compiled with the class."""

    def check(self, found: str) -> bool | None:
        """Say whether the detail's own check digit holds; None where it has none."""
        return None

    def accept(self, text: str, start: int, end: int) -> bool:
        """Say whether this find can stand where it stands."""
        return True

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """Return every find in the text, as Presidio asks for them."""
        return list(self._finds(text))

    def _finds(self, text: str) -> Iterator[RecognizerResult]:
        for each in self.forms:
            group: int | str = "v" if "v" in each.pattern.groupindex else 0
            for match in each.pattern.finditer(text):
                start, end = match.span(group)
                if start >= end or "\n" in text[start:end] or not self.accept(text, start, end):
                    continue
                score = self._score(each, text, start, end)
                if score > 0:
                    yield RecognizerResult(
                        entity_type=(each.label or self.label).value,
                        start=start,
                        end=end,
                        score=score,
                        recognition_metadata={
                            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                            RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                            DETAIL: self.why,
                        },
                    )

    def _score(self, each: Form, text: str, start: int, end: int) -> float:
        near = self._context is not None and (
            self._context.search(text, max(0, start - BEFORE), start) is not None
            or self._context.search(text, end, min(len(text), end + AFTER)) is not None
        )
        if each.needs_context and not near:
            return 0.0
        score = min(1.0, each.score + RAISED) if near else each.score
        verdict = self.check(text[start:end])
        if verdict is None:
            return score
        return max(score, PASSED_CHECK) if verdict else max(0.1, score - FAILED_CHECK)
