"""Copies that are out: the register of a case, the sheet of printed ones, and who saw which version."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.service.printed import Settled
from redactor.service.states import ReleaseState
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service
from redactor.web.pages.documents import attachment

blueprint = Blueprint("copies", __name__)
CSV = "text/csv; charset=utf-8"
_HEADS = ("copy", "reader", "profile", "state", "sent by", "sent at", "until", "agreement", "signed by", "fetched",
          "printed copies out", "taken back at")  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV in which no cell can be a formula (OWASP: CSV injection)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        cells = [str(cell) for cell in row]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _rows(case: str) -> list[tuple[str, ...]]:
    who, uses = actor(), service()
    view = uses.cases.open(who, case)
    names = {person.id: person.name for person in view.file.people}
    readers = {
        reader.key: reader.name or (names.get(reader.person, "") if reader.person else "")
        for reader in view.file.readers
    }
    senders = {member.account: member.name for member in view.members}
    signed = {one.release: one for one in uses.agreements.acceptances(who, case)}
    out = uses.printed.out(who, case)
    rows = list[tuple[str, ...]]()
    for copy in uses.releases.register(who, case):
        agreement = signed.get(copy.id)
        rows.append(
            (
                copy.id,
                str(copy.copy_number),
                readers.get(copy.reader, copy.reader),
                words.profile_short(copy.profile),
                copy.state.value.capitalize(),
                senders.get(copy.sent_by, "A colleague who has left the case"),
                words.minute(copy.created_at),
                words.minute(copy.expires_at),
                f"version {agreement.agreement_number}, {words.minute(agreement.at)}" if agreement else "",
                agreement.name if agreement else "",
                str(copy.downloads),
                str(out.get(copy.id, 0)),
                words.minute(copy.revoked_at),
            )
        )
    return rows


@blueprint.route("/cases/<case>/copies")
@needs(Permission.RELEASE_READ)
def register(case: str) -> str:
    """Show every copy of a case: who has it, who signed for it, what came back."""
    view = service().cases.open(actor(), case)
    return render_template("copies.html", case=view, rows=_rows(case), heads=_HEADS)


@blueprint.route("/cases/<case>/copies.csv")
@needs(Permission.RELEASE_READ)
def register_table(case: str) -> Response:
    """Hand out the copy register as a table."""
    return attachment(table(_HEADS, [row[1:] for row in _rows(case)]), f"copies-{case[:8]}.csv", CSV)


@blueprint.route("/releases/<release>/printed")
@needs(Permission.RELEASE_READ)
def printed(release: str) -> str:
    """Show the numbered sheet of printed copies."""
    return _sheet(release, Form())


def _sheet(release: str, form: Form) -> str:
    copy = service().releases.open(actor(), release)
    sheet = service().printed.sheet(actor(), release)
    may = actor().may(Permission.RELEASE_SEND) and copy.state is ReleaseState.READY
    return render_template("printed.html", form=form, copy=copy, sheet=sheet, may_hand=may, Settled=Settled)


@blueprint.route("/releases/<release>/printed/step", methods=["POST"])
@needs(Permission.RELEASE_SEND)
def printed_step(release: str) -> str | Response:
    """Hand a printed copy out, or write down that one came back or was destroyed."""
    form, sheet = Form(), service().printed
    if form.text("step") == "hand":
        holder = form.require("holder", "Say who has the printed copy")
        if not form.good:
            return _sheet(release, form)
        number = sheet.hand_out(actor(), release, holder)
        flash(f"Printed copy {number} is on the sheet. Write its number on it.")
    elif form.text("step") in {Settled.RETURNED.value, Settled.DESTROYED.value}:
        sheet.settle(actor(), release, form.number("number"), Settled(form.text("step")))
        flash("Written down.")
    else:
        raise BadArguments("That step is not known.")
    return redirect(url_for("copies.printed", release=release))


@blueprint.route("/documents/<document>/seen")
@needs(Permission.CASE_AUDIT)
def seen(document: str) -> str:
    """Show who saw which version of a document, and its copies."""
    rows = service().sightings.of_document(actor(), document)
    return render_template("seen.html", rows=rows, case=service().sightings.case_of(actor(), document))
