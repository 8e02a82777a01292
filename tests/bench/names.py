"""Measures the finding of names: by community, in small letters, in posts, in procedure texts; model and whole detector.

Usage: python -m tests.bench.names [--shared=FOLDER] [--documents=N] [--each=N] [--recall=0.5]

Defends the first promise (nothing leaks) for people of every community, and the third (nothing is hidden without a
reason) for texts about nobody. Held-out names only; the WNUT-17 test posts are never trained on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from models.training import evaluate
from models.training.thresholds import held_documents
from redactor.detect import Detector, find, load
from redactor.model import Case, Digest, Document, InText, Kind, Piece, Role, Span
from tests.bench.detect import FINER

ROOT = Path(__file__).resolve().parents[2]
HELD_SEED = 4711


def plain(text: str) -> Document:
    """Lay a text out as a document of one paragraph a line."""
    pieces, start = [], 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        pieces.append(Piece(Span(start, start + len(line)), Role.BODY, InText(number)))
        start += len(line)
    return Document(Kind.DOCX, Digest("sha256:" + "0" * 64), text, tuple(pieces))


def whole(detector: Detector) -> evaluate.Finder:
    """The whole detector, blind, as a finder of stretches."""

    def run(text: str) -> list[tuple[int, int]]:
        found = find(plain(text), Case(), detector)
        return [(each.span.start, each.span.end) for each in found if each.label not in FINER]

    return run


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="bench names")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--each", type=int, default=20, help="documents for each community")
    parser.add_argument("--recall", type=float, default=0.5)
    args = parser.parse_args()
    detector = load()
    held = held_documents(args.shared / "data", HELD_SEED, args.documents)
    evaluate.speed(detector.names, held)
    print(f"the model alone, recall {args.recall}")
    evaluate.tables(evaluate.alone(detector.names, args.recall), args.shared, held, args.each)
    print("the whole detector, blind")
    evaluate.tables(whole(detector), args.shared, held, args.each)


if __name__ == "__main__":
    main()
