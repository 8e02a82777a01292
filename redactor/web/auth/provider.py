"""Signing in with the organisation's own account: away to the identity provider, and back."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from redactor.errors import SignInRefused
from redactor.identity import Flow
from redactor.service.single_sign_on import Answer
from redactor.web.auth.accounts import absolute
from redactor.web.auth.sign_in import CHALLENGE, THEN, client_address, own_page
from redactor.web.gate import Door, give_session, needs, service

blueprint = Blueprint("provider", __name__)
_MINUTES = 10


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="redactor.web single sign-on")


def _cookie() -> str:
    return "__Host-provider" if current_app.config["SESSION_COOKIE_SECURE"] else "provider"


def _back() -> str:
    return absolute(url_for("provider.arrive"))


def _depart(link: str = "") -> Response:
    departure = service().single_sign_on.depart(_back(), client_address(), link)
    kept = {"flow": asdict(departure.flow), "link": link, "then": own_page(request.args.get("then", ""))}
    answer = make_response(redirect(departure.address))
    answer.set_cookie(
        _cookie(),
        str(_signer().dumps(kept)),
        max_age=_MINUTES * 60,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",  # it must come along when the provider sends the browser back
        path="/",
    )
    return answer


@blueprint.route("/sign-in/provider")
@needs(Door.ANYONE)
def depart() -> Response:
    """Send the browser to the provider."""
    return _depart()


@blueprint.route("/set-up/<token>/provider")
@needs(Door.LINK)
def link(token: str) -> Response:
    """Send the browser of an invited person to the provider."""
    return _depart(token)


@blueprint.route("/sign-in/provider/return")
@needs(Door.ANYONE)
def arrive() -> Response:
    """Take the provider's answer.

    The page that follows is shown instead of redirected to: cookies of this site alone do not come along on a way that
    began at another site.
    """
    try:
        kept = _signer().loads(request.cookies.get(_cookie(), ""), max_age=_MINUTES * 60)
    except BadData:
        raise SignInRefused("The sign-in took too long.", next_step="Start again from the sign-in page.") from None
    given = request.args
    found = Answer(given.get("state", ""), given.get("code", ""), given.get("iss", ""), "error" in given)
    flow, one_time = Flow(**kept["flow"]), str(kept["link"])
    arrival = service().single_sign_on.arrive(flow, found, _back(), client_address(), one_time)
    after = own_page(str(kept["then"]))
    if arrival.challenge:
        session[CHALLENGE], session[THEN] = arrival.challenge, after
        after = url_for("auth.second_factor")
    elif not arrival.session:
        after = url_for("auth.set_up", token=one_time)
    answer = make_response(render_template("provider_back.html", after=after, done=bool(arrival.session)))
    answer.delete_cookie(_cookie(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True)
    return give_session(answer, arrival.session) if arrival.session else answer
