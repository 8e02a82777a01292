"""Words that profiles share: groups of labels, what a confidential mark covers, and what people are called."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from redactor.model import Confidential, Label, Relation
from redactor.policy import strictyaml
from redactor.resources import path


class Vocabulary(BaseModel):
    """The content of templates/vocabulary.yaml.

    Args:
        label_groups: a lower-case word for several labels, usable in any rule.
        confidential_covers: which labels a person's confidential mark covers.
        person_labels: how a person of each relation is called, with {letter} or {number} where people
            must be told apart.
        sexed_labels: words for parents and others once the text says which they are.
        professional_roles: roles that may stand in place of a professional's name, longest first.
        kin_words: words for members of the family of the case.
        leaves_open: words after which it is open whose a private detail is, in a line that names nobody later.
        child_records: words of a child's own health record; what their sentence tells is the child's.
        rare_letters: letters never used for a pseudonym (President's guidance 2018).
        wordings: patterns that a rule may ask a detail's own text for, by name.
        contexts: the same for the words just before the detail.
        services: words in an agency's name that say what it does.
        town: what a town or village of the gazetteer is called.
        places: words in a place's own name, and what to call such a place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label_groups: dict[str, list[Label]]
    confidential_covers: dict[Confidential, list[Label]]
    person_labels: dict[Relation, str]
    sexed_labels: dict[str, dict[Relation, str]]
    sexed_words: dict[str, list[str]]
    professional_roles: dict[str, str]
    kin_words: list[str]
    leaves_open: list[str]
    child_records: list[str]
    rare_letters: str
    wordings: dict[str, list[str]]
    contexts: dict[str, list[str]]
    services: dict[str, list[str]]
    places: dict[Label, list[tuple[str, str]]]
    place_otherwise: dict[Label, str]
    town: str
    special: list[tuple[str, str]]
    special_otherwise: str


@cache
def vocabulary() -> Vocabulary:
    """Return the shared words, read once."""
    return strictyaml.parse(path("templates", "vocabulary.yaml").read_bytes(), Vocabulary, "vocabulary")


@cache
def _wording(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in vocabulary().wordings[name]), re.IGNORECASE)


@cache
def _context(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in vocabulary().contexts[name]), re.IGNORECASE)


def wordings_of(text: str, before: str = "") -> frozenset[str]:
    """Return the names of the wordings that a detail's text, or what stands just before it, fits."""
    own = {name for name in vocabulary().wordings if _wording(name).search(text)}
    return frozenset(own | {name for name in vocabulary().contexts if before and _context(name).search(before)})


def services_of(name: str) -> frozenset[str]:
    """Return what an agency does, as far as its name says."""
    folded = f" {name.casefold()} "
    return frozenset(kind for kind, words in vocabulary().services.items() if any(word in folded for word in words))


def covered(label: Label, marks: frozenset[Confidential]) -> bool:
    """Say whether one of a person's confidential marks covers a label."""
    covers = vocabulary().confidential_covers
    return any(label in covers.get(mark, ()) for mark in marks)
