"""The JSON that other programs build on: what ``detect``, ``plan``, ``redact`` and ``verify`` print and read.

Fields may be added, none renamed. Offsets are code points of the document's text, half open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from redactor.errors import InvalidDefinition
from redactor.model import (
    Action,
    Certificate,
    Check,
    Decision,
    Detected,
    Digest,
    Document,
    InPackage,
    InText,
    Label,
    OnPage,
    PersonId,
    Piece,
    Plan,
    ProfileRef,
    ReasonCode,
    SectionDecision,
    Span,
)


def detected_json(document: Document, detected: Detected) -> dict[str, Any]:
    """Return what ``redactor detect --json`` prints."""
    return {
        "text": document.text,
        "digest": document.digest,
        "kind": document.kind.value,
        "pieces": [_piece(piece) for piece in document.pieces],
        "sections": [
            {
                "start": section.span.start,
                "end": section.span.end,
                "audience": section.audience.value,
                "withheld_by": section.withheld_by,
                "why": section.why,
            }
            for section in detected.sections
        ],
        "findings": [
            {
                "start": finding.span.start,
                "end": finding.span.end,
                "text": document.text[finding.span.start : finding.span.end],
                "label": finding.label.value,
                "score": round(finding.score, 4),
                "source": finding.source,
                "person": finding.person,
                "why": finding.why,
                "certain": finding.certain,
            }
            for finding in detected.findings
        ],
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "relation": person.relation.value,
                "certain": person.certain,
                "why": person.why,
                "mentions": person.mentions,
                "role": person.role,
                "agency": person.agency,
            }
            for person in detected.people
        ],
        "dropped": dict(document.dropped),
        "regions": [{"page": region.page, "box": list(region.box), "what": region.what} for region in document.regions],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {"start": piece.span.start, "end": piece.span.end, "role": piece.role.value, "at": place(piece.at)}


def place(at: InPackage | OnPage | InText) -> str:
    """Return where a piece lives as one string, for example ``word/header1.xml#0``."""
    match at:
        case InPackage():
            return f"{at.part}#{at.unit}" + (f"@{at.attribute}" if at.attribute else "")
        case OnPage():
            return f"page {at.page + 1} at " + ",".join(f"{edge:.1f}" for edge in at.box)
        case InText():
            return f"{at.part or 'text'}#{at.line}"


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as it stands in ``plan.json``: no document text but the replacements."""
    return {
        "document": plan.document,
        "profile": {"name": plan.profile.name, "version": plan.profile.version, "digest": plan.profile.digest},
        "case": plan.case,
        "recipient": plan.reader,
        "version": plan.version,
        "decisions": [
            {
                "start": decision.span.start,
                "end": decision.span.end,
                "label": decision.label.value,
                "person": decision.person,
                "action": decision.action.name.lower(),
                "replacement": decision.replacement,
                "reason": decision.reason,
                "because": decision.because,
                "rule": decision.rule,
                "certain": decision.certain,
                "by": decision.by,
            }
            for decision in plan.decisions
        ],
        "sections": [
            {
                "start": section.span.start,
                "end": section.span.end,
                "action": section.action.name.lower(),
                "reason": section.reason,
                "because": section.because,
                "placeholder": section.placeholder,
                "rule": section.rule,
                "certain": section.certain,
                "by": section.by,
            }
            for section in plan.sections
        ],
        "settled_stops": [list(stop) for stop in plan.settled_stops],
        "reviewed_by": plan.reviewed_by,
        "approved_by": plan.approved_by,
        "digest": plan.digest,
    }


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _DecisionFile(_Loose):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    label: Label = Field(strict=False)
    person: str | None = None
    action: str
    replacement: str = ""
    reason: str = ""
    because: str = ""
    rule: str = ""
    certain: bool = True
    by: str = "profile"


class _SectionFile(_Loose):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    action: str
    reason: str = ""
    because: str = ""
    placeholder: str = ""
    rule: str = ""
    certain: bool = True
    by: str = "profile"


class _ProfileFile(_Loose):
    name: str
    version: int
    digest: str


class _PlanFile(_Loose):
    document: str
    profile: _ProfileFile
    case: str = ""
    recipient: str = ""
    version: int = 1
    decisions: list[_DecisionFile]
    sections: list[_SectionFile] = []
    settled_stops: list[tuple[str, str]] = Field(default=[], strict=False)
    reviewed_by: str | None = None
    approved_by: str | None = None


def plan_from_json(untrusted: bytes) -> Plan:
    """Read a plan that a person has reviewed.

    Raises:
        InvalidDefinition: if it is not a plan, or redacts without a reason.
    """
    try:
        read = _PlanFile.model_validate_json(untrusted)
        return Plan(
            document=Digest(read.document),
            profile=ProfileRef(read.profile.name, read.profile.version, Digest(read.profile.digest)),
            case=read.case,
            reader=read.recipient,
            version=read.version,
            decisions=tuple(sorted((_decision(entry) for entry in read.decisions), key=lambda d: d.span)),
            sections=tuple(sorted((_section(entry) for entry in read.sections), key=lambda s: s.span)),
            settled_stops=tuple((stop[0], stop[1]) for stop in read.settled_stops),
            reviewed_by=read.reviewed_by,
            approved_by=read.approved_by,
        )
    except ValidationError as problem:
        where = ".".join(str(part) for part in problem.errors()[0]["loc"])
        raise InvalidDefinition(f"The reviewed plan is not valid at '{where}'.") from None
    except (KeyError, ValueError):
        raise InvalidDefinition("The reviewed plan names an action or a span that does not exist.") from None


def _decision(entry: _DecisionFile) -> Decision:
    return Decision(
        span=Span(entry.start, entry.end),
        action=Action[entry.action.upper()],
        replacement=entry.replacement,
        reason=ReasonCode(entry.reason),
        because=entry.because,
        rule=entry.rule,
        label=entry.label,
        person=PersonId(entry.person) if entry.person else None,
        by=entry.by,
        certain=entry.certain,
    )


def _section(entry: _SectionFile) -> SectionDecision:
    return SectionDecision(
        span=Span(entry.start, entry.end),
        action=Action[entry.action.upper()],
        reason=ReasonCode(entry.reason),
        because=entry.because,
        placeholder=entry.placeholder,
        rule=entry.rule,
        by=entry.by,
        certain=entry.certain,
    )


def counts_json(plan: Plan) -> dict[str, dict[str, int]]:
    """Return how often each action was taken, for each label."""
    counted: dict[str, Counter[str]] = {}
    for decision in plan.decisions:
        counted.setdefault(decision.label.value, Counter())[decision.action.name.lower()] += 1
    return {label: dict(sorted(actions.items())) for label, actions in sorted(counted.items())}


def checks_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the checks of a proof."""
    return [
        {"name": check.name, "passed": check.passed, "looked_at": check.looked_at, "detail": check.detail}
        for check in checks
    ]


def certificate_json(certificate: Certificate) -> Mapping[str, Any]:
    """Return what was checked on which bytes."""
    return {
        "digest": certificate.digest,
        "plan": certificate.plan,
        "statement": certificate.statement,
        "checks": checks_json(certificate.checks),
    }
