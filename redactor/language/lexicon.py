"""Names, words and closed lists, loaded once: which words name people, which never do, and what titles and kin words say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

RANKS = frozenset(
    ["pc", "ps", "dc", "ds", "di", "dci", "wpc", "cc", "ci", "dj", "hhj", "acc"]
)  # titles only when in capitals
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader, in C where it is built in
_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known about single words, all in lower case.

    Args:
        words: ordinary English words; a name that is one of them needs evidence.
        forenames: given names with the number of UK births that carried them.
        sexes: 'f' or 'm' for the given names that are borne by one sex alone (97 births in 100).
        surnames: frequent family names of many countries.
        places: towns and villages of Great Britain, as spelt.
        counties: counties of the United Kingdom; they stand in the names of agencies, and name nobody.
        nicknames: for each name, all the names it can stand for or be shortened to.
        abbreviations: words in capitals that never stand for a person.
        safe: words that are capitalised in minutes without being anyone's name.
        titles: words that stand before a name.
        kinship_titles: kin words that stand before a name as a title does.
        kinship: kin words and the relation that they suggest.
        roles: job titles.
        role_starts: the first words of job titles.
        parts: nouns for the parts that people play, whose plurals name groups.
        fields: for each kind of detail, the headings that announce it.
        field_words: for each kind of detail, the words by which any other short heading announces it.
        agencies: matches a public body as such.
        innocent: matches scales, schemes and things that carry a name and stand for nobody.
        months: the names of the months.
        calendar: months, weekdays and holidays.
    """

    words: frozenset[str]
    forenames: dict[str, int]
    sexes: dict[str, str]
    surnames: frozenset[str]
    places: frozenset[str]
    counties: frozenset[str]
    nicknames: dict[str, frozenset[str]]
    abbreviations: frozenset[str]
    safe: frozenset[str]
    titles: frozenset[str]
    kinship_titles: frozenset[str]
    kinship: dict[str, str]
    roles: frozenset[str]
    role_starts: frozenset[str]
    parts: frozenset[str]
    fields: dict[str, str]
    field_words: tuple[tuple[str, re.Pattern[str]], ...]
    agencies: re.Pattern[str]
    innocent: re.Pattern[str]
    months: frozenset[str]
    calendar: frozenset[str]

    def is_word(self, word: str) -> bool:
        """Say whether this is an ordinary word of English, also in its plural or with 's."""
        lower = word.lower().removesuffix("'s").strip("'-")
        return lower in self.words or (lower.endswith("s") and lower[:-1] in self.words)

    def is_title(self, word: str) -> bool:
        """Say whether a word stands before a name as a title; ranks such as DI only in capitals, for Di is a name."""
        lower = word.lower().rstrip(".")
        return lower in self.titles and (lower not in RANKS or word.isupper())

    def is_safe(self, word: str) -> bool:
        """Say whether this word is capitalised in minutes without being anyone's name."""
        lower = word.lower().removesuffix("'s")
        return lower in self.safe or lower in self.calendar or lower in self.kinship

    def is_group(self, word: str) -> bool:
        """Say whether this is the plural of a part that people play, and nobody's known name: 'Champions', not 'Banks'."""
        lower = word.lower()
        one = lower.removesuffix("s")
        return one != lower and one in self.parts and self.name_weight(lower) == 0.0

    def sex_of(self, name: str) -> str:
        """Return 'f' or 'm' where a given name, or all names that it is short for, are borne by one sex; else ''."""
        lower = name.lower()
        for known in (lower, lower.partition("-")[0]):
            if known in self.sexes:
                return self.sexes[known]
        full = {self.sexes.get(each, "") for each in self.nicknames.get(lower, ())}
        return full.pop() if len(full) == 1 else ""

    def is_county(self, word: str) -> bool:
        """Say whether this word is the name of a county, or begins or ends with one: 'Pan-Dorset'."""
        return any(part in self.counties for part in (word.lower(), *word.lower().split("-")))

    def name_weight(self, word: str) -> float:
        """Return how strongly a capitalised word speaks for a person: 1 a name and nothing else, 0 nothing known."""
        lower = word.lower().removesuffix("'s")
        births = self.forenames.get(lower, 0)
        if not births and lower not in self.surnames and lower not in self.nicknames:
            return 0.0
        return 0.4 if self.is_word(lower) or self.is_safe(lower) else 1.0


@cache
def lexicon() -> Lexicon:
    """Load the lists once."""
    terms = yaml.load((_DATA / "terms.yaml").read_text("utf-8"), Loader=_LOADER)  # noqa: S506
    forenames, sexes = _given_names()
    return Lexicon(
        words=frozenset(_lines("words.txt")),
        forenames=forenames,
        sexes=sexes,
        surnames=frozenset(_lines("surnames.txt")),
        places=frozenset(_lines("places.txt")),
        counties=_lowered(terms["counties"]),
        nicknames=_both_ways(_lines("nicknames.txt")),
        abbreviations=frozenset(word.lower() for word in str(terms["abbreviations"]).split()),
        safe=frozenset(word.lower() for word in str(terms["safe_words"]).split()),
        titles=_lowered(terms["titles"]),
        kinship_titles=_lowered(terms["kinship_titles"]),
        kinship={str(word): str(relation) for word, relation in terms["kinship"].items()},
        roles=_lowered(terms["roles"]),
        role_starts=frozenset(str(role).lower().split()[0] for role in terms["roles"]),
        parts=frozenset(word.lower() for word in str(terms["parts"]).split())
        | {str(role).lower().split()[-1] for role in terms["roles"]},
        fields={str(heading): str(label) for label, headings in terms["fields"].items() for heading in headings},
        field_words=tuple((str(label), re.compile(pattern)) for label, pattern in terms["field_words"].items()),
        agencies=re.compile(r"(?<![\w])(?:" + "|".join(terms["agencies"]) + r")(?!\w)"),
        innocent=re.compile(r"(?<!\w)(?:" + "|".join(terms["innocent"]) + r")(?!\w)"),
        months=_lowered(terms["months"]),
        calendar=_lowered([*terms["months"], *terms["weekdays"], *terms["holidays"]]),
    )


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _lowered(words: Iterable[object]) -> frozenset[str]:
    return frozenset(str(word).lower() for word in words)


def _given_names() -> tuple[dict[str, int], dict[str, str]]:
    """Read name, births and, where one sex alone bears it, the sex."""
    births, sexes = {}, {}
    for line in _lines("forenames.txt"):
        name, count, *sex = line.split("\t")
        births[name] = int(count)
        if sex:
            sexes[name] = sex[0]
    return births, sexes


def _both_ways(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Read 'full: short, short' lines into one table that works from either side."""
    table: dict[str, set[str]] = {}
    for line in lines:
        full, _, shorts = line.partition(":")
        for short in (part.strip() for part in shorts.split(",")):
            table.setdefault(full.strip(), set()).add(short)
            table.setdefault(short, set()).add(full.strip())
    return {name: frozenset(others) for name, others in table.items()}
