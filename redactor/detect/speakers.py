"""Letters that stand for whoever speaks, line after line: 'K: Don't know.' in an interview, 'SNR: And then?'."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from redactor.detect.candidate import Candidate
from redactor.language.lexicon import lexicon
from redactor.model import Label

_TURN = re.compile(
    r"^[ \t>]*(?:\[?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\]?[ –-]*)?(?P<who>[A-Z]{1,3})\d?[:>] ?(?=\S)", re.MULTILINE
)
_TURNS = 3  # from which a letter is somebody's, and no heading of a list
_QUESTION_AND_ANSWER = frozenset("QA")
_WHY = "speaks in the record, line after line"


def speakers(text: str) -> Iterator[Candidate]:
    """Yield the letters before each turn, where at least two speak and one of them several times."""
    turns = list(_TURN.finditer(text))
    often = Counter(turn["who"] for turn in turns)
    if len(often) < 2:
        return
    known = lexicon()
    for turn in turns:
        who = turn["who"]
        if often[who] < _TURNS or (who in _QUESTION_AND_ANSWER and often.keys() >= _QUESTION_AND_ANSWER):
            continue
        if len(who) > 1 and (who.lower() in known.abbreviations or known.is_word(who) or who.lower() in known.roles):
            continue
        yield Candidate(*turn.span("who"), Label.PERSON, 0.7, "structure", _WHY)
