"""The mode that masks what the Text Anonymization Benchmark masks, measured honestly: five folds from one shared base.

In each fold the trained body gets a new head with one question, "must this word be masked?", and learns it from the
court judgments of the other four folds. Thresholds for a fold are chosen on the other folds' held-out answers. The
measures are those of Pilán et al. 2022 (arXiv 2202.00443, section 5), with uniform token weights: entity recall (an
entity counts when all its mentions are covered), token recall and token precision.

Usage: python -m models.training.tab --weights NET.pt --shared FOLDER [--epochs N] [--freeze N]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from models.training.__main__ import ROOT, base_weights
from models.training.corpus import Encoded, Example, encode, windows
from models.training.network import Net, Plain, batches, collate, loss_of
from models.training.noise import Line

FOLDS = 5
BATCH = 3072
CORE, MARGIN = 156, 24
_SKIPPED = re.compile(
    r"\b(?:mr|mrs|ms|and|or|from|until|to|about|after|as|at|before|between|by|during|for|in|into|of|on|over|since|with|"
    r"the|a|an|no|nr)\b|[’']s\b|[\W_]",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One annotated stretch; `direct` None where it need not be masked."""

    start: int
    end: int
    entity: str
    direct: bool | None


@dataclass(frozen=True, slots=True)
class Judgment:
    """One court judgment with its mentions."""

    name: str
    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """From which probability a word is masked; beside a masked word; and how far one masked place speaks for others."""

    sure: float
    beside: float
    echo: float


def judgments(path: Path) -> list[Judgment]:
    """The annotated judgments, in a fixed random order."""
    direct = {"DIRECT": True, "QUASI": False, "NO_MASK": None}
    out = []
    for raw in json.loads(path.read_text(encoding="utf-8")):
        rows = [row for annotator in raw["annotations"].values() for row in annotator["entity_mentions"]]
        mentions = (
            Mention(r["start_offset"], r["end_offset"], r["entity_id"], direct[r["identifier_type"]]) for r in rows
        )
        out.append(Judgment(raw["doc_id"], raw["text"], tuple(mentions)))
    random.Random(FOLDS).shuffle(out)
    return out


def masked_letters(document: Judgment) -> np.ndarray:
    """For each character whether it must be masked."""
    mask = np.zeros(len(document.text), bool)
    for mention in document.mentions:
        if mention.direct is not None:
            mask[mention.start : mention.end] = True
    return mask


def lines_of(document: Judgment) -> list[Line]:
    """The judgment as labelled lines; PERSON stands for 'mask'."""
    mask, out, at = masked_letters(document), [], 0
    for row in document.text.splitlines(keepends=True):
        line: Line = []
        start = at
        for i in range(at + 1, at + len(row) + 1):
            if i == at + len(row) or mask[i] != mask[start]:
                line.append((document.text[start:i].replace("\n", " "), "PERSON" if mask[start] else None))
                start = i
        at += len(row)
        if "".join(text for text, _ in line).strip():
            out.append(line)
    return out


def examples(documents: list[Judgment], tokenizer: Tokenizer, rng: random.Random) -> list[Example]:
    """Training windows with two tags: 0 stays, 1 is masked."""
    out: list[Example] = []
    for document in documents:
        rows = [encode(tokenizer, line) for line in lines_of(document)]
        rows = [Encoded(row.ids, row.shapes, [min(tag, 1) if tag >= 0 else tag for tag in row.tags]) for row in rows]
        out += windows(rows, rng, 0)
    return out


def tune(weights: Path, documents: list[Judgment], tokenizer: Tokenizer, epochs: int, freeze: int, seed: int) -> Net:
    """The shared body with a new head, after a few passes over the judgments."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Net(base_weights(), tags=2)
    state = torch.load(weights, weights_only=True)
    net.load_state_dict({k: v for k, v in state.items() if not k.startswith("out.")}, strict=False)
    net.bert.embeddings.requires_grad_(False)
    for layer in net.bert.encoder.layer[:freeze]:
        layer.requires_grad_(False)
    body = [p for n, p in net.named_parameters() if p.requires_grad and not n.startswith("out.")]
    opt = torch.optim.AdamW([{"params": body}, {"params": list(net.out.parameters())}], weight_decay=0.01)
    steps = [
        [data[i] for i in batch]
        for _ in range(epochs)
        for data in [examples(documents, tokenizer, rng)]
        for batch in batches(data, BATCH, rng)
    ]
    net.train()
    for step, rows in enumerate(steps):
        pace = min(1.0, (step + 1) / 10) * max(0.02, 1 - step / len(steps))
        opt.param_groups[0]["lr"], opt.param_groups[1]["lr"] = 2e-4 * pace, 1e-3 * pace
        ids, mask, shapes, tags, source = collate(rows)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = net(ids, mask, shapes)
        loss = loss_of(scores, tags, source, {})
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
    print(f"  {len(steps)} steps, last loss {loss.item():.4f}", flush=True)
    return net


@torch.no_grad()
def answers(net: Net, document: Judgment, tokenizer: Tokenizer) -> list[tuple[int, int, float]]:
    """Each word of the judgment with the probability that it must be masked."""
    plain = Plain(net).eval()
    rows = [encode(tokenizer, [(line, None)]) for line in document.text.split("\n")]
    ids = np.array([i for row in rows for i in (*row.ids, 102)])
    shapes = np.array([i for row in rows for i in (*row.shapes, 0)])
    chances = np.empty(len(ids), np.float32)
    for start in range(0, len(ids), CORE):
        low, high = max(0, start - MARGIN), min(len(ids), start + CORE + MARGIN)
        piece = torch.tensor(np.r_[101, ids[low:high], 102])[None]
        drawn = torch.tensor(np.r_[0, shapes[low:high], 0])[None]
        found = torch.softmax(plain(piece, drawn)[0].float(), -1)[:, 1].numpy()
        stop = min(len(ids), start + CORE)
        chances[start:stop] = found[1 + start - low : 1 + stop - low]
    out: list[tuple[int, int, float]] = []
    offset = at = 0
    for line in document.text.split("\n"):
        encoding = tokenizer.encode(line.replace("\t", "|"), add_special_tokens=False)
        words: dict[int, list[float]] = {}
        for (a, b), number, chance in zip(encoding.offsets, encoding.word_ids, chances[at:], strict=False):
            if number is not None:
                old = words.get(number, [a, b, 0.0])
                words[number] = [old[0], b, max(old[2], float(chance))]
        out += [(offset + int(a), offset + int(b), chance) for a, b, chance in words.values()]
        at += len(encoding.ids) + 1
        offset += len(line) + 1
    return out


def cover(document: Judgment, words: list[tuple[int, int, float]], how: Setting) -> np.ndarray:
    """The characters that are masked at a setting."""
    best: dict[str, float] = defaultdict(float)
    for a, b, chance in words:
        surface = document.text[a:b]
        if len(surface) > 2 and not surface.islower():
            best[surface] = max(best[surface], chance)
    chances = np.array([max(c, how.echo * best.get(document.text[a:b], 0.0)) for a, b, c in words])
    on = chances >= how.sure
    for _ in range(2):
        near = np.r_[False, on[:-1]] | np.r_[on[1:], False]
        on |= near & (chances >= how.beside)
    mask = np.zeros(len(document.text), bool)
    for (a, b, _), chosen in zip(words, on, strict=True):
        mask[a:b] = chosen
    return mask


def score(documents: list[Judgment], masks: list[np.ndarray]) -> dict[str, float]:
    """Entity recall of direct and quasi-identifiers, token recall, token precision."""
    counts = dict.fromkeys(("direct", "directs", "quasi", "quasis", "hit", "tokens", "right", "masked"), 0)
    for document, mask in zip(documents, masks, strict=True):

        def hidden(a: int, b: int, document: Judgment = document, mask: np.ndarray = mask) -> bool:
            open_ = {a + i for i in range(b - a) if not mask[a + i]}
            for skip in _SKIPPED.finditer(document.text[a:b]) if open_ else ():
                open_ -= set(range(a + skip.start(), a + skip.end()))
            return not open_

        entities: dict[str, list[Mention]] = defaultdict(list)
        for mention in document.mentions:
            entities[mention.entity].append(mention)
        for mentions in entities.values():
            marked = [m for m in mentions if m.direct is not None]
            if not marked:
                continue
            kind = "direct" if marked[0].direct else "quasi"
            counts[kind + "s"] += 1
            counts[kind] += all(hidden(m.start, m.end) for m in marked)
            for m in mentions:
                for word in _WORD.finditer(document.text, m.start, m.end):
                    counts["tokens"] += 1
                    counts["hit"] += hidden(*word.span())
        truth = masked_letters(document)
        for word in _WORD.finditer(document.text):
            if mask[word.start()]:
                counts["masked"] += 1
                counts["right"] += bool(truth[word.start() : word.end()].all())
    return {
        "direct": counts["direct"] / counts["directs"],
        "quasi": counts["quasi"] / counts["quasis"],
        "tokens": counts["hit"] / counts["tokens"],
        "precision": counts["right"] / max(1, counts["masked"]),
    }


GRID = [
    Setting(sure, sure * beside, echo)
    for sure in (0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5)
    for beside in (0.3, 1.0)
    for echo in (0.0, 0.3, 0.6, 0.9)
]


def pick(documents: list[Judgment], found: list[list[tuple[int, int, float]]], precision: float) -> Setting:
    """The setting with the best recall at the wanted precision."""
    best = (-1.0, GRID[-1])
    for how in GRID:
        figures = score(documents, [cover(d, f, how) for d, f in zip(documents, found, strict=True)])
        if figures["precision"] >= precision:
            value = figures["direct"] + figures["quasi"] + figures["tokens"]
            best = max(best, (value, how), key=lambda pair: pair[0])
    return best[1]


def main() -> None:
    """Print the figures of the five folds together."""
    parser = argparse.ArgumentParser(prog="python -m models.training.tab")
    parser.add_argument("--weights", type=Path, required=True, help="weights that never saw TAB")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--freeze", type=int, default=0, help="layers that stay as they are")
    parser.add_argument("--precision", type=float, default=0.75)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(base_weights() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    documents = judgments(args.shared / "data" / "tab" / "echr_113.json")
    found: list[list[tuple[int, int, float]]] = [[] for _ in documents]
    for fold in range(FOLDS):
        began = time.monotonic()
        held = [i for i in range(len(documents)) if i % FOLDS == fold]
        rest = [documents[i] for i in range(len(documents)) if i % FOLDS != fold]
        net = tune(args.weights, rest, tokenizer, args.epochs, args.freeze, fold)
        for i in held:
            found[i] = answers(net, documents[i], tokenizer)
        print(f"fold {fold}: {time.monotonic() - began:.0f} s", flush=True)
    masks: list[np.ndarray] = [np.zeros(0, bool) for _ in documents]
    for fold in range(FOLDS):
        others = [i for i in range(len(documents)) if i % FOLDS != fold]
        how = pick([documents[i] for i in others], [found[i] for i in others], args.precision)
        print(f"fold {fold}: {how}")
        for i in range(fold, len(documents), FOLDS):
            masks[i] = cover(documents[i], found[i], how)
    print("five folds:", {name: round(value, 4) for name, value in score(documents, masks).items()})
    for sure in (0.05, 0.1, 0.2, 0.3, 0.5):
        how = Setting(sure, sure, 0.6)
        figures = score(documents, [cover(d, f, how) for d, f in zip(documents, found, strict=True)])
        print(f"  at {sure}:", {name: round(value, 4) for name, value in figures.items()})


if __name__ == "__main__":
    main()
