"""The whole detector: loaded once, then asked about one document after another."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from presidio_analyzer import AnalyzerEngine

from redactor import resources
from redactor.detect import frame, model_spans, second_pass
from redactor.detect.candidate import Candidate
from redactor.detect.known_names import names_of
from redactor.detect.marked import marked
from redactor.detect.names import NameModel
from redactor.detect.nicknames import nicknames
from redactor.detect.organisations import organisations
from redactor.detect.people import people
from redactor.detect.refine import refine
from redactor.detect.resolve import resolve
from redactor.detect.speakers import speakers
from redactor.detect.special import circumstances, special
from redactor.detect.structure import structure
from redactor.detect.tidy import tidied
from redactor.language.lexicon import lexicon
from redactor.language.reading import Reading, read
from redactor.language.tokens import Token, tokenise
from redactor.model import Case, Document, Finding, Label

MODEL_FOLDER = ("models", "en_safeguarding")
_WEAK_NEEDS = 0.12  # the model's opinion from which a weak candidate of the rules stands
_FAINT = 0.3  # candidates under this score are noise
_TRUSTED = 0.5  # score from which a found name is looked for elsewhere


@dataclass(frozen=True, slots=True)
class Detector:
    """What is loaded once.

    Args:
        analyzer: Presidio's engine with our recognisers.
        names: the name model.
    """

    analyzer: AnalyzerEngine
    names: NameModel


def load() -> Detector:
    """Load lists, recognisers and the name model: some seconds, once in a process.

    Raises:
        MissingDependency: if the name model is not installed.
        IntegrityFailure: if its files were altered.
    """
    lexicon()
    return Detector(frame.engine(), NameModel.load(resources.path(*MODEL_FOLDER)))


def find(document: Document, case: Case, detector: Detector) -> tuple[Finding, ...]:
    """Return everything that a document says about people: sorted, not overlapping, not yet linked.

    Args:
        case: what is known beforehand; its people are looked for in every part and form of their names.
    """
    reading = read(document)
    text = reading.text
    if not text.strip():
        return ()
    tokens = tokenise(text)
    opinion, spans = _ask_model(detector.names, text)
    candidates = [
        *tidied(text, [*spans, *people(tokens)], case),
        *nicknames(text),
        *frame.identifiers(detector.analyzer, text),
        *organisations(text),
        *structure(reading),
        *speakers(text),
        *marked(reading),
        *special(text),
    ]
    first = resolve(text, refine(text, (each for each in candidates if _stands(each, opinion))))
    more = refine(text, _look_again(text, tokens, first, case, opinion))
    last = resolve(text, [*first, *more, *circumstances(text)])
    return tuple(_finding(reading, each) for each in last)


def _ask_model(names: NameModel, text: str) -> tuple[model_spans.Opinion, list[Candidate]]:
    words = names.words(text)
    opinion = model_spans.Opinion(
        array("L", words.bounds[:, 0].tolist()),
        array("L", words.bounds[:, 1].tolist()),
        array("d", (round(1.0 - nothing, 4) for nothing in words.probabilities[:, 0].tolist())),
    )
    spans = [model_spans.candidate(span.start, span.end, span.label, span.score) for span in names.decode(text, words)]
    return opinion, spans


def _stands(each: Candidate, opinion: model_spans.Opinion) -> bool:
    return each.score >= _FAINT and (not each.weak or opinion.of(each.start, each.end) >= _WEAK_NEEDS)


def _look_again(
    text: str, tokens: Sequence[Token], found: Sequence[Candidate], case: Case, opinion: model_spans.Opinion
) -> list[Candidate]:
    """Look for every part of every known or found name in what is not found yet."""
    spelt = [text[each.start : each.end] for each in found if each.label is Label.PERSON and each.score >= _TRUSTED]
    names = names_of(case, spelt)
    starts = [each.start for each in found]

    def taken(start: int, end: int) -> bool:
        place = bisect_right(starts, start) - 1
        return place >= 0 and found[place].end > start

    return list(second_pass.second_pass(tokens, names, opinion.of, taken))


def _finding(reading: Reading, each: Candidate) -> Finding:
    return Finding(
        span=reading.back(each.start, each.end),
        label=each.label,
        score=round(each.score, 4),
        source=each.source,
        why=each.why,
        certain=each.score >= _TRUSTED,
    )
