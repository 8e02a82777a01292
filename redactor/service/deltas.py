"""What a reader would see more, or less, than in the copy that they hold already. Pure: no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import Action, Decision, Plan, Span
from redactor.service.carrying import place


@dataclass(frozen=True, slots=True)
class Delta:
    """The places that differ, in the present text.

    Args:
        shown: hidden in the copy before, readable now.
        hidden: readable in the copy before, hidden now.
        reworded: hidden in both, but the reader sees something else in its place.
        lost: places of the copy before that were not found again in the present text.
    """

    shown: tuple[Span, ...]
    hidden: tuple[Span, ...]
    reworded: tuple[Span, ...]
    lost: int = 0

    @property
    def count(self) -> int:
        """Return how many places differ."""
        return len(self.shown) + len(self.hidden) + len(self.reworded)


def delta(before: Plan, text_before: str, plan: Plan, text: str) -> Delta:
    """Compare a plan with the plan of the copy that the reader holds.

    Args:
        before: of that copy; of another version of the document, perhaps.
        text_before: the text that it is about.
    """
    from redactor.decide.coverage import Coverage  # its room loads Presidio's operators: only when it is asked for

    same, old, lost = before.document == plan.document, dict[Span, Decision](), 0
    for decision in _hiding(before):
        span = decision.span if same else place(text_before, decision.span, text)
        if span is None:
            lost += 1
        else:
            old[span] = decision
    now, then, hidden = Coverage(plan), Coverage(before), []
    new = {decision.span: decision for decision in _hiding(plan)}
    for span in new:
        there = span if same else place(text, span, text_before)
        if there is not None and not then.hides(text_before, there):
            hidden.append(span)
    return Delta(
        shown=tuple(sorted(span for span in old if not now.hides(text, span))),
        hidden=tuple(sorted(hidden)),
        reworded=tuple(sorted(s for s in new if s in old and new[s].replacement != old[s].replacement)),
        lost=lost,
    )


def _hiding(plan: Plan) -> list[Decision]:
    return [decision for decision in plan.decisions if decision.action is not Action.KEEP]
