"""The findings of a review as a list: numbered, filtered, counted. Pure, so that it can be tested without a browser."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from redactor.model import Action, Decision, Span
from redactor.service.reviews import ReviewView
from redactor.web import reading

LOW_CERTAINTY = 0.6
AROUND = 60  # characters shown before and after a place
READ_ANYWAY = 5  # passages without any finding that the second person reads
SAMPLED = 10  # the second person sees one in so many of the untouched decisions
NOBODY = "nobody"
FILTERS = ("show", "label", "person", "action", "reason")
SHOW = {
    "": "All findings",
    "undecided": "Undecided: needs a human",
    "low": "Low certainty",
    "hand": "Changed by a person",
    "rule": "Found by a rule",
    "model": "Found by the name model",
}
_MODEL = "model"
_WORDS_OF_A_LINE = 5  # fewer is a heading


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the list beside the text.

    Args:
        page: 0-based, as ``reading.sheets`` cuts the document.
        alike: how many findings have the same words, this one included.
    """

    key: str
    number: int
    page: int
    text: str
    decision: Decision
    who: str
    why: str
    score: float | None
    source: str
    by_hand: bool
    alike: int


@dataclass(frozen=True, slots=True)
class PageState:
    """How a page stands: for the strip of pages."""

    number: int
    hidden: int
    undecided: int
    looked: bool
    density: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters ask for, by name of the filter; an empty value asks for nothing."""

    values: Mapping[str, str]

    def fits(self, entry: Entry) -> bool:
        """Say whether a finding passes every filter."""
        decision, ask = entry.decision, self.values.get
        low = entry.score is not None and entry.score < LOW_CERTAINTY
        shown = {
            "": True,
            "undecided": not decision.certain,
            "low": low,
            "hand": entry.by_hand,
            "rule": bool(entry.source) and _MODEL not in entry.source,
            "model": _MODEL in entry.source,
        }
        return (
            shown.get(ask("show", ""), True)
            and ask("label", "") in ("", decision.label.value)
            and ask("person", "") in ("", decision.person or NOBODY)
            and ask("action", "") in ("", decision.action.name.lower())
            and ask("reason", "") in ("", decision.reason)
        )

    @property
    def narrow(self) -> bool:
        """Say whether any filter is set: showing everything at once is never one step."""
        return any(self.values.values())


def plain(text: str) -> str:
    """Return words as bulk decisions compare them."""
    return " ".join(text.casefold().split())


def entries(view: ReviewView, cuts: Sequence[Span]) -> tuple[Entry, ...]:
    """Return every decision of a plan with what is known about the finding behind it."""
    found = {finding.span: finding for finding in view.detected.findings}
    names = {person.id: person.name for person in view.detected.people}
    words = [view.document.text[one.span.start : one.span.end].strip() for one in view.plan.decisions]
    alike = Counter(map(plain, words))
    made = []
    for number, (decision, text) in enumerate(zip(view.plan.decisions, words, strict=True), start=1):
        finding = found.get(decision.span)
        made.append(
            Entry(
                reading.key(decision),
                number,
                reading.page_of(cuts, decision.span.start),
                text,
                decision,
                names.get(decision.person, "") if decision.person else "",
                finding.why if finding else "",
                finding.score if finding else None,
                finding.source if finding else "",
                decision.by != "profile",
                alike[plain(text)],
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan as the pages lay it out: its pages, its findings, and how each page stands apart from who looked."""

    cuts: tuple[Span, ...]
    every: tuple[Entry, ...]
    tallies: tuple[PageState, ...]


def laid(view: ReviewView) -> Laid:
    """Lay a review's plan out."""
    cuts = reading.sheets(view.document)
    every = entries(view, cuts)
    return Laid(cuts, every, _tallies(every, cuts))


def states(tallies: Sequence[PageState], looked: Mapping[int, frozenset[str]]) -> tuple[PageState, ...]:
    """Return how each page stands, and whether anybody looked at it."""
    return tuple(replace(tally, looked=tally.number in looked) for tally in tallies)


def _tallies(every: Sequence[Entry], cuts: Sequence[Span]) -> tuple[PageState, ...]:
    """Return how each page stands. Density is the hidden share of the page's characters."""
    hidden, undecided, characters = Counter[int](), Counter[int](), Counter[int]()
    for entry in every:
        if entry.decision.action is not Action.KEEP:
            hidden[entry.page] += 1
            characters[entry.page] += len(entry.decision.span)
        undecided[entry.page] += not entry.decision.certain
    return tuple(
        PageState(n, hidden[n], undecided[n], False, min(1.0, characters[n] / max(1, len(cut))))
        for n, cut in enumerate(cuts)
    )


def runs(numbers: Sequence[int]) -> str:
    """Return page numbers in words: 0-based 0, 1, 2, 6 become "1–3, 7"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in spans)


def sample(every: Sequence[Entry], seed: str) -> tuple[Entry, ...]:
    """Return one in ten of the decisions that nobody touched, for the second person to look at.

    Args:
        seed: the plan's digest: the same plan gives the same sample, and nobody can choose it.
    """
    untouched = [entry for entry in every if not entry.by_hand]
    drawn = sorted(untouched, key=lambda entry: hashlib.sha256(f"{seed}|{entry.key}".encode()).digest())
    return tuple(sorted(drawn[: -(-len(untouched) // SAMPLED)], key=lambda entry: entry.number))


@dataclass(frozen=True, slots=True)
class Passage:
    """A place with the words around it.

    Args:
        page: 0-based.
    """

    page: int
    before: str
    text: str
    after: str


def passage(text: str, span: Span, cuts: Sequence[Span]) -> Passage:
    """Return a place with the words around it, on one line."""
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    return Passage(
        reading.page_of(cuts, span.start),
        *(" ".join(part.split()) for part in (before, text[span.start : span.end], after)),
    )


def unmarked(text: str, every: Sequence[Entry], cuts: Sequence[Span], seed: str) -> tuple[Passage, ...]:
    """Return a few lines in which nothing was found, drawn by chance: what was missed stands there.

    Args:
        seed: the plan's digest, as for ``sample``.
    """
    lines, position = [], 0
    marked = [entry.decision.span for entry in every]
    for line in text.splitlines(keepends=True):
        span = Span(position, position + len(line))
        position = span.end
        if len(line.split()) >= _WORDS_OF_A_LINE:
            lines.append(span)
    bare = [line for line in lines if not _touched(line, marked)]
    drawn = sorted(bare, key=lambda line: hashlib.sha256(f"{seed}|{line.start}".encode()).digest())[:READ_ANYWAY]
    return tuple(
        Passage(reading.page_of(cuts, line.start), "", text[line.start : line.end].strip(), "")
        for line in sorted(drawn)
    )


def _touched(line: Span, marked: Sequence[Span]) -> bool:
    at = bisect_left(marked, line)
    return any(span.overlaps(line) for span in marked[max(0, at - 1) : at + 1])
