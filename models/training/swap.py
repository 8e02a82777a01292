"""Puts names of every community in the place of an open set's own, so that its sentences teach context, not fame."""

from __future__ import annotations

import random

from models.training.noise import Line
from models.training.people import Names

_KEEP = 0.35  # share of names that stay as they were written
_LOWER = 0.12  # share of lines written without capitals
_CLOSES = tuple(".,!?;:)%…")
_OPENS = [[("(", None)], [("£", None)], [("$", None)]]
_ENDINGS = frozenset({"n't", "'s", "'m", "'re", "'ll", "'ve", "'d"})


def renamed(line: Line, names: Names, rng: random.Random) -> Line:
    """The same sentence about other people, each name in the manner in which the old one was written."""
    group = None if rng.random() < 0.6 else names.group(rng)
    out: Line = []
    for text, label in line:
        if label == "PERSON" and rng.random() > _KEEP and text.replace(" ", "").isalpha():
            person = names.person(rng, group)
            given, family = person.given, person.family
            one = rng.choice([given, given, family, person.nick or given])
            new = f"{given} {family}" if " " in text else one
            text = new.lower() if text.islower() else new.upper() if text.isupper() and len(text) > 3 else new
        out.append((text, label))
    return out


def joined(line: Line) -> Line:
    """The same tokens spaced as people space them: no blank before a stop, none inside 'don't'."""
    out: Line = []
    for text, label in line:
        if out and out[-1] == (" ", None) and (text[:1] in _CLOSES or text in _ENDINGS or out[-2:-1] in _OPENS):
            out.pop()
        out.append((text, label))
    return out


def varied(line: Line, names: Names, rng: random.Random) -> Line:
    """One more version of a sentence: other names, other spacing, sometimes no capitals."""
    made = renamed(line, names, rng)
    if rng.random() < 0.6:
        made = joined(made)
    if rng.random() < _LOWER:
        made = [(text.lower(), label) for text, label in made]
    return made
