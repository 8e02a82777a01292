"""The training run: one pass over a seeded mixture, resumable, on one core."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from models.training import genres, readers
from models.training.corpus import Example, encode, generated, windows
from models.training.labels import EVERY, free_tags
from models.training.network import Net, batches, collate, loss_of
from models.training.noise import Line
from models.training.people import Names
from models.training.swap import varied

FREE = {
    0: free_tags(EVERY),
    1: free_tags(readers.TWEETS),
    2: free_tags(readers.PRESIDIO),
    3: free_tags(genres.ANNOTATED),
}
_AVERAGE = 0.995  # share of the running mean that stays at each step


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
    head_rate: float = 1e-3
    start: Path | None = None
    gum: Path | None = None
    minutes: float = 0.0  # of work at most; 0: the whole plan


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
    """Generated documents and the open sets: once as they are, then `repeats` times with other names and spacing."""
    rng, names = random.Random(plan.seed), Names(plan.data)
    found = generated(plan.data, tokenizer, plan.seed, plan.tokens, 0)
    tweets, presidio = readers.tweets(plan.data), readers.presidio(plan.data)
    prose = genres.genres(plan.gum) if plan.gum else []
    found += open_examples(tweets, tokenizer, 1, rng) + open_examples(presidio, tokenizer, 2, rng)
    for _ in range(plan.repeats):
        for documents, source in ((tweets, 1), (prose, 3)):
            again = [[varied(line, names, rng) for line in document] for document in documents]
            found += open_examples(again, tokenizer, source, rng)
    return found


def optimiser(net: Net, rate: float) -> torch.optim.AdamW:
    """Decay on matrices only; three groups: matrices, vectors, head."""
    body = [(n, p) for n, p in net.named_parameters() if p.requires_grad and not n.startswith("out.")]
    return torch.optim.AdamW(
        [
            {"params": [p for _, p in body if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for _, p in body if p.ndim <= 1], "weight_decay": 0.0},
            {"params": list(net.out.parameters())},
        ],
        lr=rate,
    )


def train(plan: Plan) -> Net:
    """Trains, or goes on where an interrupted run with the same plan stopped; returns the averaged weights."""
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
    plan.work.mkdir(parents=True, exist_ok=True)
    count = sum(len(e.ids) for e in examples)
    print(f"{len(examples)} windows, {count} pieces, {len(order)} steps", flush=True)
    mean = _loop(_Run(net, optimiser(net, plan.rate), Average(net)), examples, order, plan)
    net.load_state_dict(mean.weights)
    torch.save(net.state_dict(), plan.work / "net.pt")
    return net


class Average:
    """A running mean of the weights, steadier than the last of them."""

    def __init__(self, net: Net) -> None:
        self.weights = {name: value.clone() for name, value in net.state_dict().items()}

    @torch.no_grad()
    def follow(self, net: Net, step: int) -> None:
        """Move a little towards the present weights."""
        pace = 1 - min(_AVERAGE, (1 + step) / (10 + step))
        for name, value in net.named_parameters():
            if value.requires_grad:
                self.weights[name].lerp_(value, pace)


@dataclass(slots=True)
class _Run:
    """What a checkpoint holds."""

    net: Net
    opt: torch.optim.AdamW
    mean: Average
    step: int = 0
    spent: float = 0.0

    def save(self, path: Path) -> None:
        state = {"net": self.net.state_dict(), "opt": self.opt.state_dict(), "mean": self.mean.weights}
        torch.save(state | {"step": self.step, "spent": self.spent}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def restore(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.opt.load_state_dict(state["opt"])
        self.mean.weights = state["mean"]
        self.step, self.spent = state["step"], state["spent"]


def _loop(run: _Run, examples: list[Example], order: list[list[int]], plan: Plan) -> Average:
    """Every batch once, or as many as the time allows; the rate falls to nothing by the end of either."""
    saved = plan.work / "checkpoint.pt"
    if saved.exists():
        run.restore(saved)
    rates = [plan.rate, plan.rate, plan.head_rate]
    run.net.train()
    loss_mean, seen, began, before = 0.0, 0, time.monotonic(), run.spent
    for step in range(run.step, len(order)):
        run.spent = before + time.monotonic() - began
        done = max(step / len(order), run.spent / (60 * plan.minutes) if plan.minutes else 0.0)
        if done >= 1:
            break
        for group, rate in zip(run.opt.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 60) * max(0.01, 1 - done)
        ids, mask, shapes, tags, source = collate([examples[i] for i in order[step]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = run.net(ids, mask, shapes)
        loss = loss_of(scores, tags, source, FREE)
        run.opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(run.net.parameters(), 1.0)
        run.opt.step()
        run.mean.follow(run.net, step)
        run.step = step + 1
        seen += int(mask.sum())
        loss_mean = loss.item() if not loss_mean else 0.98 * loss_mean + 0.02 * loss.item()
        if step % 25 == 0:
            pace = seen / (time.monotonic() - began)
            print(f"step {step}/{len(order)} done {done:.3f} loss {loss_mean:.4f} {pace:.0f} pieces/s", flush=True)
        if step % 100 == 99:
            run.save(saved)
    run.save(saved)
    return run.mean
