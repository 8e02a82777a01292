"""The pages that everyone may read: help, accessibility, cookies; and the way home."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.web import words
from redactor.web.gate import Door, actor, needs

blueprint = Blueprint("info", __name__)


@blueprint.route("/")
@needs(Door.SIGNED_IN)
def home() -> Response:
    """Lead everyone to where their work is."""
    present = actor()
    for permission, endpoint in (
        (Permission.CASE_READ, "cases.index"),
        (Permission.ACCOUNTS_MANAGE, "accounts.index"),
        (Permission.RIGHTS_MANAGE, "rights.index"),
        (Permission.AUDIT_READ, "audit.index"),
    ):
        if present.may(permission):
            return redirect(url_for(endpoint))
    return redirect(url_for("auth.account"))


@blueprint.route("/help")
@needs(Door.ANYONE)
def help_page() -> str:
    """Explain the way from minutes to copy, and the keys."""
    return render_template("help.html")


@blueprint.route("/accessibility")
@needs(Door.ANYONE)
def accessibility() -> str:
    """Say how accessible the service is."""
    return render_template("accessibility.html")


@blueprint.route("/cookies")
@needs(Door.ANYONE)
def cookies() -> str:
    """Say which cookies there are."""
    return render_template("cookies.html")


@blueprint.route("/keys")
@needs(Door.SIGNED_IN)
def keys() -> str:
    """Show the keyboard shortcuts, and let people choose other keys (WCAG 2.1.4)."""
    return render_template("keys.html", keys=words.KEYS)
