"""The training run: one pass over a seeded mixture, resumable, on one core."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from models.training import readers
from models.training.corpus import Example, encode, generated, windows
from models.training.labels import EVERY, free_tags
from models.training.network import Net, batches, collate, loss_of
from models.training.noise import Line

FREE = {0: free_tags(EVERY), 1: free_tags(readers.TWEETS), 2: free_tags(readers.PRESIDIO)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train on and how long."""

    data: Path
    base: Path
    work: Path
    seed: int = 20261124
    tokens: int = 5_000_000
    repeats: int = 2
    batch: int = 3072
    rate: float = 2e-4
    start: Path | None = None


def open_examples(lines: list[list[Line]], tokenizer: Tokenizer, source: int, rng: random.Random) -> list[Example]:
    """Windows of an open set; several short texts share one window, as lines of one document do."""
    out: list[Example] = []
    i = 0
    while i < len(lines):
        n = rng.choice([1, 1, 2, 4, 6])
        group = [line for document in lines[i : i + n] for line in document]
        out += windows([encode(tokenizer, line, normal=False) for line in group], rng, source)
        i += n
    return out


def mixture(plan: Plan, tokenizer: Tokenizer) -> list[Example]:
    """Generated documents and the open sets, the latter `repeats` times in different cuts."""
    rng = random.Random(plan.seed)
    found = generated(plan.data, tokenizer, plan.seed, plan.tokens, 0)
    for _ in range(plan.repeats):
        found += open_examples(readers.tweets(plan.data), tokenizer, 1, rng)
    presidio = open_examples(readers.presidio(plan.data), tokenizer, 2, rng)
    return found + presidio


def optimiser(net: Net, rate: float) -> torch.optim.AdamW:
    """Decay on matrices only; a faster head."""
    body = [(n, p) for n, p in net.named_parameters() if p.requires_grad and not n.startswith("out.")]
    return torch.optim.AdamW(
        [
            {"params": [p for _, p in body if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for _, p in body if p.ndim <= 1], "weight_decay": 0.0},
            {"params": list(net.out.parameters()), "lr": 1e-3},
        ],
        lr=rate,
    )


def train(plan: Plan) -> Net:
    """Trains, or goes on where an interrupted run with the same plan stopped."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(plan.base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    examples = mixture(plan, tokenizer)
    order = batches(examples, plan.batch, random.Random(plan.seed))
    net = Net(plan.base)
    if plan.start is not None:
        net.load_state_dict(torch.load(plan.start, weights_only=True))
    opt = optimiser(net, plan.rate)
    total = len(order)
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / 60) * max(0.01, 1 - s / total))
    plan.work.mkdir(parents=True, exist_ok=True)
    saved, first = plan.work / "checkpoint.pt", 0
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        net.load_state_dict(state["net"])
        opt.load_state_dict(state["opt"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    print(
        f"{len(examples)} windows, {sum(len(e.ids) for e in examples)} pieces, {total} steps, from {first}", flush=True
    )
    _loop(net, opt, schedule, examples, order, first, saved)
    torch.save(net.state_dict(), plan.work / "net.pt")
    return net


def _loop(
    net: Net,
    opt: torch.optim.AdamW,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    examples: list[Example],
    order: list[list[int]],
    first: int,
    saved: Path,
) -> None:
    net.train()
    mean, seen, began = 0.0, 0, time.monotonic()
    for step in range(first, len(order)):
        ids, mask, shapes, tags, source = collate([examples[i] for i in order[step]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = net(ids, mask, shapes)
        loss = loss_of(scores, tags, source, FREE)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        schedule.step()
        seen += int(mask.sum())
        mean = loss.item() if step == first else 0.98 * mean + 0.02 * loss.item()
        if step % 25 == 0:
            print(
                f"step {step}/{len(order)} loss {mean:.4f} {seen / (time.monotonic() - began):.0f} pieces/s", flush=True
            )
        if step % 300 == 299:
            torch.save(
                {"net": net.state_dict(), "opt": opt.state_dict(), "schedule": schedule.state_dict(), "step": step + 1},
                saved,
            )
