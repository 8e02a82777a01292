"""``redactor detect``: what the service finds in a file."""

from __future__ import annotations

from pathlib import Path

import click

from redactor import exchange
from redactor.cli import common


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case_file", type=click.Path(path_type=Path), help="What is known of the case (YAML).")
@click.option("--input-password-file", type=click.Path(path_type=Path), help="Holds the password that opens FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON; otherwise a table of counts.")
def detect(file: Path, case_file: Path | None, input_password_file: Path | None, as_json: bool) -> None:
    """Find the people in FILE and their details."""
    from redactor import pipeline

    case = common.load_case(case_file)
    content = common.read_file(file, "document")
    password = common.read_password(input_password_file, "input password file")
    with common.tools(quiet=as_json) as tools:
        _, document = pipeline.read(content, file.name, tools, password)
        detected = pipeline.find(document, case, tools)
    if as_json:
        common.print_json(exchange.detected_json(document, detected))
        return
    labels = sorted({finding.label for finding in detected.findings})
    for label in labels:
        click.echo(f"{sum(finding.label is label for finding in detected.findings):6} {label.value}")
    click.echo(f"{len(detected.people):6} people, {len(detected.sections)} restricted sections")
