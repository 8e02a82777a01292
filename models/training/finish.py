"""The steps of one whole run, in order."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch

from models.training.export import export
from models.training.network import Net
from models.training.thresholds import choose
from models.training.train import Plan, train
from redactor.detect.names import NameModel


def run(args: argparse.Namespace, base: Path) -> None:
    """Train (or take the finished weights), choose thresholds, write the folder."""
    plan = Plan(
        args.data,
        base,
        args.work,
        seed=args.seed,
        tokens=args.tokens,
        repeats=args.repeats,
        start=args.start,
        gum=args.gum,
        minutes=args.minutes,
    )
    if args.export_only:
        net = Net(base)
        net.load_state_dict(torch.load(args.work / "net.pt", weights_only=True))
    else:
        net = train(plan)
    with tempfile.TemporaryDirectory() as folder:
        export(net, base, Path(folder) / "model", {})
        bias = choose(NameModel.load(Path(folder) / "model"), args.data)
    export(net, base, args.out, bias)
