"""Chooses how readily each label is given, on held-out generated documents and unseen tweets; never on the gold set."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np

from models.training import readers
from models.training.grammar import UNSURE, Writer, load_rules
from models.training.labels import LABELS
from models.training.noise import Line, disturb
from models.training.people import Names
from redactor.detect.names import NameModel

Held = list[tuple[str, list[tuple[int, int, str]]]]


def flatten(document: list[Line]) -> tuple[str, list[tuple[int, int, str]]]:
    """Lines to one text with its labelled spans."""
    text, spans = "", []
    for line in document:
        for piece, label in line:
            if label is not None:
                spans.append((len(text), len(text) + len(piece), label))
            text += piece
        text += "\n"
    return text, spans


def held_documents(data: Path, seed: int, count: int) -> Held:
    """Generated documents whose people all have names that training never saw."""
    rules, names, rng = load_rules(), Names(data, test=True), random.Random(seed)
    return [flatten(disturb(rng, Writer(rules, names, rng).document())) for _ in range(count)]


def truth(words: np.ndarray, spans: list[tuple[int, int, str]], tweets: bool) -> list[str]:
    """The label of each word; unsure or unannotated words are '?'."""
    out = []
    k = 0
    spans = sorted(spans)
    for a, b in words.tolist():
        while k < len(spans) and spans[k][1] <= a:
            k += 1
        label = spans[k][2] if k < len(spans) and spans[k][0] < b else ""
        if tweets and label in ("", *readers.TWEETS) and label != "PERSON":
            label = "" if label == "" else UNSURE
        out.append(label)
    return out


def choose(model: NameModel, data: Path, seed: int = 77) -> dict[str, float]:
    """For each label the bias with the best F-score that counts recall twice as much as precision."""
    sets = [(t, s, False) for t, s in held_documents(data, seed, 400)]
    sets += [(*flatten(d), True) for d in readers.tweets_dev(data)]
    logs, gold = [], []
    for text, spans, tweets in sets:
        words = model.words(text)
        logs.append(np.log(words.probabilities + 1e-9))
        gold += truth(words.bounds, spans, tweets)
    table, wanted = np.concatenate(logs), np.array(gold)
    chosen: dict[str, float] = {}
    for number, label in enumerate(LABELS, start=1):
        margin = table[:, number] - table[:, 0]
        is_gold, counted = wanted == label, wanted != UNSURE
        best = (-1.0, 0.0)
        for bias in np.arange(-1.0, 1.51, 0.25):
            hit = (margin + bias > 0) & counted & (table[:, number] >= np.delete(table[:, 1:], number - 1, 1).max(1))
            good, found = int((hit & is_gold).sum()), int((hit & (is_gold | (wanted == ""))).sum())
            precision, recall = good / max(1, found), good / max(1, int(is_gold.sum()))
            score = 5 * precision * recall / max(1e-9, 4 * precision + recall)
            best = max(best, (score, float(bias)))
        chosen[label] = best[1]
    print("thresholds", chosen, Counter(gold).most_common(4))
    return chosen
