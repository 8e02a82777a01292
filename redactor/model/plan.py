"""What happens to each finding, why, and on whose authority."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from redactor.model.document import Span
from redactor.model.words import Action, Digest, Label, PersonId, ReasonCode, digest_of


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one span, and why.

    Args:
        replacement: what the reader sees instead; empty for KEEP and for a bare removal.
        reason: key of templates/reasons.yaml; empty for KEEP.
        because: a plain sentence for the file, without document text.
        rule: which rule of the profile decided.
        by: "profile" or the reviewer's account id.
        certain: False while a person still has to decide; the strictest action applies until then.
    """

    span: Span
    action: Action
    replacement: str
    reason: ReasonCode
    because: str
    rule: str
    label: Label
    person: PersonId | None = None
    by: str = "profile"
    certain: bool = True


@dataclass(frozen=True, slots=True)
class SectionDecision:
    """What happens to a whole section; ``placeholder`` is what stands in its place, or nothing."""

    span: Span
    action: Action
    reason: ReasonCode
    because: str
    placeholder: str = ""
    rule: str = ""
    by: str = "profile"
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ProfileRef:
    """Which exact profile decided: name, version and digest of its file."""

    name: str
    version: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class Plan:
    """One decision for every finding: disjoint, sorted, complete. Holds no document text but replacements.

    Args:
        case: the case's reference.
        reader: key of the reader for whom it was made.
        version: 1 for the profile's own plan, counted up by each review.
        settled_stops: hard stops overridden, each with its recorded reference.
    """

    document: Digest
    profile: ProfileRef
    case: str
    reader: str
    decisions: tuple[Decision, ...]
    sections: tuple[SectionDecision, ...] = ()
    version: int = 1
    reviewed_by: str | None = None
    approved_by: str | None = None
    settled_stops: tuple[tuple[str, str], ...] = ()
    digest: Digest = field(default=Digest(""), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> Digest:
        """Cover all that decides the output, and nothing else."""
        content = {
            "document": self.document,
            "profile": asdict(self.profile),
            "case": self.case,
            "reader": self.reader,
            "decisions": [
                [d.span.start, d.span.end, int(d.action), d.replacement, d.reason, d.certain] for d in self.decisions
            ],
            "sections": [[s.span.start, s.span.end, int(s.action), s.reason, s.placeholder] for s in self.sections],
            "stops": [list(stop) for stop in self.settled_stops],
        }
        return digest_of(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode())


@dataclass(frozen=True, slots=True)
class Gate:
    """The release form as filled in (domain rules 1.5)."""

    route: str = ""
    lawful_basis: str = ""
    purpose: str = ""
    authorised_by: str = ""
    authorised_on: str = ""
    reference: str = ""
    agreement_version: str = ""
    agreement_signed_on: str = ""
    recipient_checked_by: str = ""
    approved_by: str = ""
    expiry: str = ""
    notes: str = ""
