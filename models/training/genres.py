"""Reader of GUM, a corpus of many genres: prose in which every person, place and organisation is marked.

Only genres whose texts and annotations are both CC BY are read (GUM's LICENSE.txt): academic, court, interview, news.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from models.training.grammar import UNSURE
from models.training.noise import Line
from models.training.readers import COUNTRIES

GENRES = ("academic", "court", "interview", "news")
ANNOTATED = frozenset({"PERSON"})
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "president",
        "minister",
        "sir",
        "judge",
        "justice",
        "senator",
        "chief",
        "king",
        "queen",
        "prince",
        "princess",
        "captain",
        "colonel",
        "general",
        "saint",
        "st.",
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "father",
        "sister",
        "lord",
        "lady",
        "mayor",
        "governor",
        "representative",
    ]
)
_OPENED = re.compile(r"\((\d+)-([a-z]+)")
_CLOSED = re.compile(r"(?<![\(\d])(\d+)\)|\((\d+)-[^()]*\)")


def genres(corpus: Path) -> list[list[Line]]:
    """The documents of a git checkout (or bare copy) of github.com/amir-zeldes/gum, each as lines."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(corpus), *arguments], check=True, capture_output=True, text=True).stdout

    names = git("ls-tree", "--name-only", "HEAD", "dep/").split()
    paths = [name for name in names if name.startswith(tuple(f"dep/GUM_{genre}_" for genre in GENRES))]
    return [document(git("show", f"HEAD:{path}")) for path in paths]


def document(conllu: str) -> list[Line]:
    """The sentences of one document in CoNLL-U with GUM's entity marks."""
    out: list[Line] = []
    line: Line = []
    stack: list[tuple[str, str]] = []
    inside = 0  # words still to come of a surface such as John's, which stands in one piece before them
    for raw in [*conllu.splitlines(), ""]:
        cells = raw.split("\t")
        if not raw and line:
            out.append(_runs(line))
            line = []
        if len(cells) < 10 or "." in cells[0]:
            continue
        low, _, high = cells[0].partition("-")
        if not high:
            stack += _OPENED.findall(cells[9])
        if inside and not high:
            inside -= 1
            if cells[3] == "PROPN":
                line[:] = [(text, UNSURE if label == "" else label) for text, label in line]
        else:
            line.append((cells[1], "" if high else _label(cells, stack)))
            if "SpaceAfter=No" not in cells[9]:
                line.append((" ", None))
            inside = int(high) - int(low) + 1 if high else 0
        if not inside:
            line[:] = [(text, None if label == "" else label) for text, label in line]
        if not high:
            _close(stack, cells[9])
    return out


def _close(stack: list[tuple[str, str]], marks: str) -> None:
    for one, two in _CLOSED.findall(marks):
        closed = one or two
        for k in range(len(stack) - 1, -1, -1):
            if stack[k][0] == closed:
                del stack[k]
                break


def _label(cells: list[str], stack: list[tuple[str, str]]) -> str | None:
    """PERSON for a proper noun of a person, unsure for any other proper noun, none for the rest."""
    if cells[3] != "PROPN":
        return None
    kind = stack[-1][1] if stack else ""
    plain = cells[4] == "NNP" and cells[1].casefold() not in _TITLES and cells[1].casefold() not in COUNTRIES
    return "PERSON" if kind == "person" and plain else UNSURE


def _runs(line: Line) -> Line:
    """Joins the words of one name."""
    out: Line = []
    for text, label in line:
        if label == "PERSON" and len(out) >= 2 and out[-1][0] == " " and out[-2][1] == "PERSON":
            out[-2:] = [(out[-2][0] + " " + text, "PERSON")]
        else:
            out.append((text, label))
    return [(t, lab) for t, lab in out if t]
