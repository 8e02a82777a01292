"""Our own name model at run time: text in, labelled spans out.

The network reads word pieces in windows of one document, with a mark at every line end and the way each word is written
(capitals, digits) beside it. Every word is decided once, from the window in which it stands farthest from the edge.
Nothing here opens a socket, and the same text gives the same spans.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from redactor.errors import IntegrityFailure, MissingDependency

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

COMPONENT: Final = "safeguarding_names"
MANIFEST: Final = "MANIFEST"
INPUTS: Final = ("input_ids", "token_type_ids")  # word pieces, and how the word of each is written
NORMAL_RECALL: Final = 0.5
_CLS: Final = 101
_SEP: Final = 102
_GAIN: Final = 6.0  # logits by which the whole range of `recall` moves every label
_LONGEST: Final = 60_000  # characters read at once
_LINE_ENDS: Final = "\n\r\f\v\u2028\u2029"


@dataclass(frozen=True, slots=True, order=True)
class NameSpan:
    """A stretch of text that the model takes for a detail about somebody.

    Args:
        label: PERSON DOB AGE DATE ADDRESS LOCATION SCHOOL ORG SPECIAL USERNAME, or ID for any other identifier
            (telephone, e-mail, reference and registration numbers), which the patterns name more finely.
        score: 0 to 1, how sure the model is of the label.
    """

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text with the probability of each label; column 0 is 'none of them'.

    Args:
        bounds: start and end of each word, one row a word.
        probabilities: one row a word, one column a label.
        starts: probability that the word begins a new detail rather than goes on with one.
    """

    bounds: Ints
    labels: tuple[str, ...]
    probabilities: Floats
    starts: Floats


@dataclass(frozen=True, slots=True)
class _Settings:
    """What was chosen at training time."""

    tags: tuple[str, ...]
    bias: dict[str, float]
    core: int
    margin: int


class NameModel:
    """The network, its word pieces and its thresholds."""

    def __init__(self, network: bytes, pieces: bytes, settings: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_buffer(pieces)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        raw = json.loads(settings)
        self._settings = _Settings(tuple(raw["tags"]), dict(raw["bias"]), int(raw["core"]), int(raw["margin"]))
        self.labels = ("", *dict.fromkeys(tag[2:] for tag in self._settings.tags if tag != "O"))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a model folder after checking the digest of every file in it.

        Raises:
            MissingDependency: if the folder or its manifest is not there.
            IntegrityFailure: if a file differs from the manifest, or is not in it.
        """
        check_manifest(folder)
        part = folder / COMPONENT
        return cls(
            (part / "model.onnx").read_bytes(),
            (part / "tokenizer.json").read_bytes(),
            (part / "settings.json").read_bytes(),
        )

    def spans(self, text: str, recall: float = NORMAL_RECALL) -> tuple[NameSpan, ...]:
        """Return the details found, sorted and not overlapping, each of whole words.

        Args:
            recall: 0 to 1; more finds more and errs more. Half is the tuned balance.
        """
        return self.decode(text, self.words(text), recall)

    def words(self, text: str) -> Words:
        """Return every word of the text with its label probabilities, for callers with thresholds of their own."""
        read = [(start, self._words(text[start:end])) for start, end in _stretches(text)]
        return Words(
            np.concatenate([each.bounds + start for start, each in read]),
            self.labels,
            np.concatenate([each.probabilities for _, each in read]),
            np.concatenate([each.starts for _, each in read]),
        )

    def _words(self, text: str) -> Words:
        flat = text.translate(_FLAT)
        encoding = self._tokenizer.encode(flat, add_special_tokens=False)
        count = len(encoding.ids)
        if not count:
            return Words(
                np.zeros((0, 2), np.int64),
                self.labels,
                np.zeros((0, len(self.labels)), np.float32),
                np.zeros(0, np.float32),
            )
        offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        word_of = np.array([-1 if w is None else w for w in encoding.word_ids], np.int64)
        first = np.flatnonzero(np.r_[True, word_of[1:] != word_of[:-1]])
        last = np.r_[first[1:], count] - 1
        bounds = np.stack([offsets[first, 0], offsets[last, 1]], axis=1)
        shapes = np.array([shape(flat[a:b]) for a, b in bounds.tolist()], np.int64)
        sizes = np.diff(np.r_[first, count])
        scores = self._run(np.array(encoding.ids, np.int64), np.repeat(shapes, sizes), _line_breaks(text, offsets))
        return self._by_word(scores, first, sizes, bounds)

    def decode(self, text: str, words: Words, recall: float = NORMAL_RECALL) -> tuple[NameSpan, ...]:
        """Turn word probabilities into spans at the wanted balance of finding and erring."""
        shift = _GAIN * (recall - NORMAL_RECALL)
        bias = np.array([0.0, *(self._settings.bias.get(x, 0.0) + shift for x in self.labels[1:])], np.float32)
        best = (np.log(words.probabilities + 1e-9) + bias).argmax(axis=1)
        found: list[NameSpan] = []
        i, count = 0, len(best)
        while i < count:
            if not best[i]:
                i += 1
                continue
            j = i + 1
            while j < count and best[j] == best[i] and not self._breaks(text, words, j):
                j += 1
            score = float(words.probabilities[i:j, best[i]].mean())
            start, end = _tidy(text, int(words.bounds[i, 0]), int(words.bounds[j - 1, 1]), self.labels[best[i]])
            if end > start:
                found.append(NameSpan(start, end, self.labels[best[i]], round(score, 4)))
            i = j
        return _disjoint(_rejoined(text, found))

    def _breaks(self, text: str, words: Words, j: int) -> bool:
        """Whether a word of the same label as the one before it begins another detail."""
        between = text[int(words.bounds[j - 1, 1]) : int(words.bounds[j, 0])]
        if any(c in _LINE_ENDS or c == "\t" for c in between):
            return True
        return bool(words.starts[j] > 0.5) and between != ""

    def _run(self, ids: Ints, shapes: Ints, breaks: Ints) -> Floats:
        """Tag scores of every piece, window by window; every window is full, so the network needs no mask."""
        marked = np.insert(ids, breaks, _SEP)
        drawn = np.insert(shapes, breaks, 0)
        core, margin = self._settings.core, self._settings.margin
        out = np.empty((len(marked), len(self._settings.tags)), np.float32)
        for start in range(0, len(marked), core):
            low, high = max(0, start - margin), min(len(marked), start + core + margin)
            window = np.empty((2, 1, high - low + 2), np.int64)
            window[0, 0, 0], window[0, 0, 1:-1], window[0, 0, -1] = _CLS, marked[low:high], _SEP
            window[1, 0, 0], window[1, 0, 1:-1], window[1, 0, -1] = 0, drawn[low:high], 0
            scores = self._session.run(None, dict(zip(INPUTS, window, strict=True)))[0][0]
            stop = min(len(marked), start + core)
            out[start:stop] = scores[1 + start - low : 1 + stop - low]
        return np.delete(out, breaks + np.arange(len(breaks)), axis=0)

    def _by_word(self, scores: Floats, first: Ints, sizes: Ints, bounds: Ints) -> Words:
        """Average the pieces of each word and add up the beginning and inner tags of each label."""
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        begins, inner = scores[:, 1::2], scores[:, 2::2]
        joined = np.concatenate([scores[:, :1], begins + inner], axis=1)
        mean = np.add.reduceat(joined, first, axis=0) / sizes[:, None]
        starts = begins[first].sum(axis=1) / np.maximum(1e-6, 1 - scores[first, 0])
        return Words(bounds, self.labels, mean.astype(np.float32), starts.astype(np.float32))


def _stretches(text: str) -> list[tuple[int, int]]:
    """Cut a long text at line ends, so that what it takes to read it does not grow with it."""
    cuts, start = [], 0
    while len(text) - start > _LONGEST:
        line_end = text.rfind("\n", start + _LONGEST // 2, start + _LONGEST) + 1
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST) + 1
        end = line_end or space or start + _LONGEST
        cuts.append((start, end))
        start = end
    return [*cuts, (start, len(text))]


_FLAT: Final = {ord("\t"): "|"}


def shape(word: str) -> int:
    """How a word is written: 1 capitalised, 2 capitals, 3 one capital, 4 mixed, 5 with digits, 0 other."""
    if word.islower():
        return 0
    if any(c.isdigit() for c in word):
        return 5
    if word.isupper():
        return 3 if len(word) == 1 else 2
    if word.istitle():
        return 1
    return 4 if word.isalpha() else 0


def _line_breaks(text: str, offsets: Ints) -> Ints:
    """Indexes of the pieces before which a line ends."""
    ends = np.array([i for i, c in enumerate(text) if c in _LINE_ENDS], np.int64)
    lines = np.searchsorted(ends, offsets[:, 0])
    return np.flatnonzero(lines[1:] != lines[:-1]) + 1


def _tidy(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Drop loose punctuation at the ends; let a name take in its hyphenated or apostrophed other half."""
    while start < end and not (text[start].isalnum() or text[start] in "@+("):
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if label in ("ADDRESS", "ID") and start > 0 and "(" in text[start - 1 : end] and ")" not in text[start:end]:
        start += text[start] == "("
    if label == "PERSON":
        start, end = _whole_name(text, start, end)
    return start, end


def _whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow a name over 'O'' before it, a hyphenated part beside it and the stop of its last initial."""
    if (
        start >= 2
        and text[start - 1] in "'’"
        and text[start - 2].isupper()
        and not text[start - 3 : start - 2].isalnum()
    ):
        start -= 2
    while end + 1 < len(text) and text[end] == "-" and text[end + 1].isupper() and text[end - 1].islower():
        end += 1
        while end < len(text) and text[end].isalpha():
            end += 1
    if end < len(text) and text[end] == "." and end - start >= 3 and text[end - 2] == "." and text[end - 1].isupper():
        end += 1
    return start, end


_PARTICLE: Final = re.compile(r" (?:ap|ab|ferch|verch|bin|bint|ibn|de|da|dos|van|von|der|den|el|al|ul) ", re.IGNORECASE)


def _rejoined(text: str, found: list[NameSpan]) -> list[NameSpan]:
    """One person where a name was cut at its particle (Gethin ap Rhys) or after the surname first (TROTT, Lee)."""
    out: list[NameSpan] = []
    for span in found:
        last = out[-1] if out else None
        if last is not None and last.label == span.label == "PERSON":
            between, before = text[last.end : span.start], text[last.start : last.end]
            surname_first = between == ", " and before.isupper() and len(before) > 2 and " " not in before
            if _PARTICLE.fullmatch(between) or (surname_first and not text[span.start : span.end].isupper()):
                out[-1] = NameSpan(last.start, span.end, "PERSON", round((last.score + span.score) / 2, 4))
                continue
        out.append(span)
    return out


def _disjoint(found: list[NameSpan]) -> tuple[NameSpan, ...]:
    """Sort, and join what grew into its neighbour."""
    out: list[NameSpan] = []
    for span in sorted(found):
        if out and span.start < out[-1].end:
            last = out.pop()
            span = NameSpan(last.start, max(last.end, span.end), last.label, max(last.score, span.score))
        out.append(span)
    return tuple(out)


def check_manifest(folder: Path) -> None:
    """Compare every file of a model folder with the manifest of digests.

    Raises:
        MissingDependency: if there is no manifest.
        IntegrityFailure: if a file is missing, added or altered.
    """
    listing = folder / MANIFEST
    if not listing.is_file():
        raise MissingDependency("The name model is not there.", next_step="Install the redactor package again.")
    rows = (line.split("  ", 1) for line in listing.read_text(encoding="utf-8").splitlines())
    wanted = {name: digest for digest, name in rows}
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and p != listing}
    if set(wanted) != set(there):
        raise IntegrityFailure("The name model's folder holds other files than its manifest.", next_step=_RESTORE)
    for name, path in there.items():
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted[name]:
            raise IntegrityFailure("A file of the name model was altered.", next_step=_RESTORE)


_RESTORE: Final = "Install the redactor package again from a source you trust, or train the model anew."


class SpacyNames:
    """The model as a spaCy component: sets `doc.ents`."""

    def __init__(self, model: NameModel | None = None, recall: float = NORMAL_RECALL) -> None:
        self.model, self.recall = model, recall

    def __call__(self, doc: Any) -> Any:
        """Find the details of one document."""
        if self.model is None:
            raise MissingDependency("The name model was not loaded.")
        made = (
            doc.char_span(s.start, s.end, label=s.label, alignment_mode="expand")
            for s in self.model.spans(doc.text, self.recall)
        )
        kept: list[Any] = []
        for span in made:
            if span is not None and (not kept or span.start >= kept[-1].end):
                kept.append(span)
        doc.ents = kept
        return doc

    def to_disk(self, path: Path, exclude: tuple[str, ...] = ()) -> None:
        """Nothing to write: the exported folder already holds the files."""

    def from_disk(self, path: Path, exclude: tuple[str, ...] = ()) -> Self:
        """Read the files beside the pipeline, after checking its manifest."""
        self.model = NameModel.load(Path(path).parent)
        return self


def load_pipeline(folder: Path) -> Any:
    """Load the folder as a spaCy pipeline, having registered its component."""
    import spacy

    register()
    return spacy.load(folder)


def register() -> None:
    """Make the component known to spaCy, once."""
    from spacy.language import Language

    if not Language.has_factory(COMPONENT):
        Language.factory(COMPONENT, func=_make, default_config={"recall": NORMAL_RECALL})


def _make(nlp: Any, name: str, recall: float) -> SpacyNames:
    return SpacyNames(recall=recall)
