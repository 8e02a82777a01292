"""Who is who: the people as a picture, suggested people with the evidence, merging, splitting and undoing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.errors import BadArguments
from redactor.model import Relation
from redactor.web import pictures, words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("who", __name__, url_prefix="/cases/<case>/who")


@blueprint.route("")
@needs(Permission.DOCUMENT_READ)
def show(case: str) -> str:
    """Show the people of a case and whom its documents speak of besides."""
    view = service().cases.open(actor(), case)
    return render_template(
        "who.html",
        case=view,
        suggestions=service().who.suggestions(actor(), case),
        diagram=pictures.relations(view.file.people, words.RELATIONS) if view.file.people else "",
        names={person.id: person.name for person in view.file.people},
        may_edit=actor().may(Permission.CASE_EDIT),
    )


@blueprint.route("/step", methods=["POST"])
@needs(Permission.CASE_EDIT)
def step(case: str) -> Response:
    """Accept, merge, split or undo."""
    form, who, version = Form(), service().who, Form().number("version")
    match form.text("step"):
        case "accept" if form.text("relation") in set(Relation):
            who.accept(actor(), case, version, form.text("name"), Relation(form.text("relation")))
            flash("The person is on the register. Propose the open reviews again to use it.")
        case "merge" if form.text("person"):
            who.merge(actor(), case, version, form.text("name"), form.text("person"))
            flash("The two are one person now.")
        case "split":
            who.split(actor(), case, version, form.text("person"), form.text("name"))
            flash("The name is a person of its own now. Say who they are.")
        case "undo":
            service().cases.undo(actor(), case, version)
            flash("The last change of the register is undone.")
        case _:
            raise BadArguments("Choose who the person is.", next_step="Go back and choose from the list.")
    return redirect(url_for("who.show", case=case))
