"""``redactor profile``: list, show, check, explain and compare profiles."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli import common
from redactor.errors import BadArguments, InvalidDefinition


@click.group()
def profile() -> None:
    """Look at the profiles: what each kind of reader may see, and why."""


@profile.command("list")
def list_profiles() -> None:
    """List the shipped profiles."""
    from redactor import policy

    for name in policy.shipped_profiles():
        loaded = policy.load_profile(name)
        click.echo(f"{loaded.name:24} version {loaded.version}  {loaded.title}")


@profile.command()
@click.argument("name")
def show(name: str) -> None:
    """Print a profile's rules in order, each with its reason and sentence."""
    from redactor import decide, policy

    for line in decide.describe(policy.load_profile(name)):
        click.echo(line)


@profile.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Run the examples of the named profiles (all shipped ones without a name)."""
    from redactor import decide, policy

    failed = 0
    for name in names or policy.shipped_profiles():
        loaded = policy.load_profile(name)
        problems = decide.check_profile(loaded)
        failed += len(problems)
        click.echo(f"{loaded.name}: {len(loaded.examples)} examples, {len(problems)} problems")
        for problem in problems:
            click.echo(f"    {problem}")
    if failed:
        raise InvalidDefinition(f"{failed} problems were found.", next_step="Correct the rules or the examples.")


@profile.command()
@click.argument("name_and_file", nargs=-1, required=True, metavar="[NAME] FILE")
@click.option("--profile", "profile_name", help="The profile's name or path, where NAME is not given.")
@click.option("--case", "case_file", type=click.Path(path_type=Path), help="What is known of the case (YAML).")
@click.option("--recipient", help="Key of the case's recipients, or a person's id; else the profile's own.")
@click.option("--span", required=True, help="START:END, as 'redactor detect --json' counts.")
def explain(
    name_and_file: tuple[str, ...],
    profile_name: str | None,
    case_file: Path | None,
    recipient: str | None,
    span: str,
) -> None:
    """Say which rule of a profile decides on a span of FILE, and why."""
    from redactor import decide, pipeline, policy
    from redactor.model import Span

    *named, document = name_and_file
    names = [*named, *filter(None, [profile_name])]
    if len(names) != 1:
        raise BadArguments("Name one profile and one file.", next_step="Use: profile explain FILE --profile NAME.")
    name, file = names[0], Path(document)
    start, _, end = span.partition(":")
    if not (start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise BadArguments("The span is not START:END.")
    loaded, case = policy.load_profile(name), common.load_case(case_file)
    listed = {entry.key for entry in case.readers}
    reader = policy.find_reader(case, recipient or (loaded.name if loaded.name in listed else None))
    content = common.read_file(file, "document")
    with common.tools() as tools:
        proposal = pipeline.propose(content, file.name, loaded, case, reader, tools)
    for line in decide.explain(proposal.plan, loaded, Span(int(start), int(end))):
        click.echo(line)


@profile.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Show which examples and which decisions on the samples change between two profiles (names or files)."""
    from redactor import decide, pipeline, policy
    from redactor.cli.demo import samples

    before, after = policy.load_profile(old), policy.load_profile(new)
    for changed in decide.diff(before, after):
        click.echo(f"{changed.example}:\n    was {changed.before}\n    now {changed.after}")
    with common.tools() as tools:
        for sample in samples():
            case = policy.load_case(sample.case.read_bytes())
            known = {reader.key for reader in case.readers}
            reader = policy.find_reader(case, before.name if before.name in known else None)
            _, document = pipeline.read(sample.document.read_bytes(), sample.document.name, tools)
            detected = pipeline.find(document, case, tools)
            changes = pipeline.compare(document, detected, (before, after), case, reader)
            click.echo(f"{sample.name}: {len(changes)} decisions change")
            for label, was, now in changes:
                click.echo(f"    {label}: {was} -> {now}")
