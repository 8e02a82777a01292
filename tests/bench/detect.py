"""Measures detection, linking and sections on annotated documents: what leaked, what was lost without need, how fast.

Usage: python -m tests.bench.detect SHARED [--set all|gold|written|fresh] [--show] [--only d01,d02] [--rival PYTHON [--rival-model MODEL]]

The held-out sets beside this file, written and fresh, are scored by halves: the open one like the gold set, the sealed one in total only (see
their READMEs). Without `--set` all three sets are scored.

`--rival` runs stock Presidio of another environment on the same documents (see tests/bench/rival.py).

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason) with figures.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from redactor.detect import Detector, find, load
from redactor.model import (
    Case,
    Cell,
    Digest,
    Document,
    Finding,
    InText,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Relation,
    Role,
    Span,
)

HELD_OUT = {name: Path(__file__).parent / name for name in ("written", "fresh")}
SEALED = frozenset(f"{name[0]}{number}" for name in HELD_OUT for number in range(11, 21))
FINER = {Label.DESCRIPTOR, Label.ATTRIBUTION, Label.HEALTH, Label.OFFENCE, Label.EXPLICIT, Label.SCHOOL_YEAR}
ROLES = {"heading": Role.HEADING, "header": Role.HEADER, "footer": Role.FOOTER, "comment": Role.COMMENT, "deleted": Role.DELETED,
         "inserted": Role.INSERTED, "list": Role.LIST_ITEM, "table": Role.TABLE_CELL, "title": Role.HEADING}  # fmt: skip


def module(path: Path) -> ModuleType:
    """Load one of the shared scoring scripts."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def gold_document(doc: dict[str, Any], gold: ModuleType) -> tuple[Document, list[dict[str, Any]]]:
    """Lay an annotated document out as the reader of DOCX files does; return it with its units and their offsets."""
    text, pieces, units = "", [], []
    table_number, last_table = -1, ""
    listed = [("title", doc["title"], "open"), *gold.texts(doc)]
    for number, (where, raw, section) in enumerate(listed):
        surface, spans = gold.plain(raw)
        parts = where.split(".")
        kind = parts[1] if len(parts) > 1 else parts[0]
        cell, stop = None, "\n"
        if kind == "table":
            if parts[0] != last_table:
                table_number, last_table = table_number + 1, parts[0]
            cell = Cell(table_number, int(parts[2]), int(parts[3]))
            following = listed[number + 1][0].split(".") if number + 1 < len(listed) else []
            stop = "\t" if following[:3] == parts[:3] else "\n"
        start = len(text)
        text += surface + stop
        role = ROLES.get(kind, Role.BODY)
        pieces.append(Piece(Span(start, len(text)), role, InText(number), cell, 1 if role is Role.HEADING else 0))
        units.append({"where": where, "section": section, "text": surface, "start": start,
                      "spans": [{"start": s, "end": e, "type": t, "owner": o, "text": surface[s:e]} for s, e, t, o in spans]})  # fmt: skip
    return Document(Kind.DOCX, Digest("sha256:" + doc["id"]), text, tuple(pieces)), units


def gold_case(path: Path) -> Case:
    """Read the people of a case file, as the policy room does."""
    raw = yaml.safe_load(path.read_text())
    return Case(
        reference=raw["reference"],
        people=tuple(
            Person(
                PersonId(p["id"]),
                p["name"],
                Relation(p.get("relation", "unknown")),
                tuple(p.get("aliases") or ()),
                born=p.get("born"),
            )
            for p in raw["people"]
        ),
    )


def masked(document: Document, findings: tuple[Finding, ...]) -> str:
    """Black out every finding that any profile could black out as an identifier."""
    text = list(document.text)
    for finding in findings:
        if finding.label not in FINER:
            text[finding.span.start : finding.span.end] = (
                "█" + "\0" * (len(finding.span) - 1) if len(finding.span) else ""
            )
    return "".join(text).replace("\0", "")


def lost_words(units: list[dict[str, Any]], findings: tuple[Finding, ...], text: str) -> Counter[str]:
    """Count findings that hold innocent words, for the person who tunes."""
    covered = set()
    for unit in units:
        for span in unit["spans"]:
            covered.update(range(unit["start"] + span["start"], unit["start"] + span["end"]))
    lost: Counter[str] = Counter()
    for finding in findings:
        if finding.label in FINER:
            continue
        innocent = [i for i in range(finding.span.start, finding.span.end) if i not in covered and text[i].isalpha()]
        if len(innocent) >= 3:
            lost[f"{finding.label.value}/{finding.source}: {text[finding.span.start : finding.span.end]!r}"] += 1
    return lost


def b_cubed(units: list[dict[str, Any]], findings: tuple[Finding, ...]) -> tuple[float, float]:
    """B³ precision and recall over the gold mentions of people."""
    gold_of, ours_of = {}, {}
    for unit in units:
        for span in unit["spans"]:
            if span["type"] == "PERSON":
                here = (unit["start"] + span["start"], unit["start"] + span["end"])
                gold_of[here] = span["owner"]
                hit = next(
                    (
                        f
                        for f in findings
                        if f.label is Label.PERSON and f.span.start < here[1] and here[0] < f.span.end
                    ),
                    None,
                )
                ours_of[here] = hit.person if hit is not None and hit.person is not None else ("none", here)
    if not gold_of:
        return 1.0, 1.0
    ours_groups, gold_groups = defaultdict(set), defaultdict(set)
    for here in gold_of:
        ours_groups[ours_of[here]].add(here)
        gold_groups[gold_of[here]].add(here)
    precision = recall = 0.0
    for here in gold_of:
        ours, truth = ours_groups[ours_of[here]], gold_groups[gold_of[here]]
        common = len(ours & truth)
        precision += common / len(ours)
        recall += common / len(truth)
    return precision / len(gold_of), recall / len(gold_of)


@dataclass(frozen=True)
class Part:
    """Documents that are scored together: a whole set or a half of it; of a sealed one only totals are told."""

    home: Path
    label: str
    names: tuple[str, ...]
    sealed: bool = False

    def only(self, names: set[str]) -> Part:
        """Return the part without the documents that were not asked for."""
        return replace(self, names=tuple(name for name in self.names if name in names))


def run(shared: Path, detector: Detector, part: Part, show: bool, with_register: bool) -> None:
    """Print the figures of a part, blind or with the register; of a sealed one only totals."""
    gold, score = module(shared / "gold" / "gold.py"), module(shared / "gold" / "score.py")
    from redactor.link import identify
    from redactor.sections import find as find_sections

    results, words, spent = [], 0, 0.0
    cubes: list[tuple[float, float]] = []
    restricted = [0, 0, 0, 0]
    show = show and not part.sealed
    for name in part.names:
        path = part.home / "documents" / f"{name}.yaml"
        doc = yaml.safe_load(path.read_text())
        document, units = gold_document(doc, gold)
        case = gold_case(part.home / "cases" / f"{name}.case.yaml") if with_register else Case()
        began = time.process_time()
        sections = find_sections(document, case)
        findings = find(document, case, detector)
        detected = identify(findings, document, case, sections)
        spent += time.process_time() - began
        words += len(document.text.split())
        result = score.score({"texts": units}, masked(document, detected.findings))
        results.append(result)
        cubes.append(b_cubed(units, detected.findings))
        for unit in units:
            span = Span(unit["start"], unit["start"] + max(1, len(unit["text"])))
            ours = any(section.span.overlaps(span) for section in detected.sections)
            truth = unit["section"] != "open"
            restricted[(0 if ours else 1) if truth else (2 if ours else 3)] += 1
            if show and ours != truth:
                print(f"  {path.stem} section {'MISSED' if truth else 'WRONG'}: {unit['text'][:90]!r}")
        if show:
            for (kind, _), surface in sorted(result["leaked"].items()):
                print(f"  {path.stem} LEAK {kind}: {surface!r}")
            for line, count in lost_words(units, detected.findings, document.text).most_common():
                print(f"  {path.stem} lost {count}x {line}")
    label = f"{part.label}, {'with register' if with_register else 'blind'}:"
    line, per = score.summary(results, label)
    print(line)
    if not part.sealed:
        print("   ", {kind: f"{leaked}/{of}" for kind, (leaked, of) in per.items()})
    precision, recall = (sum(each[i] for each in cubes) / len(cubes) for i in (0, 1))
    print(f"    B³ precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}; "
          f"restricted units found {restricted[0]}/{restricted[0] + restricted[1]}, open units taken {restricted[2]}/{restricted[2] + restricted[3]}; "
          f"{words / spent:.0f} words per CPU-second")  # fmt: skip


def run_rival(shared: Path, python: Path | None, model: str, part: Part) -> None:
    """Print the same figures for stock Presidio: everything that it finds is blacked out, whatever its score."""
    if python is None:
        print(f"{part.label}, stock Presidio: skipped, no --rival given")
        return
    gold, score = module(shared / "gold" / "gold.py"), module(shared / "gold" / "score.py")
    laid_out = [
        gold_document(yaml.safe_load((part.home / "documents" / f"{name}.yaml").read_text()), gold)
        for name in part.names
    ]
    texts = [document.text for document, _ in laid_out]
    command = [str(python), str(Path(__file__).with_name("rival.py")), model]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    results = []
    for (document, units), spans in zip(laid_out, answer["found"], strict=True):
        findings = tuple(Finding(Span(start, end), Label.PERSON, 1.0, "rival") for start, end in spans)
        results.append(score.score({"texts": units}, masked(document, findings)))
    line, _ = score.summary(results, f"{part.label}, stock Presidio with {Path(model).name}:")
    print(line)
    print(f"    {sum(len(text.split()) for text in texts) / answer['seconds']:.0f} words per CPU-second")


def parts(chosen: str, shared: Path, only: set[str]) -> list[Part]:
    """Return the parts to score; a sealed document is never picked out by name."""
    if only & SEALED:
        sys.exit(f"{', '.join(sorted(only & SEALED))} are sealed: they are scored in total only.")
    listed = []
    for name, home in {"gold": shared / "gold", **HELD_OUT}.items():
        if chosen not in (name, "all"):
            continue
        names = sorted(path.stem for path in (home / "documents").glob("*.yaml"))
        opened, sealed = tuple(n for n in names if n not in SEALED), tuple(n for n in names if n in SEALED)
        listed += [Part(home, f"{name} open" if name in HELD_OUT else name, opened)]
        listed += [Part(home, f"{name} sealed", sealed, sealed=True)]
    picked = [part.only(only) if only else part for part in listed]
    return [part for part in picked if part.names]


def main() -> None:
    """Run both ways and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("..") / "shared")
    parser.add_argument("--show", action="store_true", help="list every leak and every loss")
    parser.add_argument("--only", default="", help="document names, comma-separated")
    parser.add_argument("--set", choices=("all", "gold", *HELD_OUT), default="all", dest="chosen")
    parser.add_argument("--mode", choices=("both", "blind", "register"), default="both")
    parser.add_argument("--rival", type=Path, metavar="PYTHON", help="Python of an environment with stock Presidio")
    parser.add_argument("--rival-model", default="en_core_web_md", metavar="MODEL", help="its spaCy package or folder")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    began = time.process_time()
    detector = load()
    print(f"loaded in {time.process_time() - began:.2f} CPU-seconds")
    for part in parts(options.chosen, options.shared, only):
        for with_register in (False, True):
            if options.mode == "both" or (options.mode == "register") == with_register:
                run(options.shared, detector, part, options.show, with_register)
        run_rival(options.shared, options.rival, options.rival_model, part)


if __name__ == "__main__":
    main()
