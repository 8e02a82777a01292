"""Turns labelled lines into the network's windows: the same cut, the same shapes as the runtime uses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from models.training.grammar import UNSURE, Writer, load_rules
from models.training.labels import NO_LOSS, TAG_ID
from models.training.noise import Line, disturb
from models.training.people import Names

CLS, SEP = 101, 102
FREE = -2  # "not labelled here": loss over every tag that this set leaves open


@dataclass(frozen=True, slots=True)
class Example:
    """One window: word-piece ids, word shapes, tags, and which set it came from."""

    ids: list[int]
    shapes: list[int]
    tags: list[int]
    source: int


def shape(word: str) -> int:
    """How a word is written: 1 capitalised, 2 capitals, 3 one capital, 4 mixed, 5 with digits, 0 other."""
    if word.islower():
        return 0
    if any(c.isdigit() for c in word):
        return 5
    if word.isupper():
        return 3 if len(word) == 1 else 2
    if word.istitle():
        return 1
    return 4 if word.isalpha() else 0


@dataclass(slots=True)
class Encoded:
    """The word pieces of one line."""

    ids: list[int]
    shapes: list[int]
    tags: list[int]


def encode(tokenizer: Tokenizer, line: Line, normal: bool = True) -> Encoded:
    """Word pieces of a line with their tags; `normal` false marks unlabelled text as open."""
    text = "".join(t for t, _ in line).replace("\t", "|")
    spans, at = [], 0
    for piece, label in line:
        if label is not None:
            spans.append((at, at + len(piece), label))
        at += len(piece)
    encoding = tokenizer.encode(text, add_special_tokens=False)
    words: dict[int, list[int]] = {}
    for (a, b), w in zip(encoding.offsets, encoding.word_ids, strict=True):
        if w is not None:
            words.setdefault(w, [a, b])[1] = b
    shapes = [0 if w is None else shape(text[words[w][0] : words[w][1]]) for w in encoding.word_ids]
    tags, k, started = [], 0, -1
    for a, b in encoding.offsets:
        while k < len(spans) and spans[k][1] <= a:
            k += 1
        if k < len(spans) and spans[k][0] < b:
            label = spans[k][2]
            tags.append(NO_LOSS if label == UNSURE else TAG_ID[f"{'I' if started == k else 'B'}-{label}"])
            started = k
        else:
            tags.append(0 if normal else FREE)
    return Encoded(list(encoding.ids), shapes, tags)


def windows(lines: list[Encoded], rng: random.Random, source: int, size: int = 204) -> Iterator[Example]:
    """Windows of whole documents, cut at random sizes so that every kind of context is seen."""
    ids: list[int] = []
    shapes: list[int] = []
    tags: list[int] = []
    for line in lines:
        ids += [*line.ids, SEP]
        shapes += [*line.shapes, 0]
        tags += [*line.tags, NO_LOSS]
    i = 0
    while i < len(ids):
        room = rng.choice([size, size, size, rng.randint(20, size)])
        j = min(len(ids), i + room)
        if len(ids) - j < 12:
            j = min(len(ids), j + 12)
        yield Example([CLS, *ids[i:j]], [0, *shapes[i:j]], [NO_LOSS, *tags[i:j]], source)
        i = j


def generated(data: Path, tokenizer: Tokenizer, seed: int, wanted: int, source: int) -> list[Example]:
    """At least `wanted` word pieces of generated documents."""
    rules, names, rng = load_rules(), Names(data), random.Random(seed)
    out: list[Example] = []
    count = 0
    while count < wanted:
        document = disturb(rng, Writer(rules, names, rng).document())
        for example in windows([encode(tokenizer, line) for line in document], rng, source):
            out.append(example)
            count += len(example.ids)
    return out
