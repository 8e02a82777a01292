"""Linking stays fast with many people: names that cannot meet are told apart by their first letters alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from redactor.language.lexicon import lexicon
from redactor.link.parts import compare, parse, reach

_FULL = sorted(lexicon().nicknames)
_PETS = sorted({pet for pets in lexicon().nicknames.values() for pet in pets})
_OTHERS = [
    "okoye",
    "o'brien",
    "ellie-mae",
    "mae",
    "kelly-ann",
    "tallis",
    "jones",
    "jone",
    "s",
    "k",
    "kb",
    "owo",
    "zsófia",
]
_word = st.sampled_from([*_FULL, *_PETS, *_OTHERS])
_name = st.lists(_word, min_size=1, max_size=3).map(lambda words: parse(" ".join(word.capitalize() for word in words)))


@given(_name, _name)
def test_names_without_a_common_first_letter_are_never_alike(one: object, other: object) -> None:
    if not reach(one) & reach(other):  # type: ignore[arg-type]
        assert compare(one, other) == compare(other, one) == 0.0  # type: ignore[arg-type]


def test_a_pet_name_is_in_reach_of_its_full_name() -> None:
    assert all(reach(parse(full)) & reach(parse(pet)) for full in _FULL for pet in lexicon().nicknames[full])
