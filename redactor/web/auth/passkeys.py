"""Passkeys: signing in with one, and keeping one's own."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from redactor.errors import NotFound
from redactor.service.base import NO_SUCH_THING
from redactor.web.auth.sign_in import CHALLENGE, THEN, client_address, own_page
from redactor.web.forms import Form
from redactor.web.gate import Door, actor, cookie_name, give_session, needs, service

blueprint = Blueprint("passkeys", __name__)


def _ready() -> None:
    if not service().passkeys.ready:
        raise NotFound(NO_SUCH_THING)


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
@needs(Door.ANYONE)
def sign_in() -> str | Response:
    """Sign in with a passkey, alone or after the password."""
    _ready()
    form, passkeys, challenge = Form(), service().passkeys, str(session.get(CHALLENGE) or "")
    if form.sent:
        answer = form.require("answer", "No passkey was used. Press the button and follow your device")
        if form.good:
            with form.trying("answer"):
                token = passkeys.sign_in(answer, client_address(), challenge)
                then = session.get(THEN) or own_page(request.args.get("then", ""))
                session.clear()
                return give_session(make_response(redirect(then)), token)
    options = passkeys.ask(client_address(), challenge)
    return render_template("passkey_sign_in.html", form=form, options=options, second=bool(challenge))


@blueprint.route("/account/passkeys", methods=["GET", "POST"])
@needs(Door.SIGNED_IN)
def index() -> str | Response:
    """List the actor's own passkeys, add one, or remove one."""
    _ready()
    form, passkeys = Form(), service().passkeys
    if form.sent and form.text("remove"):
        passkeys.remove(actor(), form.text("remove"))
        flash("The passkey is removed. It no longer signs you in.")
        return redirect(url_for("passkeys.index"))
    if form.sent:
        name = form.require("name", "Name where the passkey is, for example 'Work laptop'")
        answer = form.text("answer")
        if not answer:
            form.errors.setdefault("name", "No passkey was made. Press the button and follow your device")
        if form.good:
            with form.trying("password"):
                token = request.cookies.get(cookie_name(), "")
                passkeys.add(actor(), token, form.secret("password"), name, answer)
                flash("The passkey is added. You can sign in with it from now on.")
                return redirect(url_for("passkeys.index"))
    return render_template(
        "account_passkeys.html",
        form=form,
        passkeys=passkeys.list(actor()),
        options=passkeys.offer(actor()),
        password=service().entry.has_password(actor()),
    )
