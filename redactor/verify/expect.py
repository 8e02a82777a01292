"""Works out, from the document and the plan alone, what a reader may still find and what must be gone.

Nothing here trusts the redactor: the expected remaining text is built again from the uploaded document's text with the
plan's decisions applied, and each removed string is then looked for in the finished copy.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise

from redactor.model import Action, CopyMark, Decision, Document, Label, Piece, Plan, Role, SectionDecision, Span
from redactor.verify.fold import Words, words

NEVER_SHOWN = frozenset({Role.DELETED, Role.COMMENT, Role.METADATA, Role.HIDDEN})
_REPEATED = frozenset({Role.HEADER, Role.FOOTER})
_FLOWING_ASIDE = frozenset(
    {Role.HEADER, Role.FOOTER, Role.FOOTNOTE, Role.ENDNOTE, Role.TEXT_BOX, Role.ALT_TEXT, Role.LINK}
)

# Words that the redactors and the layout program add by themselves, so their presence tells nothing.
_GENERATED_LIST = """
redacted removed object image picture page section part table figure third party person child hidden signature
drawing chart link email phone address name date number text
"""
GENERATED = frozenset(_GENERATED_LIST.split())
GENERATED_PHRASES = (("picture", "removed"), ("object", "removed"))  # what stands in the place of what is no text
# Words of addresses, titles and dates that are no clue to a person by themselves.
_COMMON_PARTS_LIST = """
the and for that this with from has had was were not his her him she they their who are but all any can did
miss mrs road street avenue lane close drive house flat court school primary college academy church saint
january february march april may june july august september october november december jan feb mar apr jun jul
aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
year years month months week weeks old aged age born north south east west new team council service services
social worker police officer doctor nurse health care mother father brother sister aunt uncle son daughter com
org gov www http https nhs uk
"""
COMMON_PARTS = frozenset(_COMMON_PARTS_LIST.split())
_NAME_LABELS = frozenset(
    {Label.PERSON, Label.ADDRESS, Label.SCHOOL, Label.ORG, Label.LOCATION, Label.EMAIL, Label.USERNAME, Label.URL}
)
IDENTIFIER_LABELS = frozenset(
    {
        Label.POSTCODE, Label.PHONE, Label.EMAIL, Label.URL, Label.USERNAME, Label.IP, Label.DEVICE, Label.NHS_NUMBER,
        Label.NINO, Label.UPN, Label.PNC, Label.PASSPORT, Label.DRIVING_LICENCE, Label.VEHICLE_REG, Label.BANK,
        Label.CASE_REF,
    }
)  # fmt: skip

_PART_LETTERS = 3  # shorter parts of a removed string are initials or particles, looked for only in their context
_RARE_LETTERS = 4
_NEIGHBOURS = 3
_FRAGMENT_WORDS = 4
_UNIT_ENDS = ("\n", "\t")  # what the text of a line, paragraph or cell ends with
_MEETING_WORDS = 4  # names and numbers have few words; longer strings do not come about by layout

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A string that must be gone.

    Args:
        words: its folded words.
        whole: False for one word out of a longer removed string.
        tiny: too short to mean anything outside its context (an age, an initial).
        windows: the string with neighbouring words, wherever that combination must be gone.
        identifier: a number or address that is unique to somebody.
        everyday: one word of a removed passage that is neither a name nor an identifier.
    """

    words: Phrase
    whole: bool
    tiny: bool
    windows: tuple[Phrase, ...] = ()
    identifier: bool = False
    everyday: bool = False

    @property
    def squeezed(self) -> str:
        """The letters and digits with nothing between them."""
        return "".join(self.words)


@dataclass(slots=True)
class Expected:
    """What a reader may find, and what not.

    Args:
        kept: words that may stand on the body pages, once each as often as counted.
        repeated: of these, the ones that may stand on every page (headers, footers, first rows of tables).
        targets: strings that must be gone.
        fragments: runs of words out of dropped sections, comments and the like that stand nowhere in ``kept``.
        lost_words: single telling words out of the same.
        furniture: what the service added.
        marks: the fields of the copy's mark, which may hold the reader's own name.
        apart: the kept text with every piece (paragraph, cell) fenced off from the next.
        heads: how many units of layout (a paragraph, a line, a cell) begin with these words once the decisions are
            applied.
        tails: how many end with them.
        wholes: how many consist of them.
        replacements: every word of a replacement.
        replacement_pairs: every two words that stand side by side in one.
    """

    kept: Words
    repeated: Words
    targets: tuple[Target, ...]
    fragments: frozenset[Phrase]
    lost_words: frozenset[str]
    furniture: Words
    marks: Words
    replacements: frozenset[str] = frozenset()
    replacement_pairs: frozenset[Phrase] = frozenset()
    chunks: list[_Chunk] = field(default_factory=list)
    apart: Words = field(default_factory=Words)
    heads: Counter[Phrase] = field(default_factory=Counter)
    tails: Counter[Phrase] = field(default_factory=Counter)
    wholes: Counter[Phrase] = field(default_factory=Counter)

    def allowed(self, phrase: Phrase, pages: int) -> int:
        """Return how often a phrase may stand on the body pages."""
        in_order = self.kept.count(phrase)
        met = self.meetings(phrase)
        return max(in_order, self.apart.count(phrase) + met if met else 0) + self.repeated.count(phrase) * max(
            pages - 1, 0
        )

    def meetings(self, phrase: Phrase) -> int:
        """Return how often layout may bring the phrase about: one kept unit ends in its first words, another begins
        with the rest, as cells side by side do.
        """
        return sum(min(self.tails[phrase[:at]], self.heads[phrase[at:]]) for at in range(1, len(phrase)))

    def can_meet(self, phrase: Phrase) -> bool:
        """Say whether layout can bring the phrase about from kept units alone, whole ones standing in the middle."""
        waiting = [at for at in range(1, len(phrase)) if self.tails[phrase[:at]]]
        seen = set(waiting)
        while waiting:
            at = waiting.pop()
            if self.heads[phrase[at:]]:
                return True
            further = {end for end in range(at + 1, len(phrase)) if self.wholes[phrase[at:end]]} - seen
            seen |= further
            waiting += further
        return False


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the expected text: kept words, or what stands in place of one decision or section.

    ``ends`` tells that its paragraph ends with it; ``unit`` numbers the line, paragraph or cell that it stands in.
    """

    words: Phrase
    original: Phrase
    decision: Decision | None = None
    aside: bool = False
    repeats: bool = False
    ends: bool = False
    unit: int = 0


def expected(document: Document, plan: Plan, mark: CopyMark, furniture: Sequence[str]) -> Expected:
    """Build the expectation for one document under one plan."""
    chunks = list(_chunks(document, plan))
    kept, repeated = Words(), Words()
    kept.extend(word for chunk in chunks if not chunk.aside for word in chunk.words)
    for chunk in chunks:
        if chunk.aside:
            kept.extend(chunk.words)
        if chunk.repeats:
            repeated.extend(chunk.words)
    units = _units(chunks)
    added = Words(furniture)
    instead = {
        words(text) for text in (*(d.replacement for d in plan.decisions), *(s.placeholder for s in plan.sections))
    }
    replacements = frozenset(word for phrase in instead for word in phrase)
    known = kept.vocabulary() | replacements | GENERATED
    fragments, lost_words = _lost(document, plan, kept, known)
    expectation = Expected(
        kept=kept,
        repeated=repeated,
        targets=(),
        fragments=fragments,
        lost_words=lost_words,
        furniture=added,
        marks=Words((mark.reader_name, mark.copy_number, mark.date, mark.classification, mark.reference)),
        replacements=replacements,
        replacement_pairs=frozenset(pair for phrase in instead for pair in pairwise(phrase)),
        chunks=chunks,
        apart=Words(),
    )
    for unit in units:
        size = min(len(unit), _MEETING_WORDS)
        expectation.apart.extend(unit)
        expectation.heads.update(unit[:end] for end in range(1, size + 1))
        expectation.tails.update(unit[-end:] for end in range(1, size + 1))
        expectation.wholes[unit] += 1
    return replace(expectation, targets=tuple(_targets(document, plan, expectation, known)))


def _units(chunks: Sequence[_Chunk]) -> Iterator[Phrase]:
    """Yield what is left of each line, paragraph and cell: layout may put any two of them side by side."""
    for _, together in groupby(chunks, key=lambda chunk: chunk.unit):
        left = tuple(word for chunk in together for word in chunk.words)
        if left:
            yield left


def without_generated(sequence: Sequence[str]) -> list[str]:
    """Leave out what the redactors write in the place of a picture or an object."""
    left: list[str] = []
    for word in sequence:
        left.append(word)
        if tuple(left[-2:]) in GENERATED_PHRASES:
            del left[-2:]
    return left


def removed_spans(plan: Plan) -> list[Span]:
    """Return the spans of all that the plan removes, sorted."""
    spans = [s.span for s in plan.sections if s.action > Action.KEEP]
    return sorted(spans + [d.span for d in plan.decisions if d.action > Action.KEEP])


def _chunks(document: Document, plan: Plan) -> Iterator[_Chunk]:
    sections = [s for s in plan.sections if s.action > Action.KEEP]
    decisions = sorted(plan.decisions, key=lambda d: d.span)
    placed: set[int] = set()
    at = unit = 0
    for piece in document.pieces:
        if piece.role in NEVER_SHOWN:
            continue
        while at > 0 and decisions[at - 1].span.end > piece.span.start:
            at -= 1
        while at < len(decisions) and decisions[at].span.end <= piece.span.start:
            at += 1
        end = at
        while end < len(decisions) and decisions[end].span.start < piece.span.end:
            end += 1
        inside = decisions[at:end]
        yield from _piece_chunks(document.text, piece, inside, sections, placed, unit)
        unit += document.text[piece.span.start : piece.span.end].endswith(_UNIT_ENDS)


def _piece_chunks(
    text: str,
    piece: Piece,
    decisions: Sequence[Decision],
    sections: Sequence[SectionDecision],
    placed: set[int],
    unit: int,
) -> Iterator[_Chunk]:
    """Cut one piece at the edges of all that touches it and yield what is left of each stretch."""
    aside = piece.role in _FLOWING_ASIDE
    repeats = piece.role in _REPEATED or (piece.cell is not None and piece.cell.row == 0)
    touching = [s for s in sections if s.span.overlaps(piece.span)]
    edges = {piece.span.start, piece.span.end}
    # What stays does not part a word, unless something around it goes.
    cutting = [d for d in decisions if d.action > Action.KEEP or touching]
    for span in (*(d.span for d in cutting), *(s.span for s in touching)):
        edges.update(edge for edge in (span.start, span.end) if piece.span.start < edge < piece.span.end)
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        here = Span(start, end)
        decision = max((d for d in decisions if d.span.overlaps(here)), key=lambda d: d.action, default=None)
        section = next((s for s in touching if s.span.overlaps(here)), None)
        original = words(text[start:end])
        if section is not None and not _kept_inside(section, decision):
            first = section.span.start not in placed
            placed.add(section.span.start)
            yield _Chunk(words(section.placeholder) if first else (), original, None, aside, repeats, unit=unit)
        elif decision is not None and decision.action > Action.KEEP:
            begins = start == max(decision.span.start, piece.span.start)
            rest = text[end : piece.span.end]
            ends = "\n" in rest and not rest.strip()
            yield _Chunk(words(decision.replacement) if begins else (), original, decision, aside, repeats, ends, unit)
        else:
            yield _Chunk(original, original, None, aside, repeats, unit=unit)


def _kept_inside(section: SectionDecision, decision: Decision | None) -> bool:
    """The reader's own data may be cut out of a section that is masked, never out of one that is removed."""
    return section.action < Action.REMOVE and decision is not None and decision.action == Action.KEEP


def _targets(document: Document, plan: Plan, expectation: Expected, known: set[str]) -> Iterator[Target]:
    windows = _windows(expectation)
    parts: dict[str, bool] = {}
    done: set[Phrase] = set()
    for decision in plan.decisions:
        phrase = words(document.text[decision.span.start : decision.span.end])
        if decision.action == Action.KEEP or not phrase or phrase == words(decision.replacement):
            continue
        if phrase not in done:
            done.add(phrase)
            yield Target(
                phrase,
                whole=True,
                tiny=_tiny(phrase),
                windows=tuple(sorted(windows.get(phrase, ()))),
                identifier=decision.label in IDENTIFIER_LABELS,
            )
        if len(phrase) > 1:
            name = decision.label in _NAME_LABELS
            for part in _parts(phrase, name, known):
                parts[part] = parts.get(part, True) and not name
    for part, everyday in sorted(parts.items()):
        if (part,) not in done:
            yield Target((part,), whole=False, tiny=False, everyday=everyday)


def _tiny(phrase: Phrase) -> bool:
    squeezed = "".join(phrase)
    return len(squeezed) < 2 or (squeezed.isdigit() and len(squeezed) <= 3) or (len(phrase) == 1 and len(squeezed) < 2)


def _parts(phrase: Phrase, name: bool, known: set[str]) -> Iterator[str]:
    """Yield the single words of a removed string that would tell by themselves."""
    for word in phrase:
        if word in COMMON_PARTS or (word.isdigit() and len(word) < _RARE_LETTERS):
            continue
        if len(word) >= _PART_LETTERS if name else len(word) >= _RARE_LETTERS and word not in known:
            yield word


def _windows(expectation: Expected) -> dict[Phrase, set[Phrase]]:
    """Return, for each removed string, its combinations with neighbours that stand nowhere in the expected text.

    A combination that kept lines or cells make by standing side by side betrays nothing.
    """
    found: dict[Phrase, set[Phrase]] = {}
    flow = [chunk for chunk in expectation.chunks if not chunk.aside]
    for number, chunk in enumerate(flow):
        if chunk.decision is None or not chunk.original:
            continue
        for original in (False, True):
            before = _gather(flow, range(number - 1, -1, -1), original)
            after = _gather(flow, range(number + 1, len(flow)), original)
            # A number at the end of a paragraph may come again as the label that a list gives the next one.
            labelled = chunk.ends and _tiny(chunk.original)
            for window in (
                before[-2:] + chunk.original + after[:2] if before and after else (),
                before + chunk.original if _telling(before) else (),
                chunk.original + after if _telling(after) and not labelled else (),
            ):
                if window and window not in expectation.kept and not expectation.can_meet(window):
                    found.setdefault(chunk.original, set()).add(window)
    return found


def _gather(flow: Sequence[_Chunk], numbers: range, original: bool) -> Phrase:
    """Collect up to three words beside a chunk, as they stand in the expected or in the original text."""
    backwards = numbers.step < 0
    gathered: Phrase = ()
    for number in numbers:
        more = flow[number].original if original else flow[number].words
        gathered = more + gathered if backwards else gathered + more
        if len(gathered) >= _NEIGHBOURS:
            break
    return gathered[-_NEIGHBOURS:] if backwards else gathered[:_NEIGHBOURS]


def _telling(neighbours: Phrase) -> bool:
    return len(neighbours) == _NEIGHBOURS and len("".join(neighbours)) >= 2 * _RARE_LETTERS


def _lost(document: Document, plan: Plan, kept: Words, known: set[str]) -> tuple[frozenset[Phrase], frozenset[str]]:
    """Return runs of words and single words of dropped sections and never-shown parts that stand nowhere else."""
    fragments: set[Phrase] = set()
    single: set[str] = set()
    for text in _dropped_texts(document, plan):
        lines = [words(line) for line in text.splitlines()]
        run = tuple(word for line in lines for word in line)
        starts = list(accumulate((len(line) for line in lines), initial=0))
        for at in range(len(run) - _FRAGMENT_WORDS + 1):
            fragment = run[at : at + _FRAGMENT_WORDS]
            if len("".join(fragment)) >= 3 * _RARE_LETTERS and not _is_kept(fragment, at, starts, kept):
                fragments.add(fragment)
        for match in re.finditer(r"[^\W_]{4,}", text):
            spelt = match.group()
            if spelt[0].isupper() or any(c.isdigit() for c in spelt) or len(spelt) > _RARE_LETTERS:
                single.update(word for word in words(spelt) if word not in known and word not in COMMON_PARTS)
    return frozenset(fragments), frozenset(single)


def _is_kept(fragment: Phrase, at: int, starts: Sequence[int], kept: Words) -> bool:
    """Say whether a run of words may be read: as it is, or in lines that may each be read and only stand together."""
    if fragment in kept:
        return True
    cuts = [start - at for start in starts[bisect_right(starts, at) : bisect_left(starts, at + len(fragment))]]
    edges = [0, *dict.fromkeys(cuts), len(fragment)]
    return len(edges) > 2 and all(fragment[start:end] in kept for start, end in pairwise(edges))


def _dropped_texts(document: Document, plan: Plan) -> Iterator[str]:
    for section in plan.sections:
        if section.action <= Action.KEEP:
            continue
        position = section.span.start
        keeps = [d.span for d in plan.decisions if _kept_inside(section, d) and section.span.overlaps(d.span)]
        for keep in sorted(keeps):
            yield document.text[position : keep.start]
            position = keep.end
        yield document.text[position : section.span.end]
    for piece in document.pieces:
        if piece.role in NEVER_SHOWN and piece.role is not Role.METADATA:
            yield document.text[piece.span.start : piece.span.end]
