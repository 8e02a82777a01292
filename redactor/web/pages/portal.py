"""The recipient's pages: the agreement before the first page, then the file, once."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from redactor.web.forms import Form
from redactor.web.gate import Door, needs, service
from redactor.web.pages.documents import attachment

blueprint = Blueprint("portal", __name__, url_prefix="/copy")


def _address() -> str:
    return request.remote_addr or "unknown"


@blueprint.route("/<token>", methods=["GET", "POST"])
@needs(Door.LINK)
def arrive(token: str) -> str | Response:
    """Show the agreement, and after it what can be fetched."""
    form, portal = Form(), service().portal
    if form.sent:
        name = form.require("name", "Type your full name")
        if not form.ticked("agree"):
            form.errors["agree"] = "Tick the box to say that you agree"
        if form.good:
            with form.trying("name"):
                portal.accept(token, form.number("version"), name, _address())
                return redirect(url_for("portal.arrive", token=token))
    return render_template("copy.html", form=form, token=token, arrival=portal.arrive(token, _address()))


@blueprint.route("/<token>/file", methods=["POST"])
@needs(Door.LINK)
def download(token: str) -> Response:
    """Hand over the sealed file, once."""
    file = service().portal.download(token, _address())
    return attachment(file.content, file.name, "application/pdf")
