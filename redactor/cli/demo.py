"""``redactor demo``: every sample under every profile, each copy proven, with a table of where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from redactor import resources
from redactor.cli import common
from redactor.errors import ExitCode, RedactorError

if TYPE_CHECKING:
    from redactor.pipeline import Tools

PROFILES = ("family_copy", "court_bundle", "third_party_agency", "learning_review")
DOCUMENT_ENDINGS = (".docx", ".pdf", ".eml")


@dataclass(frozen=True, slots=True)
class Sample:
    """One shipped sample: its document and its case file."""

    name: str
    document: Path
    case: Path


def samples() -> Iterator[Sample]:
    """Yield the shipped samples."""
    for folder in sorted(resources.path("samples").iterdir()):
        if (folder / "case.yaml").exists():
            document = next(path for path in sorted(folder.iterdir()) if path.suffix in DOCUMENT_ENDINGS)
            yield Sample(folder.name, document, folder / "case.yaml")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/demo"), show_default=True)
def demo(out: Path) -> None:
    """Redact the samples under the four main profiles and prove each copy."""
    out.mkdir(parents=True, exist_ok=True)
    console = Console()
    table = Table(
        "sample", "profile", "reader", "found", "redacted", "words gone", "proof", "file", title="Draft copies"
    )
    refused = 0
    with common.tools() as tools:
        for sample in samples():
            for profile in PROFILES:
                row, good = _one(sample, profile, out, tools)
                table.add_row(*row)
                refused += not good
                console.print(f"{row[0]} / {row[1]}: {row[6]}", highlight=False)
    console.print(table)
    console.print(f"Look at the copies in {out.resolve()}. They are drafts: nobody has reviewed them yet.")
    console.print("Next: './run serve' for the review pages, 'redactor --help' for the command line.")
    if refused:
        raise click.exceptions.Exit(ExitCode.LEAK_FOUND)


def _one(sample: Sample, profile_name: str, out: Path, tools: Tools) -> tuple[tuple[str, ...], bool]:
    """Make one copy and describe it in a row of the table."""
    from redactor import decide, library, pipeline, policy
    from redactor.model import Action

    profile = policy.load_profile(profile_name)
    case = common.load_case(sample.case)
    reader = policy.find_reader(case, profile_name)
    title = (sample.name, profile_name, reader.name or reader.kind.value)
    try:
        proposal = pipeline.propose(sample.document.read_bytes(), sample.document.name, profile, case, reader, tools)
        mark = library.copy_mark(profile, case, reader, draft=True)
        order = pipeline.Order(case, profile, reader, mark)
        sealed, _ = pipeline.release(proposal, proposal.plan, order, tools)
    except RedactorError as refusal:
        return (*title, "", "", "", f"refused: {refusal.slug}", ""), False
    target = out / f"{sample.name}.{profile_name}.pdf"
    common.write_whole(target, sealed.content)
    redacted = sum(decision.action > Action.KEEP for decision in proposal.plan.decisions)
    share = decide.shares(proposal.document, proposal.plan)[0].share
    proof = f"{len(sealed.certificate.checks)} checks passed"
    return (*title, str(len(proposal.plan.decisions)), str(redacted), f"{share:.1%}", proof, target.name), True
