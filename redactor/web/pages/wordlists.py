"""The lists of words that are always or never a detail: of a case, and of the organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.model import Label, PersonId
from redactor.service.cases import CaseView
from redactor.service.listed import ListedWord, ListKind
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("wordlists", __name__)


def _typed(form: Form, *, own: bool) -> ListedWord | None:
    """Return the entry that was typed, or note what is missing."""
    text = form.require("words", "Enter the words")
    kind = form.choice("kind", list(ListKind), "Choose what the list says of them")
    why = form.require("why", "Say why, in words that name nobody")
    if not form.good:
        return None
    label = Label(form.text("label")) if form.text("label") in set(Label) else Label.MANUAL
    person = PersonId(form.text("person")) if form.text("person") else None
    return ListedWord(text, ListKind(kind), why, label, form.ticked("fuzzy"), person, own)


@blueprint.route("/cases/<case>/words", methods=["GET", "POST"])
@needs(Permission.CASE_READ)
def of_case(case: str) -> str | Response:
    """Show and change the list of a case."""
    form, lists = Form(), service().words
    if form.sent and form.text("remove"):
        lists.remove(actor(), case, form.text("remove"))
        flash("Taken off the list. Proposals made from now on know it.")
        return redirect(url_for("wordlists.of_case", case=case))
    if form.sent and (word := _typed(form, own=False)):
        with form.trying("words"):
            lists.put(actor(), case, word)
            flash("On the list. Proposals made from now on know it.")
            return redirect(url_for("wordlists.of_case", case=case))
    view = service().cases.open(actor(), case)
    return _page(form, lists.of_case(actor(), case), view, may_edit=actor().may(Permission.CASE_EDIT))


@blueprint.route("/words", methods=["GET", "POST"])
@needs(Permission.CASE_CREATE)
def own() -> str | Response:
    """Show and change the organisation's list."""
    form, lists = Form(), service().words
    if form.sent and form.text("remove"):
        lists.remove_own(actor(), form.text("remove"))
        flash("Taken off the list of the organisation.")
        return redirect(url_for("wordlists.own"))
    if form.sent and (word := _typed(form, own=True)):
        with form.trying("words"):
            lists.put_own(actor(), word)
            flash("On the list of the organisation. It counts in every case.")
            return redirect(url_for("wordlists.own"))
    return _page(form, lists.own(actor()), None, may_edit=True)


def _page(form: Form, entries: Any, case: CaseView | None, *, may_edit: bool) -> str:
    return render_template(
        "wordlist.html",
        form=form,
        case=case,
        entries=sorted(entries, key=lambda each: (each.kind, each.words.casefold())),
        kinds=words.LISTS.items(),
        labels=words.labels(),
        people=[(person.id, person.name) for person in case.file.people] if case else [],
        may_edit=may_edit,
        may_own=actor().may(Permission.CASE_CREATE),
    )
