"""Prints the figures of models/CARD.md: held-out text, groups of name origin, WNUT-17, the gold set, speed."""

from __future__ import annotations

import argparse
import importlib.util
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from models.training import readers
from models.training.grammar import UNSURE, Writer, load_rules
from models.training.noise import disturb
from models.training.people import GROUPS, Names
from models.training.thresholds import Held, flatten, held_documents
from redactor.detect.names import NameModel

ROOT = Path(__file__).resolve().parents[2]
Finder = Callable[[str], list[tuple[int, int]]]


def covered(text: str, start: int, end: int, mask: bytearray) -> bool:
    """Whether every letter and digit of a stretch is masked."""
    return all(mask[i] for i in range(start, end) if text[i].isalnum())


def mask_of(find: Finder, text: str) -> bytearray:
    """One byte a character: found or not."""
    mask = bytearray(len(text))
    for start, end in find(text):
        mask[start:end] = b"\1" * (end - start)
    return mask


def alone(model: NameModel, recall: float) -> Finder:
    """The model without the rest of the detector."""
    return lambda text: [(span.start, span.end) for span in model.spans(text, recall)]


def generated(find: Finder, held: Held) -> None:
    """Share fully masked for each label, and innocent words lost."""
    hits: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    lost = innocent = 0
    for text, spans in held:
        mask = mask_of(find, text)
        truth = bytearray(len(text))
        for a, b, label in spans:
            truth[a:b] = b"\1" * (b - a)
            if label != UNSURE:
                hits[label][0] += covered(text, a, b, mask)
                hits[label][1] += 1
        for a in _words(text):
            if not truth[a]:
                innocent += 1
                lost += mask[a]
    line = ", ".join(f"{k} {100 * a / b:.1f}" for k, (a, b) in sorted(hits.items()))
    print(f"  generated: masked % {line}; innocent words lost {100 * lost / innocent:.2f} %")


def _words(text: str) -> list[int]:
    """Where the words of three letters or more begin."""
    out: list[int] = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        if sum(c.isalpha() for c in word) >= 3:
            out.append(at + next(i for i, c in enumerate(word) if c.isalpha()))
        at += len(word)
    return out


def origins(find: Finder, data: Path, each: int) -> None:
    """Name recall for each community, as written and in lower case: the same stories, with names never trained on."""
    rules, names = load_rules(), Names(data, test=True)
    rows: list[tuple[float, float, str, int]] = []
    for group in GROUPS:
        counts = [0, 0, 0]
        for number in range(each):
            people = random.Random(f"{group} {number}")
            document = Writer(rules, names, random.Random(number), group, people).document()
            text, spans = flatten(disturb(random.Random(number), document))
            small = text.lower()
            if len(small) != len(text):
                continue
            masks = mask_of(find, text), mask_of(find, small)
            for a, b, label in spans:
                if label == "PERSON":
                    counts[0] += 1
                    counts[1] += covered(text, a, b, masks[0])
                    counts[2] += covered(text, a, b, masks[1])
        rows.append((100 * counts[1] / counts[0], 100 * counts[2] / counts[0], group, counts[0]))
    for proper, lower, group, count in rows:
        print(f"  origin {group:16s} as written {proper:6.2f}  lower case {lower:6.2f}  ({count} mentions)")
    plain = [r for r in rows if r[2] != "wordname"]
    gaps = max(r[0] for r in plain) - min(r[0] for r in plain)
    total = sum(r[3] for r in rows)
    both = [sum(r[k] * r[3] for r in rows) / total for k in (0, 1)]
    print(
        f"  origins: gap {gaps:.2f} points (names that are words apart), as written {both[0]:.2f}, lower case "
        f"{both[1]:.2f}, {total} mentions"
    )


def wnut(find: Finder, data: Path) -> None:
    """PERSON of the WNUT-17 test posts, fully masked, and the share of other words masked."""
    good = count = lost = words = 0
    for row in readers.wnut_test(data):
        text, at, current, spans = "", 0, None, []
        for word, tag in row:
            if tag.startswith("B-person"):
                current = [len(text), len(text) + len(word)]
                spans.append(current)
            elif tag == "I-person" and current:
                current[1] = len(text) + len(word)
            else:
                current = None
            text += word + " "
        mask = mask_of(find, text)
        for a, b in spans:
            count += 1
            good += covered(text, a, b, mask)
        for word, tag in row:
            if tag == "O" and len(word) > 2:
                words += 1
                lost += mask[at]
            at += len(word) + 1
    print(
        f"  WNUT-17 test PERSON: masked {good}/{count} = {good / count:.4f}; "
        f"other words masked {100 * lost / words:.1f} %"
    )


def procedures(find: Finder, folder: Path) -> None:
    """What is found in real procedure texts, in which nearly nothing is about anybody."""
    for path in sorted(folder.glob("S*.txt")):
        text = path.read_text(encoding="utf-8")
        mask = mask_of(find, text)
        lost = sum(mask[a] for a in _words(text))
        print(f"  {path.stem[:40]}: {lost} of {len(_words(text))} words masked")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"cannot read {path.name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def gold_documents(folder: Path) -> list[dict[str, Any]]:
    """The gold set as its own scorer wants it."""
    reader = _module(folder / "gold.py")
    out = []
    for path in sorted((folder / "documents").glob("*.yaml")):
        document = reader.yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = []
        for where, raw, section in [("title", document["title"], "open"), *reader.texts(document)]:
            text, spans = reader.plain(raw)
            rows.append(
                {
                    "where": where,
                    "section": section,
                    "text": text,
                    "spans": [{"start": s, "end": e, "type": t, "owner": o, "text": text[s:e]} for s, e, t, o in spans],
                }
            )
        out.append({"id": document["id"], "texts": rows})
    return out


def gold(model: NameModel, folder: Path, recall: float, show: bool) -> None:
    """The model alone on the gold set: no patterns, no register, no second pass."""
    scorer = _module(folder / "score.py")
    results, missed = [], []
    for document in gold_documents(folder):
        text = "\n".join(u["text"] for u in document["texts"])
        out, last = "", 0
        for s in model.spans(text, recall):
            out += text[last : s.start] + "█"
            last = s.end
        result = scorer.score(document, out + text[last:])
        results.append(result)
        missed += [k[0] for k in result["leaked"]]
    line, per = scorer.summary(results, f"gold, model alone, recall {recall}:")
    print(line)
    if show:
        print(per)


def tables(find: Finder, shared: Path, held: Held, each: int) -> None:
    """Every figure that needs no annotated case file."""
    generated(find, held)
    wnut(find, shared / "data")
    procedures(find, shared / "domain")
    origins(find, shared / "data", each)


def speed(model: NameModel, held: Held) -> None:
    """Words for each CPU-second, one thread."""
    text = "\n".join(t for t, _ in held)[:400_000]
    began = time.process_time()
    model.spans(text)
    took = time.process_time() - began
    print(
        f"speed {len(text.split()) / took:.0f} words per CPU-second; "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="python -m models.training.evaluate")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "en_safeguarding")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--each", type=int, default=25, help="documents for each community")
    parser.add_argument("--recalls", type=float, nargs="+", default=[0.5, 0.75])
    args = parser.parse_args()
    began = time.monotonic()
    model = NameModel.load(args.model)
    print(f"load {time.monotonic() - began:.2f} s")
    data = args.shared / "data"
    held = held_documents(data, 4711, args.documents)
    speed(model, held)
    for recall in args.recalls:
        print(f"the model alone, recall {recall}")
        gold(model, args.shared / "gold", recall, show=True)
        tables(alone(model, recall), args.shared, held, args.each)


if __name__ == "__main__":
    main()
