"""Invented people: names of every community, and the forms in which minutes write them."""

from __future__ import annotations

import csv
import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
HELD_OUT = 7  # one list entry in this many is never used in training: the names of the test by origin
WEIGHTS = {
    "english": 22,
    "welsh": 7,
    "scottish": 4,
    "irish": 5,
    "traveller": 6,
    "westafrican": 6,
    "eastafrican": 4,
    "southernafrican": 3,
    "pakistani": 5,
    "bangladeshi": 4,
    "indian": 6,
    "middleeastern": 8,
    "jewish": 2,
    "polish": 5,
    "romanian": 5,
    "balticslav": 4,
    "chinese": 4,
    "vietnamese": 5,
    "filipino": 2,
    "caribbean": 4,
    "latin": 3,
    "westeuropean": 3,
    "wordname": 9,
    "ons": 8,
    "world": 5,
    "invented": 8,
}
GROUPS = tuple(name for name in WEIGHTS if name not in ("ons", "world", "invented"))
PARTICLES = ("de", "del", "van", "von", "bin", "ibn", "bint", "el", "da", "ap", "ferch", "le")


def held_out(name: str) -> bool:
    """Whether a list name is kept for the test by origin."""
    return hashlib.sha256(name.casefold().encode()).digest()[0] % HELD_OUT == 0


@dataclass(slots=True)
class Pool:
    """Given names (by sex) and surnames of one community."""

    given: dict[str, list[str]] = field(default_factory=lambda: {"f": [], "m": []})
    family: list[str] = field(default_factory=list)


def _written_lists() -> dict[str, Pool]:
    pools: dict[str, Pool] = {}
    for line in (LISTS / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        group, kind, names = line.split("|", 2)
        pool = pools.setdefault(group, Pool())
        (pool.family if kind == "s" else pool.given[kind]).extend(
            n.replace("-", " ") if n[0].islower() or n.startswith(("Dela-", "Di-", "Ó-", "Mac-")) else n
            for n in names.split()
        )
    words = Pool()
    for line in (LISTS / "words.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, names = line.split("|", 1)
            if kind == "family":
                words.family = names.split()
            else:
                words.given = {"f": names.split(), "m": names.split()}
    pools["wordname"] = words
    return pools


def _latin(name: str) -> bool:
    return bool(name) and all(ord(c) < 0x250 for c in name) and " " not in name


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _open_lists(data: Path, pools: dict[str, Pool]) -> None:
    ons, world = Pool(), Pool()
    names = [(r["name"].title(), float(r["n"])) for r in _rows(data / "names/uk_baby_names_1996_2020_totals.csv")]
    common = [n for n, count in names if count >= 10]
    ons.given = {"f": common, "m": common}
    for row in _rows(data / "names/common-forenames-by-country.csv"):
        name = row["Romanized Name"] or row["Localized Name"] or ""
        if _latin(name):
            world.given["f" if row["Gender"] == "F" else "m"].append(name)
    for row in _rows(data / "names/common-surnames-by-country.csv"):
        name = row["Romanized Name"] or row["Localized Name"] or ""
        if _latin(name):
            world.family.append(name)
    for row in _rows(data / "presidio_research/FakeNameGenerator.com_3000.csv"):
        if _latin(row["GivenName"]) and _latin(row["Surname"]):
            world.given["f" if row["Gender"] == "female" else "m"].append(row["GivenName"])
            world.family.append(row["Surname"])
    ons.family = pools["english"].family + world.family
    pools["ons"], pools["world"] = ons, world


class Inventor:
    """New names by a letter chain over all known ones, so that form and context must be learned, not lists."""

    def __init__(self, names: list[str], order: int = 3) -> None:
        self.order = order
        self.table: dict[str, list[str]] = {}
        for name in names:
            padded = "^" * order + name + "$"
            for i in range(len(name) + 1):
                self.table.setdefault(padded[i : i + order], []).append(padded[i + order])

    def make(self, rng: random.Random) -> str:
        """One invented name of three to eleven letters."""
        while True:
            state, out = "^" * self.order, ""
            while len(out) < 12:
                nxt = rng.choice(self.table[state])
                if nxt == "$":
                    break
                out += nxt
                state = state[1:] + nxt
            if 3 <= len(out) <= 11 and out.isalpha():
                return out[0].upper() + out[1:]


@dataclass(slots=True)
class Person:
    """One invented person of a document."""

    given: str
    family: str
    sex: str
    origin: str
    middle: str = ""
    nick: str = ""

    @property
    def initials(self) -> str:
        """First letters of given name and surname."""
        return (self.given[0] + self.family.split()[-1].lstrip("'")[0]).upper()


class Names:
    """Draws people; `test` draws only from the names that training never sees."""

    def __init__(self, data: Path, test: bool = False) -> None:
        pools = _written_lists()
        _open_lists(data, pools)
        self.inventor_given = Inventor([n for p in pools.values() for s in "fm" for n in p.given[s][:400]])
        self.inventor_family = Inventor([n for p in pools.values() for n in p.family])
        self.pools = {g: self._share(p, test) for g, p in pools.items()}
        self.groups = [g for g in WEIGHTS if g != "invented" or not test]
        self.weights = [WEIGHTS[g] for g in self.groups]

    @staticmethod
    def _share(pool: Pool, test: bool) -> Pool:
        def keep(names: list[str]) -> list[str]:
            return [n for n in names if held_out(n) == test] or names

        return Pool({s: keep(v) for s, v in pool.given.items()}, keep(pool.family))

    def group(self, rng: random.Random) -> str:
        """A community, by weight."""
        return rng.choices(self.groups, self.weights)[0]

    def person(self, rng: random.Random, group: str | None = None, family: str | None = None) -> Person:
        """A new person of a community, with the family's surname if one is given."""
        origin = group or self.group(rng)
        sex = rng.choice("fm")
        if origin == "invented":
            given, last = self.inventor_given.make(rng), self.inventor_family.make(rng)
        else:
            pool = self.pools[origin]
            given, last = rng.choice(pool.given[sex] or pool.given["f" if sex == "m" else "m"]), rng.choice(pool.family)
            if origin == "wordname" and rng.random() < 0.5:
                if rng.random() < 0.5:
                    given = rng.choice(self.pools["ons"].given[sex])
                else:
                    last = rng.choice(self.pools["english"].family)
        person = Person(given, family or self._compound(rng, last, origin), sex, origin)
        if rng.random() < 0.12:
            person.middle = rng.choice(self.pools["ons" if origin in ("invented", "wordname") else origin].given[sex])
        person.nick = self._nickname(rng, given)
        return person

    def _compound(self, rng: random.Random, last: str, origin: str) -> str:
        chance = rng.random()
        if origin in ("ons", "english", "caribbean", "wordname", "welsh") and chance < 0.10:
            return f"{last}{rng.choice(['-', '-', ' '])}{rng.choice(self.pools['english'].family)}"
        if origin in ("latin", "filipino", "world") and chance < 0.25:
            return f"{last} {rng.choice(self.pools['latin'].family)}"
        if chance < 0.02:
            return f"{rng.choice(PARTICLES)} {last}"
        if origin in ("scottish", "irish", "invented") and chance < 0.08:
            return rng.choice(["O'", "Mc", "Mac", "Fitz", "D'"]) + last
        return last

    @staticmethod
    def _nickname(rng: random.Random, given: str) -> str:
        stock = [
            "Baz",
            "Daz",
            "Kev",
            "Shaz",
            "Bezza",
            "Tigs",
            "Squeak",
            "Bubs",
            "Lolly",
            "Mo",
            "Abs",
            "Nate",
            "Zee",
            "Jay-Jay",
            "Dinky",
            "Tone",
            "Tiny",
            "Titch",
            "Moose",
            "Ginge",
            "Smiler",
            "Bobo",
            "Coco",
            "Didi",
            "Kiki",
            "Lulu",
            "Mimi",
            "Noddy",
            "Podge",
            "Boo",
            "Bear",
            "Peanut",
            "Sparky",
            "Spud",
            "Chalky",
            "Dodge",
            "Gaz",
            "Gez",
            "Jez",
            "Loz",
            "Maz",
            "Raz",
            "Taz",
            "Wiz",
            "Blade",
            "Ghost",
            "Reaper",
            "Tank",
            "Scooby",
            "Bones",
            "Lefty",
            "Dolla",
            "Stacks",
            "Biggie",
            "Trigger",
            "Ninja",
            "Spider",
            "Jugs",
            "Rolo",
            "Skittles",
        ]
        stem = given.split("-")[0]
        short = stem[: rng.choice([2, 3, 3, 4])]
        made = short + rng.choice(["", "", "y", "ie", "zy", "s", "o", "ster"])
        return rng.choice(stock) if rng.random() < 0.35 or len(stem) < 4 else made.capitalize()
