"""What is left after redaction, seen by somebody who tries to recognise a person (ICO anonymisation guidance, 2025).

Three questions of the guidance: can one person be singled out, can two copies be linked, can a detail be inferred? The
answers here are counts and warnings for the author, never a promise that nobody can be recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from redactor.model import Action, Decision, Detected, Document, Finding, Label, PersonId, Plan
from redactor.policy import strictyaml
from redactor.resources import path


class Quasi(BaseModel):
    """How telling one kind of detail is.

    Args:
        weight: added for each different detail of the kind about one person.
        words: for messages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: int
    words: str


class Settings(BaseModel):
    """The content of templates/risk.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quasi: dict[Label, Quasi]
    generalised_share: float
    medium: int
    high: int
    rare: dict[str, list[str]]
    checklist: list[str]


@dataclass(frozen=True, slots=True)
class PersonRisk:
    """How far one person could be singled out by what is left about them.

    Args:
        person: whose details.
        score: sum of the weights of different details that stay.
        level: "low", "medium" or "high".
        kinds: which kinds of details stay, in words.
    """

    person: PersonId
    score: float
    level: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """What the author should know before release.

    Args:
        people: those about whom something stays, the most exposed first.
        rare: groups of rare attributes met in the text that stays, with how often.
        direct: findings that name somebody outright and stay as they are.
        checklist: questions of a motivated intruder that no program can answer.
    """

    people: tuple[PersonRisk, ...]
    rare: tuple[tuple[str, int], ...]
    direct: int
    checklist: tuple[str, ...]

    @property
    def level(self) -> str:
        """The worst level met."""
        levels = [person.level for person in self.people]
        if self.direct or "high" in levels:
            return "high"
        return "medium" if self.rare or "medium" in levels else "low"


@dataclass(frozen=True, slots=True)
class Joined:
    """What two copies of one document tell together that one of them alone does not.

    Args:
        first_only: findings readable only in the first copy.
        second_only: findings readable only in the second copy.
        by_label: the same, counted by kind of detail.
        named: people whom one copy names where the other gives them a label: the label hides nobody any more.
    """

    first_only: int
    second_only: int
    by_label: tuple[tuple[str, int], ...]
    named: tuple[PersonId, ...] = ()

    @property
    def tells_more(self) -> bool:
        """Whether the two together tell more than each alone."""
        return bool(self.named) or bool(self.first_only and self.second_only)


@cache
def settings() -> Settings:
    """Return weights, thresholds, rare attributes and the checklist."""
    return strictyaml.parse(path("templates", "risk.yaml").read_bytes(), Settings, "risk settings")


def assess(document: Document, detected: Detected, plan: Plan) -> Risk:
    """Say what could still single somebody out in a copy made from a plan."""
    told = settings()
    details: dict[PersonId, dict[Label, set[str]]] = {}
    exact: set[tuple[PersonId, Label]] = set()
    direct = 0
    for finding, decision in _decided(detected, plan):
        if decision.action > Action.GENERALISE:
            continue
        kept = decision.action == Action.KEEP
        direct += kept and finding.label in _DIRECT
        if finding.person is None or finding.label not in told.quasi:
            continue
        words = document.text[finding.span.start : finding.span.end] if kept else decision.replacement
        details.setdefault(finding.person, {}).setdefault(finding.label, set()).add(words.casefold())
        if kept:
            exact.add((finding.person, finding.label))
    people = [_person(person, kinds, exact, told) for person, kinds in details.items()]
    return Risk(
        people=tuple(sorted(people, key=lambda person: (-person.score, person.person))),
        rare=_rare(document, plan, told),
        direct=direct,
        checklist=tuple(told.checklist),
    )


def join(document: Document, detected: Detected, first: Plan, second: Plan) -> Joined:
    """Compare two plans for one document: what would readers who put their copies side by side learn?

    Raises:
        ValueError: if the plans are not for this document.
    """
    if {first.document, second.document} != {document.digest}:
        raise ValueError("both plans must be for this document")
    done_first = {finding.span: decision.action for finding, decision in _decided(detected, first)}
    done_second = {finding.span: decision.action for finding, decision in _decided(detected, second)}
    in_first = {span for span, action in done_first.items() if action == Action.KEEP}
    in_second = {span for span, action in done_second.items() if action == Action.KEEP}
    named = {
        finding.person
        for finding in detected.findings
        if finding.label == Label.PERSON
        and finding.person is not None
        and {done_first.get(finding.span), done_second.get(finding.span)} == {Action.KEEP, Action.PSEUDONYM}
    }
    labels = Counter(finding.label.value for finding in detected.findings if finding.span in in_first ^ in_second)
    return Joined(
        len(in_first - in_second), len(in_second - in_first), tuple(sorted(labels.items())), tuple(sorted(named))
    )


_DIRECT = frozenset(
    {Label.PERSON, Label.DOB, Label.ADDRESS, Label.POSTCODE, Label.PHONE, Label.EMAIL, Label.USERNAME, Label.NHS_NUMBER}
)


def _decided(detected: Detected, plan: Plan) -> Iterator[tuple[Finding, Decision]]:
    """Yield each finding with the strictest decision that touches it; both lists are sorted."""
    position = 0
    for finding in detected.findings:
        while position < len(plan.decisions) and plan.decisions[position].span.end <= finding.span.start:
            position += 1
        touching = []
        for decision in plan.decisions[position:]:
            if decision.span.start >= finding.span.end:
                break
            touching.append(decision)
        if touching:
            yield finding, max(touching, key=lambda decision: decision.action)


def _person(
    person: PersonId, kinds: dict[Label, set[str]], exact: set[tuple[PersonId, Label]], told: Settings
) -> PersonRisk:
    """Weigh the different details that stay about one person; a generalised one counts less."""
    score = 0.0
    for label, words in kinds.items():
        share = 1.0 if (person, label) in exact else told.generalised_share
        score += told.quasi[label].weight * len(words) * share
    level = "high" if score >= told.high else "medium" if score >= told.medium else "low"
    return PersonRisk(person, round(score, 1), level, tuple(sorted(told.quasi[label].words for label in kinds)))


def _rare(document: Document, plan: Plan, told: Settings) -> tuple[tuple[str, int], ...]:
    """Count rare attributes in the text that stays."""
    left = _left(document, plan)
    counts = Counter(
        {name: len(re.findall("|".join(patterns), left, re.IGNORECASE)) for name, patterns in told.rare.items()}
    )
    return tuple((name, count) for name, count in sorted(counts.items()) if count)


def _left(document: Document, plan: Plan) -> str:
    """Return the text outside everything that the plan changes."""
    changed = sorted(
        [decision.span for decision in plan.decisions if decision.action != Action.KEEP]
        + [section.span for section in plan.sections if section.action != Action.KEEP]
    )
    parts, end = [], 0
    for span in changed:
        parts.append(document.text[end : max(end, span.start)])
        end = max(end, span.end)
    return " ".join([*parts, document.text[end:]])
