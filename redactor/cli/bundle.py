"""``redactor bundle``: several documents to one bundle for a court."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from redactor import exchange
from redactor.cli import common
from redactor.errors import InvalidDefinition

if TYPE_CHECKING:
    from redactor.bundle import Bundle, Item
    from redactor.pipeline import Tools
    from redactor.policy.bundlefile import BundleFile


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--gate", "gate_file", type=click.Path(path_type=Path), help="The release form (YAML).")
@click.option("--password-file", type=click.Path(path_type=Path), help="Holds the password that opens the output.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The one file that is written.")
@click.option("--seal-key", type=click.Path(path_type=Path), help="Signs released bundles ('redactor keys init').")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def bundle(
    file: Path, gate_file: Path | None, password_file: Path | None, out: Path, seal_key: Path | None, as_json: bool
) -> None:
    """Make one bundle of the documents that FILE lists. Nothing is written unless each of them, and all, are proven."""
    from redactor import bundle as bundling
    from redactor import protect
    from redactor.policy.bundlefile import load_bundle

    listed = load_bundle(common.read_file(file, "bundle file"))
    password = common.read_password(password_file, "password file")
    with common.tools(as_json) as tools:
        if seal_key is not None:
            tools = replace(tools, seal_key=protect.load_key(seal_key))
        items = _items(listed, file.parent, gate_file, password, tools)
        made = bundling.make(items, listed.court, listed.case_number, tools)
    common.write_whole(out, made.sealed.content)
    result = _summary(made, out, draft=items[0].order.mark.draft)
    if as_json:
        common.print_json(result)
    else:
        _tell(result)


def _items(listed: BundleFile, folder: Path, gate_file: Path | None, password: str | None, tools: Tools) -> list[Item]:
    """Read, search and decide on each document; a document without a reviewed plan makes the bundle a draft."""
    from redactor import bundle as bundling
    from redactor import library, pipeline, policy

    profile = policy.load_profile(listed.profile)
    gate = policy.load_gate(common.read_file(gate_file, "gate file")) if gate_file else None
    items = []
    for each in listed.documents:
        case_file = each.case or listed.case
        case = common.load_case(folder / case_file if case_file else None)
        reader = policy.find_reader(case, listed.recipient or None)
        content = common.read_file(folder / each.file, "document")
        proposal = pipeline.propose(content, Path(each.file).name, profile, case, reader, tools)
        plan = proposal.plan
        if each.plan:
            plan = exchange.plan_from_json(common.read_file(folder / each.plan, "plan"))
        if plan.document != proposal.document.digest:
            raise InvalidDefinition(f"The plan for '{each.title}' was made for another document.")
        mark = library.copy_mark(profile, case, reader, draft=plan.reviewed_by is None)
        order = pipeline.Order(case, profile, reader, mark, gate, password)
        items.append(bundling.Item(each.section, each.title, each.dated, proposal, plan, order))
    mark = replace(bundling.mark_of(items), reference=listed.case_number)
    return [replace(item, order=replace(item.order, mark=mark)) for item in items]


def _summary(made: Bundle, out: Path, *, draft: bool) -> dict[str, Any]:
    sealed = made.sealed
    return {
        "output": str(out),
        "draft": draft,
        "pages": made.pages,
        "documents": [
            {
                "section": entry.section,
                "title": entry.title,
                "first": entry.labels[0],
                "last": entry.labels[-1],
                "pages": len(entry.labels),
                "plan": entry.plan.digest,
                "certificate": exchange.certificate_json(entry.certificate),
            }
            for entry in made.entries
        ],
        "checks": exchange.checks_json(sealed.certificate.checks),
        "certificate": exchange.certificate_json(sealed.certificate),
        "encrypted": sealed.encrypted,
        "signed": sealed.signed,
        "warnings": list(made.warnings),
    }


def _tell(result: dict[str, Any]) -> None:
    kind = "DRAFT, not reviewed" if result["draft"] else "released bundle"
    click.echo(f"{result['output']}: {kind}, {result['pages']} pages.")
    for entry in result["documents"]:
        click.echo(f"    {entry['first']:>5} to {entry['last']:5} {entry['title']}")
    passed = sum(check["passed"] for check in result["checks"])
    click.echo(f"{passed} of {len(result['checks'])} checks passed on the whole bundle.")
    for warning in result["warnings"]:
        click.echo(f"Note: {warning}")
