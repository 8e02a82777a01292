"""Signing in, setting up an account from a one-time link, and signing out."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from redactor.web.forms import Form
from redactor.web.gate import Door, actor, cookie_name, drop_session, give_session, needs, service

blueprint = Blueprint("auth", __name__)
CHALLENGE, THEN = "challenge", "then"
_CODE_SCALE = 5
_QUIET_ZONE = 4


def client_address() -> str:
    """Return the network address of who asks, for the throttle."""
    return request.remote_addr or "unknown"


def _then_wanted() -> str:
    return request.args.get("then", "")


def own_page(target: str) -> str:
    """Return a path of this service, whatever the address bar said."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if plain else url_for("info.home")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@needs(Door.ANYONE)
def sign_in() -> str | BaseResponse:
    """Ask for user name and password."""
    form = Form()
    if form.sent:
        name = form.require("username", "Enter your user name")
        if not form.secret("password"):
            form.errors["password"] = "Enter your password"  # noqa: S105  words for the reader
        if form.good:
            with form.trying("username"):
                session[CHALLENGE] = service().entry.sign_in(name, form.secret("password"), client_address())
                session[THEN] = own_page(_then_wanted())
                return redirect(url_for("auth.second_factor"))
    return render_template(
        "sign_in.html",
        form=form,
        passkey=service().passkeys.ready,
        provider=service().single_sign_on.name,
        then=_then_wanted(),
    )


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@needs(Door.ANYONE)
def second_factor() -> str | BaseResponse:
    """Ask for the authenticator's code."""
    return _second("second_factor.html", "code", "Enter the six-digit code", recovery=False)


@blueprint.route("/sign-in/recovery", methods=["GET", "POST"])
@needs(Door.ANYONE)
def recovery() -> str | BaseResponse:
    """Take a recovery code instead."""
    return _second("recovery.html", "code", "Enter a recovery code", recovery=True)


def _second(template: str, name: str, missing: str, *, recovery: bool) -> str | BaseResponse:
    challenge = session.get(CHALLENGE)
    if not challenge:
        return redirect(url_for("auth.sign_in"))
    form, entry = Form(), service().entry
    if form.sent:
        code = form.require(name, missing)
        if form.good:
            with form.trying(name):
                check = entry.recover if recovery else entry.second_factor
                token = check(challenge, code, client_address())
                then = session.get(THEN) or url_for("info.home")
                session.clear()
                return give_session(_see(then), token)
    return render_template(template, form=form, passkey=service().passkeys.offered(challenge))


def _see(target: str) -> Response:
    return make_response(redirect(target))


@blueprint.route("/sign-out", methods=["POST"])
@needs(Door.SIGNED_IN)
def sign_out() -> BaseResponse:
    """End the session, and have the browser forget."""
    service().sessions.sign_out(request.cookies.get(cookie_name(), ""))
    session.clear()
    return drop_session(_see(url_for("auth.signed_out")))


@blueprint.route("/signed-out")
@needs(Door.ANYONE)
def signed_out() -> str:
    """Say that the session has ended."""
    return render_template("signed_out.html")


def _check_new(form: Form) -> None:
    if not form.secret("password"):
        form.errors["password"] = "Choose a password"  # noqa: S105  words for the reader
    elif form.secret("password") != form.secret("again"):
        form.errors["again"] = "The two passwords differ"


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
@needs(Door.LINK)
def set_up(token: str) -> str | Response:
    """Set up an account: password, authenticator, recovery codes."""
    enrolment, form = service().enrolments.enrolment(token), Form()
    if form.sent:
        password = form.secret("password")
        if not enrolment.linked:  # otherwise the provider stands for the password
            _check_new(form)
        code = form.require("code", "Enter the code that the authenticator shows")
        if form.good:
            try:
                with form.trying("password"):
                    enrolled = service().enrolments.enrol(token, password, code)
                    shown = make_response(render_template("recovery_codes.html", codes=enrolled.recovery_codes))
                    return give_session(shown, enrolled.session)
            finally:
                if "code" in form.errors.get("password", ""):
                    form.errors["code"] = form.errors.pop("password")
    return render_template(
        "set_up.html", form=form, enrolment=enrolment, token=token, provider=service().single_sign_on.name
    )


@blueprint.route("/set-up/<token>/code.svg")
@needs(Door.LINK)
def set_up_code(token: str) -> Response:
    """Return the picture that an authenticator scans."""
    picture = io.BytesIO()
    address = service().enrolments.enrolment(token).address
    segno.make(address, error="m").save(
        picture,
        kind="svg",
        scale=_CODE_SCALE,
        border=_QUIET_ZONE,
        light="white",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@blueprint.route("/account", methods=["GET", "POST"])
@needs(Door.SIGNED_IN)
def account() -> str | BaseResponse:
    """Show the actor's own sessions, and change the password."""
    form, entry = Form(), service().entry
    if form.sent and form.text("end"):
        service().sessions.end(actor(), form.text("end"))
        flash("That session has ended.")
        return redirect(url_for("auth.account"))
    if form.sent:
        if form.secret("password") != form.secret("again"):
            form.errors["again"] = "The two passwords differ"
        if form.good:
            with form.trying("old"):
                token = entry.change_password(actor(), form.secret("old"), form.secret("password"))
                flash("Your password is changed. All other sessions have ended.")
                return give_session(_see(url_for("auth.account")), token)
    return render_template(
        "account.html",
        form=form,
        sessions=service().sessions.list(actor()),
        password=entry.has_password(actor()),
        passkeys=service().passkeys.ready,
    )
