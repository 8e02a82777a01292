"""Ordinary words and invented abbreviations: the innocent bystanders among which names must be found."""

from __future__ import annotations

import random
from functools import cache

from models.training.values import letters
from redactor.language.lexicon import lexicon


@cache
def _words() -> tuple[str, ...]:
    known = lexicon()
    return tuple(sorted(w for w in known.words if len(w) > 2 and w not in known.forenames and w not in known.surnames))


def word(rng: random.Random) -> str:
    """A word that is nobody's name."""
    return rng.choice(_words())


def capital_word(rng: random.Random) -> str:
    """The same with a capital, as headings, projects and the first words of sentences have."""
    return word(rng).capitalize()


def abbreviation(rng: random.Random) -> str:
    """An abbreviation of a body, form or meeting, known or invented."""
    if rng.random() < 0.4:
        return rng.choice(sorted(a.upper() for a in lexicon().abbreviations if 2 < len(a) < 7))
    return letters(rng, rng.choice([3, 3, 4, 4, 4, 5, 5, 6]), "AABCCDEEFGHIJKLMNOOPPQRSSTTUVWY")
