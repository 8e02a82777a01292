"""What hands, scanners and old systems do to a line of text. Labels travel with their pieces."""

from __future__ import annotations

import random
import re

from models.training.grammar import Piece, slip

Line = list[Piece]
SHORT = {
    "and": "&",
    "with": "w/",
    "because": "cos",
    "you": "u",
    "are": "r",
    "school": "sch",
    "regarding": "re",
    "appointment": "appt",
    "telephone": "tel",
    "number": "no.",
    "please": "pls",
    "tomorrow": "tmrw",
    "children": "chn",
    "weeks": "wks",
    "to": "2",
    "been": "bin",
    "said": "sed",
}
OCR = {"l": "1", "O": "0", "o": "0", "I": "l", "i": "l", "m": "rn", "S": "5", "e": "c", "B": "8"}


def _ocr(rng: random.Random, text: str, rate: float) -> str:
    out = []
    for c in text:
        if rng.random() < rate:
            c = OCR.get(c, c) if rng.random() < 0.8 else c + " "
        out.append(c)
    return "".join(out)


def _slips(rng: random.Random, text: str, rate: float, shorten: bool) -> str:
    words = text.split(" ")
    for i, word in enumerate(words):
        if shorten and word.lower() in SHORT and rng.random() < 0.4:
            words[i] = SHORT[word.lower()]
        elif rng.random() < rate and word.isalpha():
            words[i] = slip(rng, word)
    return " ".join(words)


def _trim(row: Line) -> Line:
    """A cell without the spaces around it."""
    if row:
        row[0] = (row[0][0].lstrip(), row[0][1])
        row[-1] = (row[-1][0].rstrip(), row[-1][1])
    return [(text, label) for text, label in row if text]


def _spread(rng: random.Random, line: Line, separator: str) -> list[Line]:
    """A row: cells kept in one line with another separator, or one line for each cell."""
    if separator == "\n":
        rows: list[Line] = [[]]
        for text, label in line:
            if text.strip() == "|" and label is None:
                rows.append([])
            else:
                rows[-1].append((text, label))
        return [row for row in (_trim(r) for r in rows) if row]
    return [[(separator if t == "|" and lab is None else t, lab) for t, lab in line]]


def _stress(rng: random.Random, text: str, rate: float) -> str:
    """Capitals where some authors like them: The Family were asked about Boundaries."""
    return re.sub(r"\b[a-z]{4,}\b", lambda m: m[0].capitalize() if rng.random() < rate else m[0], text)


def disturb(rng: random.Random, document: list[Line]) -> list[Line]:
    """One author's habits and one machine's faults over a whole document."""
    manner = rng.random()
    lower, upper = manner < 0.14, manner > 0.95
    stress = rng.choice([0.0] * 7 + [0.06, 0.15])
    typist = rng.choice([0.0, 0.0, 0.0, 0.01, 0.03, 0.06])
    shorten = rng.random() < 0.12
    scan = rng.choice([0.0] * 12 + [0.01, 0.02, 0.04])
    separator = rng.choice(["|", "|", "\t", "\n", "\n", "\n", "  ", ","])
    stops = rng.random() > 0.1
    curly = rng.random() < 0.4
    out: list[Line] = []
    for line in document:
        for row in _spread(rng, line, separator):
            shout = rng.random() < (0.25 if sum(len(t) for t, _ in row) < 50 else 0.015)
            quiet = lower or rng.random() < 0.03
            done: Line = []
            for text, label in row:
                if label is None and typist:
                    text = _slips(rng, text, typist, shorten)
                if scan:
                    text = _ocr(rng, text, scan)
                if stress and label is None:
                    text = _stress(rng, text, stress)
                if quiet:
                    text = text.lower()
                elif shout or upper:
                    text = text.upper()
                if curly:
                    text = text.replace("'", "’")
                if label is None and not stops:
                    text = text.replace(".", "")
                if text:
                    done.append((text, label))
            if done:
                out.append(done)
    return out
