"""Presidio as the frame: our own recognisers in its registry, nothing of its own, and nothing that opens a socket."""

from __future__ import annotations

from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

from redactor.detect.candidate import Candidate
from redactor.detect.identifier import DETAIL
from redactor.detect.patterns import ALL
from redactor.model import Label

LANGUAGE = "en"
_STRETCH = 6_000  # characters given to the engine at once: it compares every find with every other


class PlainEngine(SpacyNlpEngine):
    """spaCy without a model: the name model reads the document by itself, once."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])

    def load(self) -> None:
        """Make an empty pipeline; the stock engine would look for a package, and download it."""
        self.nlp: Any = {LANGUAGE: spacy.blank(LANGUAGE)}

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return no tokens: our recognisers read the text itself."""
        return NlpArtifacts(
            entities=[],
            tokens=self.nlp[language].make_doc(""),
            tokens_indices=[],
            lemmas=[],
            nlp_engine=self,
            language=language,
        )


class OwnContext(ContextAwareEnhancer):
    """Leaves scores alone: each recogniser weighs the words around its finds itself, in linear time."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results as they are."""
        return raw_results


def engine() -> AnalyzerEngine:
    """Return an analyzer that knows our recognisers only."""
    registry = RecognizerRegistry(recognizers=[recogniser() for recogniser in ALL], supported_languages=[LANGUAGE])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=PlainEngine(),
        supported_languages=[LANGUAGE],
        context_aware_enhancer=OwnContext(),
    )


def identifiers(analyzer: AnalyzerEngine, text: str) -> list[Candidate]:
    """Return all finds of the UK recognisers, in order."""
    found = []
    for start, end in _stretches(text):
        for result in analyzer.analyze(text[start:end], language=LANGUAGE):
            why = str((result.recognition_metadata or {}).get(DETAIL, ""))
            found.append(
                Candidate(
                    start + result.start,
                    start + result.end,
                    Label(result.entity_type),
                    round(result.score, 4),
                    "rules",
                    why,
                )
            )
    return sorted(found, key=lambda each: (each.start, each.end, each.label.value, -each.score, each.why))


def _stretches(text: str) -> list[tuple[int, int]]:
    """Cut at line ends into stretches that the engine takes at once."""
    cuts, start = [], 0
    while start < len(text):
        end = min(len(text), start + _STRETCH)
        if end < len(text):
            line_end = text.rfind("\n", start + _STRETCH // 2, end)
            space = text.rfind(" ", start + _STRETCH // 2, end)
            end = line_end + 1 if line_end > 0 else space + 1 if space > 0 else end
        cuts.append((start, end))
        start = end
    return cuts
