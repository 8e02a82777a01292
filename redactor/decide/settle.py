"""How overlapping decisions are settled: disjoint stretches, the stricter wins, the reader's own data stands out.

Only the reader's own data is cut out of a masked passage and kept; a dropped section takes all that stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from redactor.model import Action, Decision, SectionDecision, Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A decision before overlaps are settled.

    Args:
        own: it keeps the reader's own data.
        passage: it covers a clause or sentence by its wording.
    """

    decision: Decision
    own: bool = False
    passage: bool = False

    @property
    def span(self) -> Span:
        """Return the stretch that it is about."""
        return self.decision.span


def outside(span: Span, holes: Iterable[Span]) -> list[Span]:
    """Return what of a span lies outside some sorted or unsorted spans."""
    parts = [span]
    for hole in holes:
        cut: list[Span] = []
        for part in parts:
            if not part.overlaps(hole):
                cut.append(part)
                continue
            if part.start < hole.start:
                cut.append(Span(part.start, hole.start))
            if hole.end < part.end:
                cut.append(Span(hole.end, part.end))
        parts = cut
    return parts


def settled(text: str, claims: list[Claim], gone: list[SectionDecision]) -> list[Decision]:
    """Cut overlapping claims into disjoint decisions; the stricter wins, own data stands out of masked passages."""
    removed = [_removal(claim, section) for claim in claims for section in gone if section.span.overlaps(claim.span)]
    removed = [claim for claim in removed if not claim.passage]
    dropped = [section.span for section in gone]
    standing = [_moved(claim, part) for claim in claims for part in outside(claim.span, dropped)]
    everything = sorted([*removed, *standing], key=_order)
    segments: list[tuple[Span, Claim]] = []
    for span, covering in _elementary(everything):
        winner = _winner(covering)
        if segments and segments[-1][0].end == span.start and segments[-1][1] is winner:
            segments[-1] = (Span(segments[-1][0].start, span.end), winner)
        else:
            segments.append((span, winner))
    return _worded_once(text, [(_without_edges(text, span, claim), claim) for span, claim in segments])


def _order(claim: Claim) -> tuple[object, ...]:
    decision = claim.decision
    return (
        claim.span,
        decision.action,
        claim.passage,
        decision.rule,
        decision.label,
        decision.person or "",
        decision.replacement,
    )


def _moved(claim: Claim, span: Span) -> Claim:
    return claim if span == claim.span else replace(claim, decision=replace(claim.decision, span=span))


def _removal(claim: Claim, section: SectionDecision) -> Claim:
    """Return a finding's removal with its section, for the part that lies in it."""
    span = Span(max(claim.span.start, section.span.start), min(claim.span.end, section.span.end))
    decision = replace(
        claim.decision,
        span=span,
        action=Action.REMOVE,
        replacement="",
        reason=section.reason,
        because=section.because,
        rule=section.rule,
        certain=section.certain,
    )
    return Claim(decision, passage=claim.passage)


def _elementary(claims: list[Claim]) -> Iterable[tuple[Span, list[Claim]]]:
    """Yield the stretches between neighbouring edges with the claims that cover each."""
    edges = sorted({edge for claim in claims for edge in (claim.span.start, claim.span.end)})
    active: list[Claim] = []
    position = 0
    for start, end in pairwise(edges):
        active = [claim for claim in active if claim.span.end > start]
        while position < len(claims) and claims[position].span.start <= start:
            if claims[position].span.end > start:
                active.append(claims[position])
            position += 1
        if active:
            yield Span(start, end), active


def _winner(covering: list[Claim]) -> Claim:
    """Return the claim that decides a stretch."""
    own = [claim for claim in covering if claim.own]
    others = [claim for claim in covering if not claim.own]
    if own and all(claim.passage and claim.decision.action <= Action.MASK for claim in others):
        return own[0]
    return max(covering, key=lambda claim: (claim.decision.action, claim.passage, not claim.decision.certain))


def _without_edges(text: str, span: Span, claim: Claim) -> Span:
    """Leave the spaces around what stands out of a masked passage standing."""
    start, end = span.start, span.end
    while claim.passage and start < end - 1 and text[start].isspace():
        start += 1
    while claim.passage and end > start + 1 and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _worded_once(text: str, segments: list[tuple[Span, Claim]]) -> list[Decision]:
    """Say a passage's words once in each unbroken stretch, so that a cut passage does not repeat itself."""
    decisions: list[Decision] = []
    previous_passage = False
    for span, claim in segments:
        decision = replace(claim.decision, span=span)
        touches = bool(decisions) and decisions[-1].action != Action.KEEP
        touches = touches and not text[decisions[-1].span.end : span.start].strip(" ")
        in_passage = (claim.passage and span.start > claim.span.start) or (touches and previous_passage)
        if touches and in_passage and decision.action != Action.KEEP:
            decision = replace(decision, replacement="")
        previous_passage = claim.passage or (touches and previous_passage)
        decisions.append(decision)
    return decisions
