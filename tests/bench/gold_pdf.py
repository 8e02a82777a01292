"""The annotated documents as a word processor prints them, one copy for each of four readers: ``./run bench gold_pdf``.

Each document of the shared evidence folder is built as DOCX, exported to PDF by LibreOffice, and taken from upload to
proven draft under every profile with its case file. Reach: every copy proven, no page of it made as a picture. Results
are written as they come, so that a run that was stopped goes on where it was.

Options: --only=d01,d02, --profile=NAME, --limit=N (new runs), --again=OUTCOME (repeat results that start so),
--fault=WORD (repeat results that went this way: raster), --keep=FOLDER (save the copies), --out=FILE (default
build/bench/gold_pdf.jsonl).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from redactor import decide, detect, pipeline, policy
from redactor.errors import RedactorError
from redactor.library import copy_mark
from redactor.limits import MEBIBYTE
from redactor.model import Case, Document
from redactor.pipeline import Order, Proposal, Tools
from redactor.redact.pdf import RASTER
from tests.bench._peak import Peak
from tests.conftest import SHARED

PROFILES = ("family_copy", "court_bundle", "third_party_agency", "learning_review")
GOLD = SHARED / "gold"
EXPORT_SECONDS = 300


def printed(folder: Path, names: list[str]) -> dict[str, bytes]:
    """Build the documents and export them as PDF, all by one LibreOffice with its plain settings."""
    sources = [str(GOLD / "documents" / f"{name}.yaml") for name in names]
    subprocess.run(
        [sys.executable, str(GOLD / "gold.py"), "build", str(folder), *sources], check=True, capture_output=True
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(folder / f"{name}.docx") for name in names]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=EXPORT_SECONDS)
    return {name: (folder / f"{name}.pdf").read_bytes() for name in names}


def one(
    name: str, profile_name: str, seen: tuple[Any, Document, Any], case: Case, tools: Tools, keep: str
) -> dict[str, Any]:
    """Make one reader's copy and say how it ended."""
    upload, document, detected = seen
    profile, reader = policy.load_profile(profile_name), policy.find_reader(case, profile_name)
    result: dict[str, Any] = {"document": name, "profile": profile_name, "pages": document.pages, "outcome": "proven"}
    begun = time.monotonic()
    with Peak() as peak:
        try:
            plan = decide.plan(document, detected, profile, case, reader)
            order = Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
            sealed, rendered = pipeline.release(Proposal(upload, document, detected, plan), plan, order, tools)
        except RedactorError as refusal:
            result |= {"outcome": f"refused: {refusal.slug}", "said": refusal.message}
        else:
            result |= {
                "routes": dict(Counter(rendered.routes)),
                "warnings": list(rendered.warnings),
                "checks": len(sealed.certificate.checks),
            }
            if keep:
                Path(keep).mkdir(parents=True, exist_ok=True)
                (Path(keep) / f"{name}.{profile_name}.pdf").write_bytes(sealed.content)
    return result | {
        "seconds": round(time.monotonic() - begun, 1),
        "cpu": round(peak.cpu, 1),
        "mebibytes": peak.children // MEBIBYTE,
    }


def table(results: dict[tuple[str, str], dict[str, Any]]) -> str:
    """Return the outcomes, and every result that misses the reach."""
    lines = [f"{count:4}  {what}" for what, count in Counter(r["outcome"] for r in results.values()).most_common()]
    routes: Counter[str] = Counter()
    for (name, profile), result in sorted(results.items()):
        routes.update(result.get("routes", {}))
        if result["outcome"] != "proven" or RASTER in result.get("routes", {}):
            why = result.get("said") or "; ".join(result["warnings"])
            lines.append(f"{name} {profile}: {result['outcome']} {result.get('routes', '')} {why}")
    cpu, pages = sum(r["cpu"] for r in results.values()), sum(r["pages"] for r in results.values())
    return "\n".join([*lines, f"pages by way {dict(routes)}; {cpu:.0f} s of processor time for {pages} pages"])


def main() -> None:
    """Run what has no result yet and print the table."""
    if not GOLD.is_dir():
        sys.exit("skipped: the annotated documents of the shared evidence folder are not there")
    asked = dict(option[2:].partition("=")[::2] for option in sys.argv[1:])
    log = Path(asked.get("out", "build/bench/gold_pdf.jsonl"))
    log.parent.mkdir(parents=True, exist_ok=True)
    known = {}
    for line in log.read_text().splitlines() if log.exists() else ():
        result = json.loads(line)
        known[result["document"], result["profile"]] = result
    names = [path.stem for path in sorted((GOLD / "documents").glob("d*.yaml"))]
    names = [name for name in names if name in asked.get("only", name).split(",")]
    profiles = [asked["profile"]] if "profile" in asked else list(PROFILES)
    todo = [key for name in names for key in ((name, profile) for profile in profiles) if is_due(known.get(key), asked)]
    todo = todo[: int(asked.get("limit", len(todo)))]
    if todo:
        run(todo, known, log, asked.get("keep", ""))
    print(table(known))


def is_due(result: dict[str, Any] | None, asked: dict[str, str]) -> bool:
    """Say whether a result is missing or asked for again."""
    if result is None:
        return True
    again, fault = asked.get("again"), asked.get("fault")
    return (again is not None and result["outcome"].startswith(again)) or fault in result.get("routes", {})


def run(todo: list[tuple[str, str]], known: dict[tuple[str, str], dict[str, Any]], log: Path, keep: str) -> None:
    """Make the copies; each document is read and searched once."""
    tools = Tools(detect.load())
    names = list(dict.fromkeys(name for name, _ in todo))
    with tempfile.TemporaryDirectory() as folder, log.open("a") as stream:
        files = printed(Path(folder), names)
        for name in names:
            case = policy.load_case((GOLD / "cases" / f"{name}.case.yaml").read_bytes())
            upload, document = pipeline.read(files[name], f"{name}.pdf", tools)
            detected = pipeline.find(document, case, tools)
            for profile in (profile for other, profile in todo if other == name):
                result = known[name, profile] = one(name, profile, (upload, document, detected), case, tools, keep)
                stream.write(json.dumps(result) + "\n")
                stream.flush()
                print(name, profile, result["outcome"], result.get("routes", ""), f"{result['cpu']} s", flush=True)


if __name__ == "__main__":
    main()
