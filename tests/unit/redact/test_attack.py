"""Promise 1: who has a list of names and this program's source still cannot say which name was removed."""

from __future__ import annotations

import statistics

import pytest

from tests.bench import attack

# Invented people of many lengths; the whole list of 864 is attacked by ./run bench attack.
NAMES = tuple(
    """
    Ava Bo Cai Dev Eve Fay Gil Hal Ida Jay Kit Lia Max Ned Oli Pia Rex Sol Tia Uma Val Wes Yan Zoe Abel Beth Cleo Dana
    Emma Finn Gwen Hugo Iris Jude Kyla Liam Maya Noel Olga Paul Rosa Seth Toby Vera Ward Alice Bruno Clara
    """.split()  # noqa: SIM905
)


@pytest.mark.parametrize("way", ["surgery", "raster"])
def test_most_names_hide_among_many_others(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redactor.formats.ocr.read", lambda *_, **__: [])  # equal pixels read equally
    sizes: list[int] = []
    for number, paragraph in enumerate(attack.PARAGRAPHS[2:5]):
        face = list(attack.FACES)[number % 2]
        copies = [attack.WAYS[way](attack.typeset(paragraph, name, face, justified=False), name) for name in NAMES]
        sizes += attack.hidden_among(copies)
    assert statistics.median(sizes) >= len(NAMES) * attack.REACH / 864
