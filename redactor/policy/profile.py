"""A profile: what one kind of reader's copy may show, as data that a lawyer can read line by line."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from redactor.model import Action, Audience, Digest, Label, ProfileRef, Role
from redactor.policy.casefile import PersonEntry, RecipientEntry, check_ids
from redactor.policy.conditions import Does, Kinds, Labels, Parts, Standings, Strict, When
from redactor.policy.reasons import load_reasons
from redactor.policy.strictyaml import Misplaced
from redactor.policy.wording import groups

_FIELD = re.compile(r"\{[^{}]*\}?")
_TAG = re.compile(r"\{\{([A-Z_]+)\|")


def _once(names: list[str], within: str, words: str) -> None:
    """Refuse the second of two things with one name, at its place."""
    for number, name in enumerate(names):
        if name in names[:number]:
            raise Misplaced(f"{words} '{name}'", within, number, "name")


class Outcome(Strict):
    """What happens and why.

    Args:
        do: the action.
        reason: code of templates/reasons.yaml; needed for everything but keep.
        because: one plain sentence for the file.
        replacement: what stands there instead; {label} is the person's own label, {general} the general word.
        ask: a person must decide; until then this action applies.
    """

    do: Does
    reason: str = ""
    because: str = ""
    replacement: str = ""
    ask: bool = False

    @field_validator("replacement")
    @classmethod
    def _known_fields(cls, words: str) -> str:
        if any(field not in ("{label}", "{general}") for field in _FIELD.findall(words)):
            raise ValueError("only {label} and {general} can stand in braces")
        return words

    @model_validator(mode="after")
    def _has_a_reason(self) -> Outcome:
        if self.do != Action.KEEP and not (self.reason and self.because):
            raise ValueError("everything but keep needs a reason code and a 'because' sentence")
        if self.reason and self.reason not in load_reasons():
            raise Misplaced("this reason code is not in templates/reasons.yaml", "reason")
        return self


class Rule(Outcome):
    """One line of the profile; the first that fits decides.

    Args:
        everyone: applies even to a reader whom the profile was not made for.
        stands: decides also where it is in doubt whom the detail is about; for what tells nothing whoever it is.
    """

    name: str = Field(min_length=3)
    when: When
    everyone: bool = False
    stands: bool = False


class SectionRule(Strict):
    """What happens to a whole section of one audience."""

    do: Literal["drop", "keep", "ask"]
    reason: str = ""
    because: str = ""
    placeholder: str = ""

    @model_validator(mode="after")
    def _has_a_reason(self) -> SectionRule:
        if self.do != "keep" and not (self.reason and self.because):
            raise ValueError("a dropped section needs a reason code and a 'because' sentence")
        if self.reason and self.reason not in load_reasons():
            raise Misplaced("this reason code is not in templates/reasons.yaml", "reason")
        return self


class PassageRule(Outcome):
    """What happens to a clause or sentence that a group of templates/passages.yaml recognises.

    Args:
        group: of templates/passages.yaml.
        keep_quotations: somebody else's quoted words stay, unless they too speak of the protected person.
        spare: nothing happens where the nearest person spoken of is one of these, seen from the reader.
        spare_works_with: nor where the reading agency already works with that person.
    """

    group: str
    keep_quotations: bool = True
    spare: Standings = ()
    spare_works_with: bool = False

    @field_validator("group")
    @classmethod
    def _known_group(cls, name: str) -> str:
        if name not in groups():
            raise ValueError(f"this group is not in templates/passages.yaml; use one of {', '.join(groups())}")
        return name


class HardStop(StrEnum):
    """What must never show without a recorded reference (domain rules 1.4)."""

    CONFIDENTIAL_DETAILS = "confidential_details"
    REFERRER = "referrer"
    THIRD_PARTY_CHILD = "third_party_child"
    OTHER_PARENT_CONTACT = "other_parent_contact"


class Preserve(StrEnum):
    """What the copy must not lose."""

    VIEWS = "views"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    DISSENT = "dissent"
    REVIEW_DATE = "review_date"


class GateDemand(Strict):
    """One field of the release form that this profile demands, in words for whoever fills it in."""

    field: Literal[
        "route",
        "lawful_basis",
        "purpose",
        "authorised_by",
        "authorised_on",
        "reference",
        "agreement",
        "recipient_checked_by",
        "approved_by",
        "expiry",
    ]
    words: str


class Marks(Strict):
    """What the copy carries: classification, watermark, cover, schedule, protection."""

    classification: str = "OFFICIAL-SENSITIVE"
    watermark: bool = True
    encrypt: bool = True
    cover: bool = True
    schedule: Literal["served", "internal", "none"] = "served"
    widths: Literal["standard", "exact"] = "standard"


class Times(Strict):
    """How dates and ages are told where a rule generalises them.

    Args:
        dates: month and year; the year; counted months ("Month 3") or weeks from the first date of the series; or
            shifted by the series' own number of days, so that order and durations stay.
        age_bands: lowest age in years, and the words for it.
    """

    dates: Literal["month_year", "year", "month_number", "week_number", "shifted"] = "month_year"
    age_bands: tuple[tuple[int, str], ...] = ()

    @field_validator("age_bands")
    @classmethod
    def _rising(cls, bands: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
        for number, (lower, higher) in enumerate(pairwise(bands), start=1):
            if higher[0] <= lower[0]:
                raise Misplaced("each band must begin at a higher age than the one before", number)
        return bands


class Example(Strict):
    """A small worked case that the profile must get right.

    Args:
        text: with details marked as {{LABEL|person|words}}, the person "-" for nobody.
        people: the case's people (as in a case file).
        reader: as in a case file's recipients.
        audience: of the whole text.
        expect: the text as the reader sees it.
    """

    name: str
    text: str
    people: tuple[PersonEntry, ...] = ()
    reader: RecipientEntry | None = None
    audience: Audience = Audience.OPEN
    expect: str

    @field_validator("text")
    @classmethod
    def _known_labels(cls, text: str) -> str:
        unknown = sorted(set(_TAG.findall(text)) - set(Label))
        if unknown:
            raise ValueError(f"'{unknown[0]}' is not a label")
        return text

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Example:
        check_ids(self.people, {"r1": self.reader} if self.reader else {}, "reader")
        return self


class Profile(Strict):
    """All that decides one kind of copy. See docs/policy.md for how to write one.

    Args:
        readers: the kinds of reader it is made for; others get only what is marked ``everyone``.
        unknown: what happens to what no rule names.
        doubt_below: score under which a finding is in doubt, and the stricter of its rule and ``unknown`` applies.
        flags_only: labels that only draw a person's attention; doubt about them asks but takes nothing away.
        parts_removed: parts of the file that no reader of this profile gets.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{2,40}$")
    version: int = Field(ge=1)
    title: str
    about: str
    readers: Kinds
    unknown: Outcome
    doubt_below: float = Field(ge=0, le=1, default=0.35)
    flags_only: Labels = ()
    parts_removed: Parts
    sections: dict[Audience, SectionRule]
    rules: tuple[Rule, ...]
    passages: tuple[PassageRule, ...] = ()
    hard_stops: tuple[HardStop, ...] = ()
    preserve: tuple[Preserve, ...] = ()
    gate: tuple[GateDemand, ...] = ()
    marks: Marks = Marks()
    times: Times = Times()
    examples: tuple[Example, ...] = ()

    _digest: Digest = PrivateAttr(default=Digest(""))

    @field_validator("parts_removed")
    @classmethod
    def _no_working_notes(cls, parts: tuple[Role, ...]) -> tuple[Role, ...]:
        missing = {Role.COMMENT, Role.DELETED, Role.METADATA, Role.HIDDEN} - set(parts)
        if missing:
            raise ValueError(f"every profile must remove {', '.join(sorted(missing))}")
        return parts

    @model_validator(mode="after")
    def _whole(self) -> Profile:
        missing = set(Audience) - {Audience.OPEN} - set(self.sections)
        if missing:
            raise Misplaced(f"say what happens to {', '.join(sorted(missing))}", "sections")
        _once([rule.name for rule in self.rules], "rules", "two rules have the name")
        _once([example.name for example in self.examples], "examples", "two examples have the name")
        return self

    @property
    def ref(self) -> ProfileRef:
        """Which exact profile this is."""
        return ProfileRef(self.name, self.version, self._digest)

    @property
    def widths(self) -> str:
        """How gaps are closed where text was removed from a fixed layout."""
        return self.marks.widths

    def with_digest(self, digest: Digest) -> Profile:
        """Return the same profile knowing the digest of its file."""
        copy = self.model_copy()
        copy._digest = digest
        return copy
