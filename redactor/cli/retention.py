"""``redactor retention``: what is kept for how long, and the end of what is due."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli.common import data_option, open_service, print_json


@click.group()
def retention() -> None:
    """What is kept for how long, and the end of what is due."""


@retention.command(name="list")
def classes() -> None:
    """Show the retention classes."""
    from redactor.policy.retention import load_retention

    for name, kept in load_retention().classes.items():
        click.echo(f"{name}: {kept.title}")
        click.echo(f"    documents {kept.case_closed} days after the case closes, copies {kept.link_ended} days after")
        click.echo(f"    their links end, failed uploads after {kept.upload_failed} days. {kept.basis}")


@retention.command()
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
@click.option("--json", "as_json", is_flag=True, help="Print what was destroyed as JSON.")
@data_option
def sweep(dry_run: bool, as_json: bool, data: Path | None) -> None:
    """Destroy the keys of what is due, certify each destruction, and remove bytes that no key opens.

    Certificates are appended to audit/destroyed.jsonl: copy that file off this machine, for a restore needs it.
    """
    service = open_service(data)
    found = service.retention.due() if dry_run else (swept := service.retention.sweep()).destroyed
    if as_json:
        print_json(
            [
                {"what": item.what, "subject": item.subject, "case": item.case, "rule": item.rule,
                 "since": item.since.isoformat()}
                for item in found
            ]
        )  # fmt: skip
        return
    for item in found:
        click.echo(f"{item.what} {item.subject} ({item.rule}, since {item.since.date().isoformat()})")
    if dry_run:
        click.echo(f"{len(found)} due; nothing was destroyed.")
    else:
        click.echo(
            f"{len(found)} destroyed, {swept.certified} certificates written, {swept.removed} sealed files removed."
        )


@retention.command()
@click.argument("case")
@click.option("--lift", is_flag=True, help="Lift the hold.")
@data_option
def hold(case: str, lift: bool, data: Path | None) -> None:
    """Hold a case (by its identifier) for an inquiry or a court: nothing of it is destroyed meanwhile."""
    open_service(data).retention.hold_by_order(case, not lift)
    click.echo("The hold is lifted." if lift else "The case is held.")
