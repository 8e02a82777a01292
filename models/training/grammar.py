"""A small grammar machine: rules in text files are expanded into labelled lines of invented safeguarding text.

A rule file has `:name` headers, then one option per line. In an option, `[a|b]` chooses, `<rule>` expands another rule,
`<rule*2-5>` several of it as sentences of one paragraph, `<rule+2-5>` several as lines, `{slot}` fills in a value and
`~` ends a line. Slots for people are roles with an optional form: `{mum}`, `{mum.full}`.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from models.training import places, values, vocabulary
from models.training.people import Names, Person

FOLDER = Path(__file__).parent / "grammar"
UNSURE = "?"  # text on whose label guidelines differ: training neither rewards nor punishes any answer
Piece = tuple[str, str | None]
ADULT_KIN = ("mum", "dad", "step", "nan", "gdad", "aunt", "carer")
YOUNG = ("child", "sib", "baby", "friend", "victim")
OTHERS = ("perp", "neigh", "ref_person")
STAFF = (
    "sw",
    "ssw",
    "iro",
    "pol",
    "pol2",
    "hv",
    "gp",
    "head",
    "teach",
    "nurse",
    "yw",
    "sol",
    "judge",
    "psych",
    "minutes",
    "mid",
)
CALLED = ("Mama", "Papa", "Mumma", "Nana", "Auntie", "Uncle", "Big", "Little", "Old", "Iya", "Umm", "Abu", "Baba")
AS_MADE = frozenset(["init", "letter", "UP", "SF", "dots", "lastup", "FULL", "low", "street", "called"])
TITLES = {"f": ("Ms", "Mrs", "Miss", "Ms.", "Mrs."), "m": ("Mr", "Mr", "Mr.")}
PLAIN = {
    "date": ("DATE", values.date),
    "fulldate": ("DATE", values.full_date),
    "partdate": ("DATE", lambda r: values.part_date(r).removeprefix("the ")),
    "month": ("DATE", values.month),
    "dob": ("DOB", values.dob),
    "age": ("AGE", values.age),
    "agem": ("AGE", values.baby_age),
    "addr": ("ADDRESS", places.address),
    "pc": ("ADDRESS", values.postcode),
    "town": ("LOCATION", places.town),
    "street": ("LOCATION", places.street),
    "phone": ("ID", values.phone),
    "reg": ("ID", values.vehicle),
    "ref": ("ID", values.case_ref),
    "time": (None, values.clock),
    "weekday": (None, values.weekday),
    "year": (None, lambda r: str(r.randint(1985, 2026))),
    "n": (None, lambda r: str(r.randint(2, 30))),
    "num": (None, lambda r: r.choice(values.NUMBER_WORDS[:12])),
    "pct": (None, lambda r: f"{r.randint(20, 100)}%"),
    "pounds": (None, lambda r: f"£{r.choice([10, 20, 45, 60, 120, 300, 1200])}"),
    "hi": (None, lambda r: str(r.randint(1, 400))),
    "word": (None, vocabulary.word),
    "Word": (None, vocabulary.capital_word),
    "acro": (None, vocabulary.abbreviation),
    "foreign": ("LOCATION", places.foreign),
    "spoken": ("ID", values.spoken_phone),
    "spokendate": ("DOB", values.spoken_date),
    "spelt": ("ID", values.spelt),
}
IDENTIFIERS = ("nhs", "nino", "upn", "pnc", "passport", "licence", "imei", "ip", "bank", "urn", "collar")
SPECIALS = ("eth", "rel", "orient", "imm", "diag")
TOKEN = re.compile(r"\{[^{}]*\}|<[a-z_0-9]+(?:[*+]\d+-\d+)?>|\[|\]|\||~|[^{}<\[\]|~]+|<")


@dataclass(slots=True)
class Style:
    """How one invented author writes."""

    names: str  # proper, lower, upper
    kids: str  # first, initials, letter, full
    staff: str  # full, title, first, initials
    quote: str


def load_rules() -> dict[str, list[str]]:
    """All rules of all files."""
    rules: dict[str, list[str]] = {}
    current = ""
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(":"):
                current = line[1:].strip()
                rules.setdefault(current, [])
            elif line.strip() and not line.startswith("#"):
                rules[current].append(line)
    return rules


class Writer:
    """Writes one document: the cast, the author's style, and the expansion of rules."""

    def __init__(
        self,
        rules: dict[str, list[str]],
        names: Names,
        rng: random.Random,
        group: str | None = None,
        people: random.Random | None = None,
    ) -> None:
        """With a generator of its own for `people`, the same story can be told of another community."""
        self.rules, self.names, self.rng = rules, names, rng
        self.group, self.people = group, people or rng
        self.cast = self._cast()
        pick = rng.choices
        self.style = Style(
            pick(["proper", "lower", "upper"], [82, 13, 5])[0],
            pick(["first", "initials", "letter", "full"], [66, 16, 6, 12])[0],
            pick(["full", "title", "first", "initials"], [40, 28, 20, 12])[0],
            rng.choice(['"', '"', "“", "'", "‘"]),
        )
        self.schools = [places.school(rng, self._stray().family) for _ in range(2)]
        self.orgs = [self._org() for _ in range(4)]
        self.homes = [places.address(rng) for _ in range(3)]

    def _stray(self) -> Person:
        return self.names.person(self.people, self.group)

    def _org(self) -> str:
        stray = self._stray()
        return places.org(self.rng, stray.family, stray.given)

    def _cast(self) -> dict[str, Person]:
        rng, cast = self.rng, {}
        origin = self.group or self.names.group(self.people)
        head = self.names.person(self.people, origin)
        for role in (*YOUNG[:3], *ADULT_KIN):
            shared = head.family if rng.random() < (0.7 if role in YOUNG else 0.4) else None
            cast[role] = self.names.person(self.people, origin if rng.random() < 0.7 else self.group, shared)
        for role in (*YOUNG[3:], *OTHERS, *STAFF):
            cast[role] = self.names.person(self.people, self.group)
        return cast

    # -- people ---------------------------------------------------------------------------------------------------

    def form(self, role: str) -> str:
        """A usual form for a mention of this role by this author."""
        rng = self.rng
        if role in YOUNG:
            usual = {"first": "first", "initials": "init", "letter": "letter", "full": "full"}[self.style.kids]
            return usual if rng.random() < 0.75 else rng.choice(["first", "first", "full", "nick", "init", "UP"])
        if role in STAFF:
            usual = {"full": "full", "title": "title", "first": "first", "initials": "init"}[self.style.staff]
            return usual if rng.random() < 0.7 else rng.choice(["full", "first", "title", "last", "title"])
        return rng.choices(["first", "full", "title", "nick", "init", "last", "SF", "UP"], [50, 24, 10, 5, 4, 3, 2, 2])[
            0
        ]

    def mention(self, role: str, form: str | None = None) -> list[Piece]:
        """The pieces of one mention; a title stands outside the label."""
        rng = self.rng
        if role == "new":
            person = self._stray()
        elif role in ("fam", "kid", "prof", "anyone"):
            group = {"fam": ADULT_KIN, "kid": YOUNG, "prof": STAFF, "anyone": YOUNG + ADULT_KIN + OTHERS + STAFF}[role]
            role = rng.choice(group)
            person = self.cast[role]
        else:
            person = self.cast[role]
        form = form or self.form(role if role != "new" else rng.choice(["mum", "sw", "child"]))
        before, name = self._surface(person, form, role)
        if form not in AS_MADE:
            name = self._case(name)
        if rng.random() < 0.025 and form in ("first", "full", "last", "title"):
            name = slip(rng, name)
        return [(before, None), (name, "PERSON")] if before else [(name, "PERSON")]

    def _case(self, name: str) -> str:
        if self.style.names == "lower" and self.rng.random() < 0.85:
            return name.lower()
        if self.style.names == "upper" and self.rng.random() < 0.6:
            return name.upper()
        return name.lower() if self.rng.random() < 0.03 else name

    def _street_name(self, person: Person) -> str:
        """What somebody is called on the street: a short form, a word, or two."""
        rng = self.rng
        word = vocabulary.capital_word(rng)
        epithet = rng.choice(["Big", "Lil", "Little", "Young", "Yung", "Tall", "Mad", "Fat", "Old", "King", "Baby"])
        made = [person.nick or person.given, word, word, f"{epithet} {rng.choice([word, person.given])}"]
        return rng.choice([*made, f"{rng.randint(1, 9)}{word}", f"{person.given[0].upper()}-{word}"])

    def _surface(self, person: Person, form: str, role: str) -> tuple[str, str]:
        rng, given, family = self.rng, person.given, person.family
        if form == "title":
            police = [
                "PC",
                "DC",
                "DS",
                "Sgt",
                "PS",
                "DI",
                "Insp",
                "PCSO",
                "Inspector",
                "Detective Constable",
                f"PC {rng.randint(100, 9999)}",
            ]
            titles = (
                police
                if role in ("pol", "pol2")
                else ["Dr", "Doctor", "Dr."]
                if role in ("gp", "psych")
                else ["HHJ", "District Judge", "DJ", "Her Honour Judge", "Recorder"]
                if role == "judge"
                else TITLES[person.sex]
            )
            return rng.choice(titles) + " ", rng.choice([family] * 4 + [f"{given[0]} {family}", f"{given} {family}"])
        last = family.split()[-1]
        made = {
            "first": given,
            "last": family,
            "full": f"{given} {family}",
            "letter": given[0].upper(),
            "nick": person.nick or given,
            "init": rng.choice(
                [person.initials] * 5
                + [
                    f"{person.initials[0]}.{person.initials[1]}.",
                    f"{given[0]}.{last[0].upper()}",
                    f"{person.initials[0]} {person.initials[1]}",
                    given[0] + (person.middle or "J")[0] + last[0].upper(),
                    given[0].upper() + re.sub(r"^(Mc|Mac|O'|[A-Z])([A-Z]?).*", r"\1\2", last),
                ]
            ),
            "SF": rng.choice(
                [
                    f"{family.upper()} {given}",
                    f"{family.upper()}, {given}",
                    f"{family}, {given}",
                    f"{family} {given}",
                    f"{family.upper()} {given.upper()}",
                ]
            ),
            "UP": rng.choice([f"{given} {family}", given, family]).upper(),
            "initlast": rng.choice([f"{given[0]} {family}", f"{given[0]}. {family}", f"{given[0]}.{family}"]),
            "lastup": family.upper(),
            "FULL": f"{given} {family}".upper(),
            "low": rng.choice([given, given, f"{given} {family}"]).lower(),
            "street": self._street_name(person),
            "called": rng.choice([given, person.nick or given, given[0].upper()]),
            "dots": f"{person.initials[0]}.{person.initials[1]}.",
        }[form]
        if form == "called":  # a kin word and a letter name somebody together; before a name it is none
            kin = rng.choice(CALLED)
            return ("", f"{kin} {made}") if len(made) == 1 else (f"{kin} ", made)
        if form == "full" and person.middle and rng.random() < 0.4:
            made = f"{given} {person.middle} {family}"
        elif form == "full" and rng.random() < 0.04:
            made = rng.choice(
                [
                    f"{given} {family[0]}",
                    f"{given} {family[0]}.",
                    f"{given[0]} {family}",
                    f"{given} '{person.nick}' {family}",
                ]
            )
        return "", made

    # -- values ---------------------------------------------------------------------------------------------------

    def slot(self, name: str) -> list[Piece]:
        """The pieces of one slot."""
        rng = self.rng
        role, _, form = name.partition(".")
        if role in self.cast or role in ("new", "fam", "kid", "prof", "anyone"):
            return self.mention(role, form or None)
        if role in PLAIN:
            label, make = PLAIN[role]
            return [(make(rng), label)]
        if role in IDENTIFIERS:
            return [(values.identifier(rng, role), "ID")]
        if role in SPECIALS:
            return [(places.special(rng, role), "SPECIAL")]
        someone = rng.choice(list(self.cast.values()))
        if role.startswith("dict"):
            return self._word_named(role)
        if role == "name_spelt":
            return [(" ".join(someone.given.split("-")[0].upper()), "PERSON")]
        if role == "spokenmail":
            return [
                (f"{someone.given.lower()} dot {someone.family[0].lower()} at {vocabulary.word(rng)} dot com", "ID")
            ]
        if role == "email":
            return [(values.email(rng, someone.given, someone.family), "ID")]
        if role == "url":
            return [(values.url(rng, someone.given), "ID")]
        if role == "handle":
            return [(values.handle(rng, someone.given, someone.nick), "USERNAME")]
        if role == "school":
            return [
                (rng.choice(self.schools) if rng.random() < 0.6 else places.school(rng, self._stray().family), "SCHOOL")
            ]
        if role == "org":
            return [(rng.choice(self.orgs) if rng.random() < 0.4 else self._org(), "ORG")]
        if role == "home":
            return [(rng.choice(self.homes), "ADDRESS")]
        if role == "place":
            stray = self._stray()
            return [(places.place(rng, stray.given, stray.family), "LOCATION")]
        if role == "q":
            return [(self.style.quote, None)]
        if role == "bar":
            return [("|", None)]
        if role == "court":
            return [
                (
                    f"{places.town(rng)} {rng.choice(['Family', 'Magistrates’', 'Youth', 'Crown', 'County'])} Court",
                    UNSURE,
                )
            ]
        if role == "townof":
            return [(places.town(rng), UNSURE)]
        raise KeyError(name)

    def _word_named(self, role: str) -> list[Piece]:
        """Somebody whose name is an ordinary word that no list of names holds: only the sentence tells."""
        rng, stray = self.rng, self._stray()
        word, other = vocabulary.capital_word(rng), vocabulary.capital_word(rng)
        full = rng.choice([f"{word} {stray.family}", f"{stray.given} {word}", f"{word} {other}"])
        return [({"dictname": word, "dictlast": word, "dictfull": full}[role], "PERSON")]

    # -- expansion ------------------------------------------------------------------------------------------------

    def expand(self, rule: str) -> list[Piece]:
        """One random expansion of a rule."""
        return self._sequence(TOKEN.findall(self.rng.choice(self.rules[rule])))

    def _sequence(self, tokens: list[str]) -> list[Piece]:
        out: list[Piece] = []
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if token == "[":
                options, i = _options(tokens, i)
                out += self._sequence(self.rng.choice(options))
                continue
            if token == "~":
                out.append(("\n", None))
            elif token[0] == "{":
                out += self.slot(token[1:-1])
            elif token[0] == "<" and len(token) > 1:
                out += self._rule(token[1:-1])
            else:
                out.append((token, None))
            i += 1
        return out

    def _rule(self, spec: str) -> list[Piece]:
        match = re.fullmatch(r"([a-z_0-9]+)(?:([*+])(\d+)-(\d+))?", spec)
        if match is None:
            raise KeyError(spec)
        name, many, low, high = match.groups()
        if not many:
            return self.expand(name)
        out: list[Piece] = []
        for k in range(self.rng.randint(int(low), int(high))):
            if k:
                out.append(("\n" if many == "+" else " ", None))
            part = self.expand(name)
            out += capital(part) if many == "*" else part
        return out

    def document(self) -> list[list[Piece]]:
        """A whole document as lines of pieces."""
        return lines(self.expand("document"))


def _options(tokens: list[str], i: int) -> tuple[list[list[str]], int]:
    """The options of the bracket that opens at i, and the index after it."""
    depth, options, j = 1, [[]], i + 1  # type: ignore[var-annotated]
    while depth:
        token = tokens[j]
        depth += (token == "[") - (token == "]")
        if depth == 1 and token == "|":
            options.append([])
        elif depth:
            options[-1].append(token)
        j += 1
    return options, j


def capital(pieces: list[Piece]) -> list[Piece]:
    """The same pieces with a capital at the start, unless a name stands there."""
    for k, (text, label) in enumerate(pieces):
        if text:
            if label is None:
                pieces[k] = (text[0].upper() + text[1:], None)
            break
    return pieces


def lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces cut at line ends."""
    out: list[list[Piece]] = [[]]
    for text, label in pieces:
        parts = text.split("\n")
        for k, part in enumerate(parts):
            if k:
                out.append([])
            if part:
                out[-1].append((part, label))
    return [line for line in out if line]


def slip(rng: random.Random, word: str) -> str:
    """One slip of the typing hand."""
    if len(word) < 4:
        return word
    i = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.3:
        return word[:i] + word[i + 1 :]
    if kind < 0.6:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind < 0.8:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice("aeiourstnl") + word[i + 1 :]
