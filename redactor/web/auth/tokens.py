"""Tokens for programs, on the page of the person for whom they speak."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.service.tokens import LONGEST_DAYS
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import Door, actor, needs, service

blueprint = Blueprint("tokens", __name__, url_prefix="/account/tokens")
USUAL_DAYS = 90


@blueprint.route("", methods=["GET", "POST"])
@needs(Door.SIGNED_IN)
def index() -> str | Response:
    """List the actor's own tokens, make one, or end one."""
    form, tokens = Form(starting={"days": USUAL_DAYS}), service().tokens
    offered = {scope.value: words.PERMISSIONS[scope] for scope in Permission if actor().may(scope)}
    if form.sent and form.text("revoke"):
        tokens.revoke(actor(), form.text("revoke"))
        flash("The token is ended. Programs that use it are refused from now on.")
        return redirect(url_for("tokens.index"))
    made = ""
    if form.sent:
        name = form.require("name", "Say what will use the token, for example 'Case system'")
        chosen = form.many("scopes")
        if not chosen or set(chosen) - set(offered):
            form.errors["scopes"] = "Choose what the token allows"
        if not 1 <= form.number("days") <= LONGEST_DAYS:
            form.errors["days"] = f"Enter a number of days from 1 to {LONGEST_DAYS}"
        if form.good:
            with form.trying("password"):
                scopes = [Permission(value) for value in chosen]
                made = tokens.create(actor(), form.secret("password"), name, scopes, form.number("days"))
    return render_template(
        "account_tokens.html", form=form, made=made, tokens=tokens.list(actor()), offered=list(offered.items())
    )
