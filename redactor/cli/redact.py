"""``redactor redact``: make one reader's copy."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from redactor import exchange
from redactor.cli import common
from redactor.errors import InvalidDefinition
from redactor.model import Case, Form, Gate, Plan, Protected, Reader, Rendered, Written

if TYPE_CHECKING:
    from redactor.pipeline import Order, Proposal
    from redactor.policy import Profile
    from redactor.pseudonyms import Series

EXTRAS = ("schedule", "plan")


@dataclass(frozen=True, slots=True)
class Copy:
    """What one run made: the sealed file and all that is said about it."""

    proposal: Proposal
    plan: Plan
    order: Order
    sealed: Protected
    rendered: Rendered | Written


def _split(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    del ctx, parameter
    wanted = tuple(part for part in value.split(",") if part)
    unknown = [part for part in wanted if part not in EXTRAS]
    if unknown:
        raise click.BadParameter(f"choose from {', '.join(EXTRAS)}")
    return wanted


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", "profile_name", required=True, help="A shipped profile's name, or the path of your own.")
@click.option("--case", "case_file", type=click.Path(path_type=Path), help="What is known of the case (YAML).")
@click.option("--recipient", help="Key of the case's recipients, or a person's id.")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A plan that a person has reviewed.")
@click.option("--gate", "gate_file", type=click.Path(path_type=Path), help="The release form (YAML).")
@click.option("--password-file", type=click.Path(path_type=Path), help="Holds the password that opens the output.")
@click.option("--input-password-file", type=click.Path(path_type=Path), help="Holds the password that opens FILE.")
@click.option("--format", "form", type=click.Choice([form.value for form in Form]), default="pdf", show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The one file that is written.")
@click.option("--with", "extras", default="", callback=_split, help="Also write OUT.schedule.pdf, OUT.plan.json.")
@click.option("--seal-key", type=click.Path(path_type=Path), help="Signs released copies ('redactor keys init').")
@click.option("--series", "series_file", type=click.Path(path_type=Path), help="Key of the case's labels and dates.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def redact(
    file: Path,
    profile_name: str,
    case_file: Path | None,
    recipient: str | None,
    plan_file: Path | None,
    gate_file: Path | None,
    password_file: Path | None,
    input_password_file: Path | None,
    form: str,
    out: Path,
    extras: tuple[str, ...],
    seal_key: Path | None,
    series_file: Path | None,
    as_json: bool,
) -> None:
    """Make one reader's copy of FILE. Nothing is written unless the copy is proven."""
    from redactor import policy

    profile = policy.load_profile(profile_name)
    case = common.load_case(case_file)
    reader = policy.find_reader(case, recipient)
    gate = policy.load_gate(common.read_file(gate_file, "gate file")) if gate_file else None
    reviewed = exchange.plan_from_json(common.read_file(plan_file, "plan")) if plan_file else None
    password = common.read_password(password_file, "password file")
    content = common.read_file(file, "document")
    opening = common.read_password(input_password_file, "input password file")
    series = common.load_series(series_file)
    made = _make(
        content,
        file.name,
        profile,
        case,
        reader,
        gate,
        reviewed,
        password,
        opening,
        seal_key,
        Form(form),
        series,
        as_json,
    )
    _write(made, out, extras)
    common.keep_series(series_file, series, made.proposal, case)
    result = summary(made, out)
    if as_json:
        common.print_json(result)
    else:
        _tell(result)


def _make(
    content: bytes,
    name: str,
    profile: Profile,
    case: Case,
    reader: Reader,
    gate: Gate | None,
    reviewed: Plan | None,
    password: str | None,
    opening: str | None,
    seal_key: Path | None,
    form: Form,
    series: Series | None,
    quiet: bool,
) -> Copy:
    from redactor import library, pipeline, protect

    with common.tools(quiet) as tools:
        if seal_key is not None:
            tools = replace(tools, seal_key=protect.load_key(seal_key))
        proposal = pipeline.propose(content, name, profile, case, reader, tools, opening, series)
        plan = proposal.plan if reviewed is None else _belongs(reviewed, proposal)
        draft = plan.reviewed_by is None
        mark = library.copy_mark(profile, case, reader, draft=draft)
        order = pipeline.Order(case, profile, reader, mark, gate, password)
        if form is not Form.PDF:
            sealed, written = pipeline.release_written(proposal, plan, order, form, tools)
            return Copy(proposal, plan, order, sealed, written)
        sealed, rendered = pipeline.release(proposal, plan, order, tools)
    return Copy(proposal, plan, order, sealed, rendered)


def _belongs(reviewed: Plan, proposal: Proposal) -> Plan:
    """Make sure that the reviewed plan is for this document, profile and reader."""
    own = proposal.plan
    if reviewed.document != own.document:
        raise InvalidDefinition("The reviewed plan was made for another document.")
    if (reviewed.profile.name, reviewed.reader) != (own.profile.name, own.reader):
        raise InvalidDefinition("The reviewed plan was made for another profile or another reader.")
    if reviewed.decisions and reviewed.decisions[-1].span.end > len(proposal.document.text):
        raise InvalidDefinition("The reviewed plan reaches beyond the end of the document.")
    return reviewed


def summary(made: Copy, out: Path) -> dict[str, Any]:
    """Return the contract's answer of ``redact --json``."""
    from redactor import decide

    plan = made.plan
    warnings = list(made.rendered.warnings)
    if made.order.mark.draft and not made.sealed.encrypted:
        warnings.append("This draft is not encrypted: no password was given.")
    if isinstance(made.rendered, Written) and not made.order.mark.draft:
        warnings.append("Word documents and web pages are not signed; a PDF copy is.")
    elif not made.order.mark.draft and not made.sealed.signed:
        warnings.append("This released copy is not signed: no --seal-key was given ('redactor keys init' makes one).")
    return {
        "output": str(out),
        "draft": made.order.mark.draft,
        "pages": _pages(made.rendered),
        "counts": exchange.counts_json(plan),
        "needs_review": sum(not decision.certain for decision in plan.decisions),
        "sections_dropped": sum(section.action.name == "REMOVE" for section in plan.sections),
        "words_removed": round(decide.shares(made.proposal.document, plan)[0].share, 4),
        "checks": exchange.checks_json(made.sealed.certificate.checks),
        "certificate": exchange.certificate_json(made.sealed.certificate),
        "encrypted": made.sealed.encrypted,
        "signed": made.sealed.signed,
        "warnings": warnings,
    }


def _pages(copy: Rendered | Written) -> int | None:
    """Return the pages of the body; what flows has none of its own."""
    return copy.body_pages[1] - copy.body_pages[0] if isinstance(copy, Rendered) else None


def _write(made: Copy, out: Path, extras: tuple[str, ...]) -> None:
    common.write_whole(out, made.sealed.content)
    if "plan" in extras:
        written = json.dumps(exchange.plan_json(made.plan), ensure_ascii=False, indent=1)
        common.write_whole(out.with_name(out.stem + ".plan.json"), written.encode() + b"\n")
    if "schedule" in extras:
        from redactor.render import furniture, office

        schedule = office.to_pdf(furniture.schedule(made.proposal.document, made.plan, internal=True))
        common.write_whole(out.with_name(out.stem + ".schedule.pdf"), schedule)


def _tell(result: dict[str, Any]) -> None:
    kind = "DRAFT, not reviewed" if result["draft"] else "released copy"
    pages = "" if result["pages"] is None else f"{result['pages']} pages, "
    click.echo(f"{result['output']}: {kind}, {pages}{result['needs_review']} findings need a person.")
    passed = sum(check["passed"] for check in result["checks"])
    click.echo(
        f"{passed} of {len(result['checks'])} checks passed. {result['words_removed']:.1%} of the words removed."
    )
    for warning in result["warnings"]:
        click.echo(f"Note: {warning}")
