"""The confidentiality agreement's versions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("admin", __name__)


@blueprint.route("/agreement", methods=["GET", "POST"])
@needs(Permission.AGREEMENT_PUBLISH)
def agreement() -> str | Response:
    """Show the agreement that recipients accept, and publish a new version."""
    current = service().agreements.current(actor().organisation)
    form = Form(starting={"text": current.text})
    if form.sent:
        with form.trying("text"):
            number = service().agreements.publish(actor(), form.text("text"))
            flash(f"Version {number} is published. Recipients accept it from now on.")
            return redirect(url_for("admin.agreement"))
    return render_template("agreement.html", form=form, current=current)
