"""``redactor plan``: what would happen to each finding, for a person to review."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redactor import exchange
from redactor.cli import common


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", "profile_name", required=True, help="A shipped profile's name, or the path of your own.")
@click.option("--case", "case_file", type=click.Path(path_type=Path), help="What is known of the case (YAML).")
@click.option("--recipient", help="Key of the case's recipients, or a person's id.")
@click.option("--input-password-file", type=click.Path(path_type=Path), help="Holds the password that opens FILE.")
@click.option("--series", "series_file", type=click.Path(path_type=Path), help="Key of the case's labels and dates.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the plan is written (JSON).")
def plan(
    file: Path,
    profile_name: str,
    case_file: Path | None,
    recipient: str | None,
    input_password_file: Path | None,
    series_file: Path | None,
    out: Path,
) -> None:
    """Decide on every finding in FILE and write the plan, without document text, to OUT."""
    from redactor import pipeline, policy

    profile = policy.load_profile(profile_name)
    case = common.load_case(case_file)
    reader = policy.find_reader(case, recipient)
    content = common.read_file(file, "document")
    password = common.read_password(input_password_file, "input password file")
    series = common.load_series(series_file)
    with common.tools() as tools:
        proposal = pipeline.propose(content, file.name, profile, case, reader, tools, password, series)
    written = json.dumps(exchange.plan_json(proposal.plan), ensure_ascii=False, indent=1)
    common.write_whole(out, written.encode() + b"\n")
    common.keep_series(series_file, series, proposal, case)
    undecided = sum(not decision.certain for decision in proposal.plan.decisions)
    click.echo(f"{len(proposal.plan.decisions)} decisions, {undecided} need a person. Plan {proposal.plan.digest}")
