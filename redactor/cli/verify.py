"""``redactor verify``: look at any PDF the way somebody would who wants the hidden text."""

from __future__ import annotations

from pathlib import Path

import click

from redactor import exchange
from redactor.cli import common
from redactor.errors import LeakFound


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="The plan that the copy was made from.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Holds the password that opens FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(file: Path, plan_file: Path | None, password_file: Path | None, as_json: bool) -> None:
    """Examine FILE, any PDF in the world, for text that was hidden but not removed."""
    from redactor import verify as verifier

    content = common.read_file(file, "PDF")
    password = common.read_password(password_file, "password file")
    expected = exchange.plan_from_json(common.read_file(plan_file, "plan")) if plan_file else None
    report = verifier.examine(content, password)
    if as_json:
        result = {"passed": report.passed, "checks": exchange.checks_json(report.checks), "findings": report.findings}
        common.print_json({**result, "plan": expected.digest if expected else None})
    else:
        for check in report.checks:
            mark = "ok  " if check.passed else "FAIL"
            click.echo(f"{mark} {check.name}: {check.looked_at} looked at. {check.detail}")
    if not report.passed:
        failed = tuple(check.name for check in report.checks if not check.passed)
        raise LeakFound(
            f"This file fails {len(failed)} of {len(report.checks)} checks: {', '.join(failed)}.",
            checks=failed,
            next_step="Do not send it. Make the copy again from the original.",
        )
