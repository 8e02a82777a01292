"""Invented addresses, places, schools and organisations."""

from __future__ import annotations

import random

from models.training.values import letters, postcode, table

PLACES = table("places.txt")


def _one(rng: random.Random, key: str) -> str:
    return rng.choice(PLACES[key])


def special(rng: random.Random, kind: str) -> str:
    """A protected characteristic: eth, rel, orient, imm or diag."""
    return _one(rng, "special_" + kind)


def town(rng: random.Random) -> str:
    """A town or a quarter of one."""
    return _one(rng, "town" if rng.random() < 0.6 else "area")


def foreign(rng: random.Random) -> str:
    """A town abroad."""
    return _one(rng, "foreign")


def street(rng: random.Random) -> str:
    """A street name."""
    stem = _one(rng, "stem")
    if rng.random() < 0.2 and " " not in stem:
        stem += rng.choice(["field", "wood", "bourne", "ley", "dale", " Hill", " Park", "s"])
    if rng.random() < 0.04:
        return "The " + rng.choice(
            ["Croft", "Green", "Street", "Mount", "Paddock", "Avenue", "Drove", "Hollow", "Triangle", "Square"]
        )
    return f"{stem} {_one(rng, 'streettype')}"


def _unit(rng: random.Random) -> str:
    number = rng.randint(1, 60)
    return rng.choice(
        [
            f"Flat {number}",
            f"Flat {number}",
            f"Flat {letters(rng, 1, 'ABCDEFG')}",
            f"Apt {number}",
            f"Apartment {number}",
            f"Room {number}",
            f"Unit {number}",
            f"{rng.choice(['Top', 'First', 'Ground'])} Floor Flat",
            "Basement Flat",
            f"Pitch {number}",
            f"Caravan {number}",
        ]
    )


def address(rng: random.Random) -> str:
    """A street address, more or less complete."""
    number = str(rng.randint(1, 240)) + rng.choice(["", "", "", "", "a", "b", "A", " B"])
    head = f"{number} {street(rng)}"
    chance = rng.random()
    if chance < 0.08:
        head = f"{number}, {street(rng)}"
    elif chance < 0.16:
        head = f"{_one(rng, 'housename')}, {street(rng)}"
    elif chance < 0.22:
        head = _one(rng, "housename")
    if rng.random() < 0.2:
        block = head if rng.random() < 0.8 else f"{_one(rng, 'stem')} House, {street(rng)}"
        head = f"{_unit(rng)}{rng.choice([', ', ', ', ' '])}{block}"
    if rng.random() < 0.3:
        head += f", {_one(rng, 'area')}"
    if rng.random() < 0.55:
        head += f"{rng.choice([', ', ', ', ' '])}{_one(rng, 'town')}"
    if rng.random() < 0.1:
        head += f", {_one(rng, 'county')}"
    if rng.random() < 0.45:
        head += f"{rng.choice([', ', ' ', ' '])}{postcode(rng)}"
    return head


def saint(rng: random.Random) -> str:
    """A saint, in some spelling."""
    return f"{rng.choice(['St', 'St', 'St.', 'Saint'])} {_one(rng, 'saint')}"


def school(rng: random.Random, surname: str) -> str:
    """A school, nursery, college or referral unit."""
    kind, stem = _one(rng, "school_kind"), _one(rng, "stem")
    base = rng.choice(
        [
            f"{saint(rng)}'s",
            f"{saint(rng)}'s {rng.choice(['RC', 'CE', 'Catholic', 'C of E', 'VA'])}",
            town(rng),
            stem,
            stem + rng.choice(["field", "wood", "side", " Hill", " Road", " Park", "bank", "combe", " Green"]),
            surname,
            f"Sir {rng.choice(['William', 'John', 'Thomas', 'James', 'Edward', 'Harry', 'Isaac'])} {surname}",
            f"The {stem}",
            f"Ysgol {_one(rng, 'school_welsh')}",
            _one(rng, "nursery"),
        ]
    )
    if base.startswith("Ysgol") or ("'s" in base and rng.random() < 0.3):
        return base
    return base if rng.random() < 0.07 and " " in base else f"{base} {kind}"


def org(rng: random.Random, surname: str, given: str) -> str:
    """A named organisation that could identify somebody."""
    stem, place_name = _one(rng, "stem"), town(rng)
    partner = rng.choice(["Hart", "Lowe", "Pyke", "Marsh", "Stone", "Wells", "Khan", "Singh", "Reid"])
    return rng.choice(
        [
            f"{stem} {_one(rng, 'health_kind')}",
            f"{place_name} {_one(rng, 'hospital_kind')}",
            f"{saint(rng)}'s {_one(rng, 'saint_kind')}",
            f"{stem} {_one(rng, 'house_kind')}",
            f"{place_name} {_one(rng, 'club_kind')}",
            f"{surname} {_one(rng, 'firm_kind')}",
            f"{surname} & {partner} {rng.choice(['Solicitors', 'LLP', 'Law', 'Family Solicitors'])}",
            f"{given}'s {_one(rng, 'shop_kind')}",
            f"{_one(rng, 'charity')} {_one(rng, 'charity_kind')}",
            f"{_one(rng, 'charity')} {_one(rng, 'charity_kind')}",
            f"{place_name} {_one(rng, 'town_kind')}",
            f"{place_name} {_one(rng, 'house_kind')}",
            f"{_one(rng, 'charity')}",
        ]
    )


def place(rng: random.Random, given: str, surname: str) -> str:
    """A named place that is neither a town nor a postal address."""
    stem, shop = _one(rng, "stem"), _one(rng, "shop")
    return rng.choice(
        [
            *[f"{stem} {_one(rng, 'park_kind')}" for _ in range(4)],
            f"The {_one(rng, 'pub')}",
            f"The {_one(rng, 'pub')}",
            f"{town(rng)} {_one(rng, 'landmark')}",
            f"{town(rng)} {_one(rng, 'landmark')}",
            shop,
            f"{shop} on {street(rng)}",
            f"{shop} in {town(rng)}",
            street(rng),
            f"{surname}'s Field",
            f"{given} {rng.choice(['Gardens', 'Park', 'Bridge', 'Point', 'Quay'])}",
            *[town(rng) for _ in range(4)],
            stem,
            f"Llan{_one(rng, 'llan')}",
        ]
    )
