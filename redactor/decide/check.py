"""All that must hold before a copy is released: totality, reasons, hard stops, preserve constraints, the gate."""

from __future__ import annotations

from redactor.decide import hard_stops, preserve
from redactor.decide.coverage import Coverage
from redactor.errors import NotCleared
from redactor.model import Action, Case, Decision, Detected, Document, Gate, Plan, Reader, SectionDecision
from redactor.policy.profile import GateDemand, Profile
from redactor.policy.reasons import load_reasons


def check(
    plan: Plan,
    document: Document,
    detected: Detected,
    profile: Profile,
    case: Case,
    reader: Reader,
    gate: Gate | None,
) -> None:
    """Refuse to make a copy from a plan that does not meet what its profile demands.

    A plan that nobody has reviewed makes a draft: it needs no gate, and what it would lose is for the reviewer to see.

    Raises:
        NotCleared: the plan does not belong to this document, profile, case or reader, leaves a finding undecided,
            redacts without a reason, or the release form is incomplete (the message names the missing fields).
        HardStop: a hard stop is broken without a recorded reference.
        PreserveBroken: something that the copy must keep would be lost.
    """
    _belongs(plan, document, profile, case, reader)
    _whole(plan, document, detected)
    _reasoned(plan)
    hard_stops.check(plan, document, detected, profile, case, reader)
    if plan.reviewed_by is None:
        return
    preserve.check(plan, document, detected, profile)
    check_gate(profile, gate)


def check_gate(profile: Profile, gate: Gate | None) -> None:
    """Refuse an incomplete release form.

    Raises:
        NotCleared: naming the missing fields.
    """
    missing = [demand for demand in profile.gate if not _given(demand, gate or Gate())]
    if missing:
        fields = ", ".join(demand.field for demand in missing)
        words = "; ".join(f"{demand.field}: {demand.words}" for demand in missing)
        raise NotCleared(
            f"The profile '{profile.name}' demands a release form with: {fields}.", next_step=f"Fill in {words}."
        )
    if gate and gate.approved_by and gate.approved_by.casefold().strip() == gate.authorised_by.casefold().strip():
        raise NotCleared(
            "The release form names one person as both authoriser and second approver.",
            next_step="Have somebody else approve it.",
        )


def _given(demand: GateDemand, gate: Gate) -> bool:
    if demand.field == "agreement":
        return bool(gate.agreement_version.strip() and gate.agreement_signed_on.strip())
    return bool(str(getattr(gate, demand.field)).strip())


def _belongs(plan: Plan, document: Document, profile: Profile, case: Case, reader: Reader) -> None:
    wrong = [
        words
        for words, same in (
            ("document", plan.document == document.digest),
            ("profile", plan.profile == profile.ref),
            ("case", plan.case == case.reference),
            ("recipient", plan.reader == reader.key),
        )
        if not same
    ]
    if wrong:
        raise NotCleared(
            f"The plan was made for another {', another '.join(wrong)}.",
            next_step="Make a new plan for this document, profile, case and recipient, and review that.",
        )


def _whole(plan: Plan, document: Document, detected: Detected) -> None:
    ends = 0
    for decision in plan.decisions:
        if decision.span.start < ends or decision.span.end > len(document.text):
            raise NotCleared("The plan's decisions overlap or go beyond the text.", next_step="Make a new plan.")
        ends = decision.span.end
    decided = Coverage(plan, shown=())
    left = sum(not decided.hides(document.text, finding.span) for finding in detected.findings)
    if left:
        raise NotCleared(
            f"The plan leaves {left} findings without a decision.",
            next_step="Decide on each of them, or make a new plan.",
        )


def _reasoned(plan: Plan) -> None:
    known = load_reasons()
    items: list[Decision | SectionDecision] = [*plan.decisions, *plan.sections]
    bare = sum(item.action != Action.KEEP and (item.reason not in known or not item.because.strip()) for item in items)
    if bare:
        raise NotCleared(
            f"The plan redacts {bare} places without a reason code and a sentence.",
            next_step="Give each redaction a reason code of templates/reasons.yaml and a plain sentence.",
        )
