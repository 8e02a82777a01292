"""The generator behind the name model: every rule can be told, and open sets keep their labels through every change.

Promise 1, nothing leaks: a rule that cannot be expanded, or a label that slips off its name, teaches the model to miss.
"""

from __future__ import annotations

import random
import re

import pytest

from models.training import genres, swap
from models.training.grammar import IDENTIFIERS, PLAIN, SPECIALS, TOKEN, load_rules
from models.training.vocabulary import abbreviation, word
from redactor.language.lexicon import lexicon

OTHER_SLOTS = {
    "email",
    "url",
    "handle",
    "school",
    "org",
    "home",
    "place",
    "q",
    "bar",
    "court",
    "townof",
    "dictname",
    "dictlast",
    "dictfull",
    "name_spelt",
    "spokenmail",
}
ROLES = re.compile(
    r"(?:child|sib|baby|friend|victim|mum|dad|step|nan|gdad|aunt|carer|perp|neigh|ref_person|sw|ssw|iro|pol2?|hv|gp|head|teach|"
    r"nurse|yw|sol|judge|psych|minutes|mid|new|fam|kid|prof|anyone)"
    r"(?:\.(?:first|last|full|letter|nick|init|SF|UP|initlast|lastup|dots|title|FULL|low|street|called))?"
)
JOHN = """\
# newdoc id = made_up
1-2\tOlu's\t_\t_\t_\t_\t_\t_\t_\t_
1\tOlu\tOlu\tPROPN\tNNP\t_\t3\tnmod\t_\tEntity=(1-object-new(2-person-new-1-coref)
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tsister\tsister\tNOUN\tNN\t_\t0\troot\t_\tEntity=1)
4\tAda\tAda\tPROPN\tNNP\t_\t3\tappos\t_\tEntity=(3-person-new-2-coref
5\tBlack\tBlack\tPROPN\tNNP\t_\t4\tflat\t_\tEntity=3)|SpaceAfter=No
6\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_
"""


def test_every_rule_can_be_told() -> None:
    rules = load_rules()
    for name, options in rules.items():
        for option in options:
            for token in TOKEN.findall(option):
                if token[0] == "<" and len(token) > 1:
                    assert re.match(r"<([a-z_0-9]+)", token)[1] in rules, f"{name}: {option}"  # type: ignore[index]
                elif token[0] == "{":
                    slot = token[1:-1]
                    known = slot in {*PLAIN, *IDENTIFIERS, *SPECIALS, *OTHER_SLOTS} or ROLES.fullmatch(slot)
                    assert known, f"{name}: {option}"
            assert option.count("[") == option.count("]"), f"{name}: {option}"


@pytest.mark.parametrize("seed", range(5))
def test_innocent_words_are_nobodys_name(seed: int) -> None:
    rng = random.Random(seed)
    assert word(rng) not in lexicon().forenames
    assert abbreviation(rng).isupper()


def test_prose_marks_people_and_leaves_other_proper_nouns_open() -> None:
    (line,) = genres.document(JOHN)
    assert ("Ada Black", "PERSON") in line
    assert ("Olu's", "?") in line
    assert "".join(text for text, _ in line).strip() == "Olu's sister Ada Black."


def test_joined_text_keeps_its_labels() -> None:
    line = [("Ada", "PERSON"), (" ", None), ("ca", None), (" ", None), ("n't", None), (" ", None), ("come", None)]
    made = swap.joined([*line, (" ", None), (".", None)])
    assert made[0] == ("Ada", "PERSON")
    assert "".join(text for text, _ in made) == "Ada can't come."
