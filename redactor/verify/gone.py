"""Looks for each removed string in what the extractors read, and tells a leak from the same words rightly kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from redactor.verify.expect import Expected, Phrase, Target, without_generated
from redactor.verify.fold import Words, joined_lines, words

__all__ = ["SURE_PICTURE_LETTERS", "Reading", "fragments_found", "furniture_leaks", "leaked", "read", "seen"]

_SQUEEZED_LETTERS = 6  # shorter strings without spaces turn up by chance across two words
_ANYWHERE_LETTERS = 9  # longer ones are looked for even inside other words
_SPACED_LETTERS = 3
_SURE_RUN = 2
SURE_PICTURE_LETTERS = 4  # shorter words turn up by chance in what OCR makes of a picture


@dataclass(frozen=True, slots=True)
class Reading:
    """The body pages as one extractor read them, as they stand and with line ends joined."""

    name: str
    plain: Words
    joined: Words
    backwards: str
    spaced: Words

    @property
    def both(self) -> tuple[Words, Words]:
        """The two forms to search."""
        return self.plain, self.joined


def read(name: str, pages: Sequence[str], marks: Sequence[str]) -> Reading:
    """Fold one extractor's pages and strike out the marks that the service put on each of them."""
    plain, joined, spaced = Words(), Words(), Words()
    struck_plain: list[str] = []
    struck_joined: list[str] = []
    phrases = sorted({words(mark) for mark in marks}, key=len, reverse=True)
    for page in pages:
        struck_plain += without_generated(_struck(list(Words([page]).sequence), phrases))
        struck_joined += without_generated(_struck(list(Words([joined_lines(page)]).sequence), phrases))
    plain.extend(struck_plain)
    joined.extend(struck_joined)
    for run in _letter_runs(struck_plain):
        spaced.extend([run])
    return Reading(name, plain, joined, plain.squeezed()[::-1], spaced)


def _struck(sequence: list[str], phrases: Iterable[Phrase]) -> list[str]:
    """Remove each mark once from the top and once from the foot of a page; more than that is not ours."""
    there = set(sequence)
    for phrase in phrases:
        if not phrase or not there.issuperset(phrase):
            continue
        size, wanted = len(phrase), list(phrase)
        first = next((i for i in range(len(sequence) - size + 1) if sequence[i : i + size] == wanted), None)
        if first is not None:
            del sequence[first : first + size]
        last = next((i for i in range(len(sequence) - size, -1, -1) if sequence[i : i + size] == wanted), None)
        if last is not None:
            del sequence[last : last + size]
    return sequence


def _letter_runs(sequence: Sequence[str]) -> Iterable[str]:
    """Yield words that are spelt out letter by letter."""
    run: list[str] = []
    for word in [*sequence, ""]:
        if len(word) == 1:
            run.append(word)
            continue
        if len(run) >= _SPACED_LETTERS:
            yield "".join(run)
        run = []


def leaked(expected: Expected, readings: Sequence[Reading], pages: int) -> list[Target]:
    """Return the targets that at least one extractor can read where they must not be."""
    return [target for target in expected.targets if _leaks(target, expected, readings, pages)]


def _leaks(target: Target, expected: Expected, readings: Sequence[Reading], pages: int) -> bool:
    if any(window in text for window in target.windows for reading in readings for text in reading.both):
        return True
    if target.tiny:
        return False
    bound = expected.allowed(target.words, pages)
    counts = [max(_count(target.words, text, expected) for text in reading.both) for reading in readings]
    # One word out of a longer string may be an everyday word: all three programs must then see it too often.
    seen = max(counts) if target.whole or bound == 0 else min(counts)
    if seen > bound:
        return True
    return any(_disguised(target, expected, reading, pages) for reading in readings)


def _count(phrase: Phrase, text: Words, expected: Expected) -> int:
    """Return how often a phrase can be read; a short word does not count where it is the half of a kept one.

    "shap ed" at the end of a line is "shaped" if that may be read and "shap" may not.
    """
    places = text.places(phrase)
    if len(phrase) > 1 or len(phrase[0]) >= SURE_PICTURE_LETTERS:
        return len(places)
    return sum(not _is_half(at, text.sequence, expected.kept) for at in places)


def _is_half(at: int, sequence: Sequence[str], kept: Words) -> bool:
    word, before, after = sequence[at], "".join(sequence[max(at - 1, 0) : at]), "".join(sequence[at + 1 : at + 2])
    halves = ((before, before + word), (after, word + after))
    return any(half and (half,) not in kept and (whole,) in kept for half, whole in halves)


def _disguised(target: Target, expected: Expected, reading: Reading, pages: int) -> bool:
    """Look for the letters without their spaces, spelt out one by one, and backwards."""
    letters = target.squeezed
    if len(letters) < _SQUEEZED_LETTERS:
        spelt = len(letters) >= _SPACED_LETTERS and any(letters in run for run in reading.spaced.vocabulary())
        return spelt and not expected.can_meet(tuple(letters))  # a row of single digits spells many a number
    whole_words = len(letters) < _ANYWHERE_LETTERS
    bound = expected.kept.count_squeezed(letters, whole_words=False)
    bound += expected.repeated.count_squeezed(letters, whole_words=False) * max(pages - 1, 0)
    bound = max(bound, expected.allowed(target.words, pages))
    if any(text.count_squeezed(letters, whole_words=whole_words) > bound for text in reading.both):
        return True
    return letters in reading.backwards and letters[::-1] not in expected.kept.squeezed()


def fragments_found(expected: Expected, readings: Sequence[Reading], *, from_pictures: bool) -> int:
    """Return how many telling fragments of dropped sections and never-shown parts can still be read.

    Args:
        expected: what must be gone.
        readings: what the extractors read.
        from_pictures: True where the text layer was recognised from pixels and single words may be misread.
    """
    found = 0
    seen_by: dict[Phrase, int] = {}
    for reading in readings:
        sequence = reading.joined.sequence
        runs = {tuple(sequence[i : i + 4]) for i in range(len(sequence) - 3)}
        for fragment in expected.fragments & runs:
            seen_by[fragment] = seen_by.get(fragment, 0) + 1
    found += sum(1 for count in seen_by.values() if count >= _SURE_RUN)
    vocabulary = set().union(*(text.vocabulary() for reading in readings for text in reading.both))
    single = expected.lost_words & vocabulary
    if single and (not from_pictures or len(single) > 1 or any(c.isdigit() for word in single for c in word)):
        found += len(single)
    return found


def furniture_leaks(expected: Expected, pages: Mapping[str, Sequence[str]]) -> int:
    """Return how many removed strings stand in what the service itself added, or beside it on those pages."""
    found = 0
    readings = [Words(texts) for texts in pages.values()]
    for target in expected.targets:
        if not target.whole or target.tiny or target.words in expected.kept or target.words in expected.marks:
            continue
        telling = target.identifier or len(target.words) > 1 or any(c.isdigit() for c in target.squeezed)
        bound = 0 if telling else expected.furniture.count(target.words)
        beside = any(reading.count(target.words) > bound for reading in readings)
        within = telling and len(target.squeezed) >= _SQUEEZED_LETTERS and target.words in expected.furniture
        found += beside or within
    lost = {word for word in expected.lost_words if word not in expected.furniture.vocabulary()}
    return found + sum(len(lost & reading.vocabulary()) for reading in readings)


def seen(text: str, expectation: Expected) -> int:
    """Return how many removed strings that stand nowhere in the expected text were recognised in a picture."""
    recognised = Words([text])
    found = sum(
        1
        for target in expectation.targets
        if not target.tiny
        and len(target.squeezed) >= SURE_PICTURE_LETTERS
        and target.words not in expectation.kept
        and target.words not in expectation.marks
        and target.words in recognised
    )
    return found + sum(1 for fragment in expectation.fragments if fragment in recognised)
