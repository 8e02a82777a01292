"""``redactor demo``: every sample under every profile, each copy proven, with a table of where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from redactor import resources
from redactor.cli import common
from redactor.errors import ExitCode, RedactorError

if TYPE_CHECKING:
    from redactor.pipeline import Tools

PROFILES = ("family_copy", "court_bundle", "third_party_agency", "learning_review")
_ROW = "{:19} {:19} {:>10} {:>6}  {}"  # fits a terminal of 80 columns
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
    refused = 0
    click.echo(_ROW.format("sample", "profile", "redacted", "gone", "proof"))
    with common.tools() as tools:
        for sample in samples():
            for profile in PROFILES:
                row, good = _one(sample, profile, out, tools)
                refused += not good
                click.echo(row)
    click.echo("")
    click.echo("redacted: details changed, of those found; gone: share of the words.")
    click.echo("The copies are drafts: nobody has reviewed them yet. Look at them in")
    click.echo(f"  {out.resolve()}")
    click.echo("Next: './run serve' for the review pages, 'redactor --help' for the commands.")
    if refused:
        raise click.exceptions.Exit(ExitCode.LEAK_FOUND)


def _one(sample: Sample, profile_name: str, out: Path, tools: Tools) -> tuple[str, bool]:
    """Make one copy and describe it in one row; say whether it was made."""
    from redactor import decide, library, pipeline, policy
    from redactor.model import Action

    profile = policy.load_profile(profile_name)
    case = common.load_case(sample.case)
    reader = policy.find_reader(case, profile_name)
    try:
        proposal = pipeline.propose(sample.document.read_bytes(), sample.document.name, profile, case, reader, tools)
        mark = library.copy_mark(profile, case, reader, draft=True)
        order = pipeline.Order(case, profile, reader, mark)
        sealed, _ = pipeline.release(proposal, proposal.plan, order, tools)
    except RedactorError as refusal:
        return _ROW.format(sample.name, profile_name, "", "", f"refused: {refusal.slug}"), False
    common.write_whole(out / f"{sample.name}.{profile_name}.pdf", sealed.content)
    redacted = sum(decision.action > Action.KEEP for decision in proposal.plan.decisions)
    share = decide.shares(proposal.document, proposal.plan)[0].share
    changed = f"{redacted} of {len(proposal.plan.decisions)}"
    proof = f"{len(sealed.certificate.checks)} checks passed"
    return _ROW.format(sample.name, profile_name, changed, f"{share:.1%}", proof), True
