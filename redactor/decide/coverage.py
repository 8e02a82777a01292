"""What a plan leaves readable: the one way in which checks and reports look at a plan."""

from __future__ import annotations

from bisect import bisect_right

from redactor.model import Action, Plan, Span

SHOWN = (Action.KEEP, Action.GENERALISE)


class Coverage:
    """Answers which characters a plan changes.

    Args:
        plan: the plan.
        shown: decisions of these actions count as leaving the text readable.
    """

    def __init__(self, plan: Plan, shown: tuple[Action, ...] = (Action.KEEP,)) -> None:
        spans = [decision.span for decision in plan.decisions if decision.action not in shown]
        spans += [section.span for section in plan.sections if section.action == Action.REMOVE]
        self._spans = _merged(spans)
        self._starts = [span.start for span in self._spans]

    def holes(self, span: Span) -> list[Span]:
        """Return the parts of a span that stay readable, in order."""
        index = max(0, bisect_right(self._starts, span.start) - 1)
        position, found = span.start, []
        for covered in self._spans[index:]:
            if covered.start >= span.end:
                break
            if covered.end <= position:
                continue
            if covered.start > position:
                found.append(Span(position, covered.start))
            position = max(position, covered.end)
        if position < span.end:
            found.append(Span(position, span.end))
        return found

    def hides(self, text: str, span: Span) -> bool:
        """Say whether no letter or figure of a span stays readable."""
        return not any(character.isalnum() for hole in self.holes(span) for character in text[hole.start : hole.end])


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
