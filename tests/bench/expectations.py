"""What a careful solicitor expects of each reader's copy, held against the plans of the shipped profiles.

For each annotated document of the shared evidence folder and of tests/bench/fresh, and each profile for which it has an
expectation: the document is built as DOCX, read, searched, linked and decided on with its case file; the plan is applied
to the text, and the result is compared with the expectation. Of sealed documents only totals are told. Reach: nothing of
"go" readable, at least 98 of 100 of "stay" there.

    python -m tests.bench.expectations [--shared FOLDER] [--set gold|fresh] [--only d01 ...] [--profile NAME ...] [--explain]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from redactor import decide, detect, ingest, link, sections
from redactor.decide import hard_stops, preserve
from redactor.decide.examples import applied
from redactor.model import Case, Detected, Document, Plan, Span
from redactor.policy import find_reader, load_case, load_profile
from tests.bench.detect import HELD_OUT, SEALED

PROFILES = ("family_copy", "court_bundle", "third_party_agency", "learning_review", "subject_access")
ROOT = Path(__file__).resolve().parents[2]


def found(content: bytes, name: str, case: Case, detector: Any) -> tuple[Document, Detected]:
    """Read a document and say what is in it."""
    document = ingest.read(ingest.admit(content, name))
    parts = sections.find(document, case)
    return document, link.identify(detect.find(document, case, detector), document, case, parts)


def why(document: Document, detected: Detected, plan: Plan, words: str) -> list[str]:
    """Say which decisions touch the places where some words stand."""
    folded, wanted = document.text.casefold(), words.casefold()
    lines, start = [], folded.find(wanted)
    while start >= 0:
        span = Span(start, start + len(wanted))
        piece = next(piece for piece in document.pieces if piece.span.end > start)
        touching = [f for f in detected.findings if f.span.overlaps(span)]
        marks = [f"{f.label}:{f.person}:{f.score:.2f}{'' if f.certain else '?'}" for f in touching]
        rules = [f"{d.action.name}:{d.rule}" for d in plan.decisions if d.span.overlaps(span)]
        rules += [f"{s.action.name}:{s.rule}" for s in plan.sections if s.span.overlaps(span)]
        lines.append(f"      {words!r} at {start} ({piece.role}) {marks} -> {rules or 'nothing decided'}")
        start = folded.find(wanted, start + 1)
    return lines or [f"      {words!r} is not in the text that was read"]


@dataclass(frozen=True)
class Part:
    """Documents held against their expectations together; of a sealed part only totals are told."""

    label: str
    home: Path
    names: tuple[str, ...]
    sealed: bool = False


def parts(chosen: str, shared: Path, only: set[str]) -> list[Part]:
    """Return the gold set and the halves of the fresh one; a sealed document is never picked out by name."""
    if only & SEALED:
        sys.exit(f"{', '.join(sorted(only & SEALED))} are sealed: they are scored in total only.")
    listed = []
    for name, home in (("gold", shared / "gold"), ("fresh", HELD_OUT["fresh"])):
        stems = {path.stem for path in (home / "expect").glob("*.yaml")} if chosen in (name, "both") else set()
        listed.append(Part(name, home, tuple(sorted((stems & only if only else stems) - SEALED))))
        listed.append(Part(f"{name} sealed", home, tuple(sorted(stems & SEALED if not only else ())), sealed=True))
    return [part for part in listed if part.names]


def compare(part: Part, profiles: list[str], detector: Any, tell: bool, explain: bool) -> dict[str, Counter[str]]:
    """Hold each document's plans against its expectations; return the counts of each profile."""
    import expect  # type: ignore[import-not-found]
    import gold as maker  # type: ignore[import-not-found]

    totals: dict[str, Counter[str]] = {name: Counter() for name in profiles}
    with tempfile.TemporaryDirectory() as folder:
        for stem in part.names:
            maker.build(part.home / "documents" / f"{stem}.yaml", folder)
            case = load_case((part.home / "cases" / f"{stem}.case.yaml").read_bytes())
            content = (Path(folder) / f"{stem}.docx").read_bytes()
            document, detected = found(content, f"{stem}.docx", case, detector)
            wanted = yaml.safe_load((part.home / "expect" / f"{stem}.yaml").read_text(encoding="utf-8"))
            for name in (name for name in profiles if name in wanted):
                profile, reader = load_profile(name), find_reader(case, name)
                plan = decide.plan(document, detected, profile, case, reader)
                go, stay = expect.wrong(applied(document, plan), wanted[name])
                stops = sum(hard_stops.broken(plan, document, detected, profile, case, reader).values())
                lost = len(preserve.losses(plan, document, detected, profile))
                totals[name].update(
                    go=len(go), of_go=len(wanted[name]["go"]), stay=len(stay), of_stay=len(wanted[name]["stay"])
                )
                totals[name].update(stops=stops, lost=lost)
                if tell and (go or stay or stops or lost):
                    print(f"{stem} {name}: readable {go} missing {stay} stops {stops} preserve lost {lost}")
                    if explain:
                        print(
                            "\n".join(line for words in (*go, *stay) for line in why(document, detected, plan, words))
                        )
    return {name: count for name, count in totals.items() if count}


def main() -> int:
    """Run the comparison and print it; exit 1 if the reach is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("REDACTOR_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--set", choices=("both", "gold", "fresh"), default="both", dest="chosen")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--profile", nargs="*", default=list(PROFILES))
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(options.shared / "gold"))
    detector = detect.load()
    reached = True
    for part in parts(options.chosen, options.shared, set(options.only)):
        totals = compare(part, options.profile, detector, not part.sealed, options.explain)
        for name, count in totals.items():
            there = 100 * (1 - count["stay"] / max(1, count["of_stay"]))
            print(
                f"{part.label}, {name}: go readable {count['go']} of {count['of_go']}; stay there {there:.1f} % "
                f"({count['stay']} of {count['of_stay']} missing); hard stops broken {count['stops']}; "
                f"preserve constraints lost {count['lost']}"
            )
        reached = reached and all(c["go"] == 0 and c["stay"] <= 0.02 * c["of_stay"] for c in totals.values())
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
