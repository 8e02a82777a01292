"""Readers of the open sets, each with the labels that it annotates; what it leaves unlabelled stays open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from models.training.grammar import UNSURE
from models.training.noise import Line

Tagged = list[tuple[str, str]]
TWEETS = frozenset({"PERSON", "LOCATION", "ORG", "SCHOOL", "ADDRESS"})
PRESIDIO = frozenset({"PERSON", "ADDRESS", "LOCATION", "ORG", "SCHOOL", "ID", "DATE", "DOB"})
MAP = {
    "PER": "PERSON",
    "person": "PERSON",
    "LOC": "LOCATION",
    "location": "LOCATION",
    "ORG": "ORG",
    "PERSON": "PERSON",
    "ADDRESS": "ADDRESS",
    "LOCATION": "LOCATION",
    "ORGANIZATION": "ORG",
    "CREDIT_CARD": "ID",
    "PHONE_NUMBER": "ID",
    "US_SSN": "ID",
    "IBAN_CODE": "ID",
    "EMAIL_ADDRESS": "ID",
    "DOMAIN_NAME": "ID",
    "US_DRIVER_LICENSE": "ID",
    "IP_ADDRESS": "ID",
    "DATE_TIME": "DATE",
}
COUNTRIES = frozenset(
    [
        "uk",
        "u.k.",
        "usa",
        "us",
        "u.s.",
        "america",
        "england",
        "scotland",
        "wales",
        "ireland",
        "britain",
        "france",
        "germany",
        "spain",
        "italy",
        "ukraine",
        "russia",
        "malaysia",
        "china",
        "india",
        "iran",
        "iraq",
        "israel",
        "syria",
        "gaza",
        "netherlands",
        "australia",
        "canada",
        "japan",
        "pakistan",
        "nigeria",
        "brazil",
        "mexico",
        "egypt",
        "turkey",
        "poland",
        "greece",
        "portugal",
        "africa",
        "europe",
        "asia",
    ]
)


def sentences(path: Path) -> Iterator[Tagged]:
    """The sentences of a two-column file: word first, tag last."""
    current: Tagged = []
    for raw in path.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = raw.rstrip("\n").split("\t")
        if len(parts) < 2 or not parts[0].strip():
            if current:
                yield current
            current = []
        else:
            current.append((parts[0], parts[-1].strip()))
    if current:
        yield current


def line_of(words: Tagged) -> Line:
    """Joins a tagged sentence into one line; handles and countries are left open either way."""
    out: Line = []
    i = 0
    while i < len(words):
        word, tag = words[i]
        if tag == "O":
            out.append((word, UNSURE if word.startswith("@") else None))
            i += 1
        else:
            j = i + 1
            while j < len(words) and words[j][1].startswith("I-"):
                j += 1
            text, label = " ".join(w for w, _ in words[i:j]), MAP.get(tag[2:])
            doubtful = text.startswith("@") or text.casefold() in COUNTRIES or (text[0] == "#" and label != "PERSON")
            out.append((text, UNSURE if doubtful or label is None else label))
            i = j
        out.append((" ", None))
    return out


def tweets(data: Path) -> list[list[Line]]:
    """Broad Twitter Corpus (the second half of H is kept for choosing thresholds) and WNUT-17 train and dev."""
    found: list[list[Line]] = []
    for part in "abegh":
        rows = list(sentences(data / f"btc/{part}.conll"))
        found += [[line_of(r)] for r in (rows[: len(rows) // 2] if part == "h" else rows)]
    for name in ("wnut17train.conll", "emerging.dev.conll"):
        found += [[line_of(r)] for r in sentences(data / "wnut17" / name)]
    return found


def tweets_dev(data: Path) -> list[list[Line]]:
    """The second half of section H."""
    rows = list(sentences(data / "btc/h.conll"))
    return [[line_of(r)] for r in rows[len(rows) // 2 :]]


def wnut_test(data: Path) -> list[Tagged]:
    """The WNUT-17 test posts, as tagged words; never trained on."""
    return list(sentences(data / "wnut17/emerging.test.annotated"))


def presidio(data: Path) -> list[list[Line]]:
    """Presidio-research's generated sentences."""
    found: list[list[Line]] = []
    for row in json.loads((data / "presidio_research/generated_large.json").read_text(encoding="utf-8")):
        text, at = row["full_text"], 0
        line: Line = []
        for span in sorted(row["spans"], key=lambda s: int(s["start_position"])):
            start, end = span["start_position"], span["end_position"]
            if start < at:
                continue
            value, label = text[start:end], MAP.get(span["entity_type"])
            if label == "LOCATION" and value.casefold() in COUNTRIES:
                label = UNSURE
            line += [(text[at:start], None), (value, label or UNSURE)]
            at = end
        line.append((text[at:], None))
        cut: Line = [(re.sub(r"[\n\t]", " ", t), lab) for t, lab in line if t]
        found.append([cut])
    return found
