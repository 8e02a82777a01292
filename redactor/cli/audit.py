"""``redactor audit``: the record of who did what."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import data_option, open_service
from redactor.errors import IntegrityFailure


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
@data_option
def keep(data: Path | None) -> None:
    """Append every chain's signed head that moved to audit/heads.jsonl, to be copied to another system."""
    click.echo(f"{open_service(data).trail.keep_heads()} heads kept.")


@audit.command()
@data_option
def verify(data: Path | None) -> None:
    """Check the whole chain: flips, drops, swaps, insertions and cuts are each found."""
    service, broken = open_service(data), 0
    for organisation, verdict in service.trail.verify().items():
        click.echo(f"{organisation}: {verdict.events} events, " + ("; ".join(verdict.problems) or "whole"))
        broken += not verdict.passed
    if broken:
        raise IntegrityFailure("The record was altered.")
