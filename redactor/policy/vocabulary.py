"""Words that profiles share: groups of labels, what a confidential mark covers, and what people are called."""

from __future__ import annotations

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
        rare_letters: letters never used for a pseudonym (President's guidance 2018).
        places: words in a place's own name, and what to call such a place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label_groups: dict[str, list[Label]]
    confidential_covers: dict[Confidential, list[Label]]
    person_labels: dict[Relation, str]
    sexed_labels: dict[str, dict[Relation, str]]
    sexed_words: dict[str, list[str]]
    professional_roles: dict[str, str]
    rare_letters: str
    places: dict[Label, list[tuple[str, str]]]
    place_otherwise: dict[Label, str]
    special: list[tuple[str, str]]
    special_otherwise: str


@cache
def vocabulary() -> Vocabulary:
    """Return the shared words, read once."""
    return strictyaml.parse(path("templates", "vocabulary.yaml").read_bytes(), Vocabulary, "vocabulary")


def covered(label: Label, marks: frozenset[Confidential]) -> bool:
    """Say whether one of a person's confidential marks covers a label."""
    covers = vocabulary().confidential_covers
    return any(label in covers.get(mark, ()) for mark in marks)
