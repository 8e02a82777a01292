"""Invented dates, ages and numbers. Nothing here is about a real person."""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NUMBER_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


@lru_cache
def table(name: str) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, words = line.split("|", 1)
            rows[key] = [w.replace("_", " ") for w in words.split()]
    return rows


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))


def letters(rng: random.Random, n: int, among: str = "ABCDEFGHJKLMNPRSTWXYZ") -> str:
    """Random letters."""
    return "".join(rng.choice(among) for _ in range(n))


def ordinal(n: int) -> str:
    """1 -> 1st."""
    return f"{n}{'th' if 3 < n < 21 or n % 10 not in (1, 2, 3) else ('st', 'nd', 'rd')[n % 10 - 1]}"


def full_date(rng: random.Random, first: int = 2016, last: int = 2026) -> str:
    """A whole date in one of the many ways in which minutes write one."""
    d, m, y = rng.randint(1, 28), rng.randint(1, 12), rng.randint(first, last)
    name, short = MONTHS[m - 1], MONTHS[m - 1][:3]
    return rng.choice(
        [
            f"{d:02d}/{m:02d}/{y}",
            f"{d:02d}/{m:02d}/{y % 100:02d}",
            f"{d}/{m}/{y % 100:02d}",
            f"{d}.{m}.{y % 100:02d}",
            f"{d:02d}.{m:02d}.{y}",
            f"{d:02d}-{m:02d}-{y}",
            f"{y}-{m:02d}-{d:02d}",
            f"{d} {name} {y}",
            f"{ordinal(d)} {name} {y}",
            f"{ordinal(d)} of {name} {y}",
            f"{d:02d}-{short}-{y % 100:02d}",
            f"{d} {short} {y}",
            f"{ordinal(d)} {short} {y % 100:02d}",
            f"{name} {ordinal(d)}, {y}",
            f"{d:02d} {short} {y}",
            f"{d}/{m}/{y}",
            f"{d:02d} / {m:02d} / {y}",
        ]
    )


def part_date(rng: random.Random) -> str:
    """A date without a year, or a month with one."""
    d, m, y = rng.randint(1, 30), rng.randint(1, 12), rng.randint(2012, 2026)
    name, short = MONTHS[m - 1], MONTHS[m - 1][:3]
    return rng.choice(
        [
            f"{ordinal(d)} {name}",
            f"{d} {name}",
            f"{name} {y}",
            f"{short} {y}",
            f"the {ordinal(d)} of {name}",
            f"{d}/{m}",
            f"{ordinal(d)} {short}",
            f"{short} {y % 100:02d}",
            f"{name} {ordinal(d)}",
            f"{d:02d}/{m:02d}",
            f"{name} {y}",
            f"{name}",
        ]
    )


def date(rng: random.Random) -> str:
    """A date other than of birth or death."""
    return full_date(rng) if rng.random() < 0.6 else part_date(rng).removeprefix("the ")


def clock(rng: random.Random) -> str:
    """A time of day."""
    return rng.choice(
        [
            f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}",
            f"{rng.randint(1, 12)}pm",
            f"{rng.randint(1, 12)}.{rng.randint(10, 59)}am",
            f"{rng.randint(0, 23):02d}{rng.randint(10, 59)}hrs",
        ]
    )


def weekday(rng: random.Random) -> str:
    """A weekday, whole, short or as a habit."""
    return rng.choice(WEEKDAYS) + "s" if rng.random() < 0.33 else rng.choice(WEEKDAYS)[: rng.choice([3, 9])]


def month(rng: random.Random) -> str:
    """A month without day or year."""
    return rng.choice(MONTHS) if rng.random() < 0.8 else rng.choice(MONTHS)[:3]


def dob(rng: random.Random) -> str:
    """A date of birth."""
    return full_date(rng, 1945, 2005) if rng.random() < 0.35 else full_date(rng, 2006, 2026)


def age(rng: random.Random) -> str:
    """An age in years, as figure or word."""
    n = rng.choice([rng.randint(1, 18), rng.randint(1, 18), rng.randint(16, 84)])
    return NUMBER_WORDS[n - 1] if n <= 20 and rng.random() < 0.2 else str(n)


def baby_age(rng: random.Random) -> str:
    """An age with its unit."""
    n = rng.randint(1, 20)
    return rng.choice(
        [
            f"{n} months",
            f"{n} weeks",
            f"{n} days",
            f"{n} mths",
            f"{n}/12",
            f"{n} wks",
            f"{n}-month",
            f"{n}-week",
            f"{NUMBER_WORDS[n - 1]} months",
            f"{NUMBER_WORDS[n - 1]} weeks",
        ]
    )


def postcode(rng: random.Random) -> str:
    """A postcode, sometimes only its first half."""
    out = rng.choice(table("places.txt")["postcode_area"]) + str(rng.randint(1, 29))
    if rng.random() < 0.08:
        return out
    full = out + rng.choice([" ", " ", " ", ""]) + str(rng.randint(0, 9)) + letters(rng, 2, "ABDEFGHJLNPQRSTUWXYZ")
    return full.lower() if rng.random() < 0.06 else full


def phone(rng: random.Random) -> str:
    """A telephone number."""
    return rng.choice(
        [
            f"07{_digits(rng, 3)} {_digits(rng, 6)}",
            f"07{_digits(rng, 9)}",
            f"07{_digits(rng, 2)} {_digits(rng, 3)} {_digits(rng, 4)}",
            f"01{_digits(rng, 3)} {_digits(rng, 6)}",
            f"01{_digits(rng, 3)} {_digits(rng, 3)} {_digits(rng, 3)}",
            f"(01{_digits(rng, 3)}) {_digits(rng, 6)}",
            f"+44 7{_digits(rng, 3)} {_digits(rng, 6)}",
            f"020 {_digits(rng, 4)} {_digits(rng, 4)}",
            f"+447{_digits(rng, 9)}",
            f"07{_digits(rng, 3)}-{_digits(rng, 3)}-{_digits(rng, 3)}",
            f"ext {_digits(rng, 4)}",
        ]
    )


def spoken_phone(rng: random.Random) -> str:
    """A telephone number as it is said aloud."""
    said = [
        rng.choice(["oh", "zero", "nought"]),
        "seven",
        *(rng.choice(NUMBER_WORDS[:9]) for _ in range(rng.randint(5, 9))),
    ]
    for place in range(2, len(said)):
        chance = rng.random()
        if chance < 0.15:
            said[place] = f"{rng.choice(['double', 'treble', 'triple'])} {said[place]}"
        elif chance < 0.25:
            said[place] += rng.choice([" hundred", ","])
    return " ".join(said).strip(",")


def spoken_date(rng: random.Random) -> str:
    """A date of birth as it is said aloud."""
    day = rng.choice(
        ["first", "second", "third", "fifth", "ninth", "tenth", "twelfth", "fourteenth", "twentieth", "thirtieth"]
    )
    year = rng.choice(["two thousand and", "twenty", "nineteen eighty"]) + " " + rng.choice(NUMBER_WORDS[:16])
    return f"{rng.choice(['', 'the '])}{day}{rng.choice([' of', ''])} {month(rng)} {year}"


def spelt(rng: random.Random) -> str:
    """Part of a registration or a postcode, letter by letter."""
    return " ".join(letters(rng, rng.choice([2, 3, 3]))) + rng.choice(
        ["", " " + rng.choice(NUMBER_WORDS[:9]), f" {rng.randint(1, 9)}"]
    )


def email(rng: random.Random, given: str, family: str) -> str:
    """An e-mail address."""
    g, f = (x.lower().replace(" ", "").replace("'", "") for x in (given, family))
    local = rng.choice(
        [
            f"{g}.{f}",
            f"{g[0]}.{f}",
            f"{g}{f}{rng.randint(1, 99)}",
            f"{g}{rng.randint(70, 2012)}",
            f"{f}{g[0]}",
            f"{g}_{f}",
            "office",
            "admin",
            "duty.team",
        ]
    )
    host = rng.choice(
        [
            "dorset.gov.uk",
            "example.gov.uk",
            "nhs.net",
            "hotmail.co.uk",
            "gmail.com",
            "outlook.com",
            "police.uk",
            "county.sch.uk",
            "btinternet.com",
            "example.org",
        ]
    )
    return f"{local}@{host}"


def handle(rng: random.Random, given: str, nick: str) -> str:
    """A social-media or gaming handle."""
    g, n = given.lower().replace(" ", ""), nick.lower()
    made = rng.choice(
        [
            f"{g}_{_digits(rng, 2)}",
            f"xX{n}Xx",
            f"{n}{_digits(rng, 4)}",
            f"its.{g}",
            f"{g}x0x",
            f"real{given}",
            f"lil_{n}",
            f"{n}.official",
            f"{g}babe{_digits(rng, 2)}",
            f"{nick}Gamer{_digits(rng, 2)}",
            f"queen_{g}",
            f"{n}_dt{_digits(rng, 1)}",
            f"ghost{_digits(rng, 3)}",
            f"{g}-{letters(rng, 2).lower()}",
        ]
    )
    return rng.choice(["@", "@", ""]) + made


def url(rng: random.Random, given: str) -> str:
    """A web address."""
    site = rng.choice(["facebook.com/", "instagram.com/", "example.org/", "tiktok.com/@", "snapchat.com/add/"])
    return f"{rng.choice(['https://', 'www.', 'https://www.'])}{site}{given.lower().replace(' ', '')}{_digits(rng, 2)}"


def vehicle(rng: random.Random) -> str:
    """A registration mark, whole or in part."""
    return rng.choice(
        [
            f"{letters(rng, 2)}{_digits(rng, 2)} {letters(rng, 3)}",
            f"{letters(rng, 2)}{_digits(rng, 2)}{letters(rng, 3)}",
            f"{letters(rng, 1)}{_digits(rng, 3)} {letters(rng, 3)}",
            f"{letters(rng, 2)}{_digits(rng, 2)} {letters(rng, 3)}",
            f"{letters(rng, 2)}{_digits(rng, 2)}",
        ]
    )


def case_ref(rng: random.Random) -> str:
    """A number of a case or of a person in some system."""
    d = lambda n: _digits(rng, n)  # noqa: E731
    up = lambda n: letters(rng, n)  # noqa: E731
    return rng.choice(
        [
            f"{up(2)}{d(2)}C{d(5)}",
            f"{up(2)}{d(2)}P{d(5)}",
            f"ZW{d(2)}C{d(5)}",
            f"5{d(1)}{up(2)}{d(7)}/{d(2)}",
            f"5{d(10)}",
            f"LCS {d(7)}",
            f"LCS{d(6)}",
            d(7),
            d(6),
            d(8),
            f"Mosaic {d(6)}",
            f"{up(1)}{d(7)}",
            f"OCC-{d(8)}",
            f"INC-{d(4)}-{d(6)}",
            f"{d(2)}/{d(6)}/{d(2)}",
            f"{d(4)}/{d(5)}",
            f"CR/{d(5)}/{d(2)}",
            f"REF{d(6)}",
            f"MASH/{d(2)}/{d(4)}",
            f"CIN{d(6)}",
            f"{d(2)}{up(2)}{d(4)}",
            f"T{d(8)}",
            f"EH-{d(5)}",
            f"{d(3)} of {d(2)}/{d(2)}/{d(2)}",
            f"{up(3)}-{d(4)}-{d(2)}",
            f"U{d(7)}",
            f"Log {d(4)}",
            f"Niche {d(11)}",
        ]
    )


def identifier(rng: random.Random, kind: str) -> str:
    """One of the national identifiers, shape only."""
    d = lambda n: _digits(rng, n)  # noqa: E731
    up = lambda n: letters(rng, n)  # noqa: E731
    made = {
        "nhs": rng.choice([f"{d(3)} {d(3)} {d(4)}", d(10), f"{d(3)}-{d(3)}-{d(4)}"]),
        "nino": rng.choice(
            [
                f"{up(2)} {d(2)} {d(2)} {d(2)} {letters(rng, 1, 'ABCD')}",
                f"{up(2)}{d(6)}{letters(rng, 1, 'ABCD')}",
                f"{up(2)} {d(6)} {letters(rng, 1, 'ABCD')}",
            ]
        ),
        "upn": f"{up(1)}{d(12)}",
        "pnc": rng.choice(
            [
                f"{rng.randint(1975, 2025)}/{d(7)}{up(1)}",
                f"{d(2)}/{d(6)}{up(1)}",
                f"PNC {d(2)}/{d(5)}{up(1)}",
                f"{d(6)}/{d(2)}{up(1)}",
            ]
        ),
        "passport": d(9),
        "licence": f"{up(5)}{d(6)}{up(2)}{d(1)}{up(2)}",
        "imei": d(15),
        "ip": ".".join(str(rng.randint(1, 254)) for _ in range(4)),
        "bank": rng.choice(
            [f"{d(2)}-{d(2)}-{d(2)} {d(8)}", f"{d(2)}-{d(2)}-{d(2)}, {d(8)}", f"{d(4)} {d(4)} {d(4)} {d(4)}", f"{d(8)}"]
        ),
        "urn": f"{d(2)}{up(2)}{d(7)}{d(2)}",
        "collar": d(rng.choice([3, 4, 4, 5])),
    }
    return made[kind]
