"""Which line of a profile decided on a place, and why: for reviewers and for whoever writes a profile."""

from __future__ import annotations

from redactor.model import Action, Plan, Span
from redactor.policy.profile import Profile
from redactor.policy.reasons import load_reasons


def explain(plan: Plan, profile: Profile, span: Span) -> list[str]:
    """Return plain sentences on every decision that touches a span; none of them holds document text."""
    lines = []
    for section in plan.sections:
        if section.span.overlaps(span):
            lines.append(
                f"{_place(section.span)}: {section.action.name} by '{section.rule}'. {section.because}".strip()
            )
    for decision in plan.decisions:
        if decision.span.overlaps(span):
            reason = load_reasons().get(decision.reason)
            told = f" Reason {decision.reason}: {reason.file}" if reason else ""
            asks = "" if decision.certain else " A person must confirm this."
            lines.append(
                f"{_place(decision.span)}: {decision.label} {decision.action.name} by the rule '{decision.rule}' of "
                f"{profile.name} version {profile.version}. {decision.because}{told}{asks}".strip()
            )
    return lines or ["Nothing was found here, so no rule decided; the text stays as it is."]


def _place(span: Span) -> str:
    return f"{span.start}-{span.end}"


def told(plan: Plan) -> dict[Span, tuple[str, str]]:
    """Return what stands at each place that a plan decides on, and what is done with it, in the copy's words."""
    sections = {section.span: ("section", _done(section.action, section.placeholder)) for section in plan.sections}
    return sections | {
        decision.span: (decision.label.value, _done(decision.action, decision.replacement))
        for decision in plan.decisions
    }


def _done(action: Action, words: str) -> str:
    return f"{action.name.lower()} {words}".strip()
