"""The paragraph styles of our own templates: a part's audience and a person's relation that nobody has to guess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from redactor.model import Audience, Relation
from redactor.resources import path


@dataclass(frozen=True, slots=True)
class Styles:
    """What a paragraph in one of our styles is; styles are compared in lower case."""

    audiences: dict[str, Audience]
    people: dict[str, Relation]


@cache
def styles() -> Styles:
    """Return the styles, read once from templates/styles.yaml."""
    raw = yaml.safe_load(path("templates", "styles.yaml").read_text(encoding="utf-8"))
    return Styles(
        {style.casefold(): Audience(audience) for audience, style in raw["audiences"].items()},
        {style.casefold(): Relation(relation) for relation, style in raw["people"].items()},
    )
