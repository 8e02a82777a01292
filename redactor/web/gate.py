"""Closed until opened: every page names what it needs, and a page that names nothing answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, cast

from flask import Flask, Response, current_app, g, request

from redactor.access import EVERYWHERE, Actor, Permission
from redactor.errors import AccessRefused, RedactorError, SignInNeeded
from redactor.service.doorway import SCOPES

if TYPE_CHECKING:
    from redactor.service import Service

View = TypeVar("View", bound=Callable[..., object])
_MARK, _OWN = "redactor_needs", "redactor_own"
_STATIC = "static"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})
EXTENSION = "redactor"
API = "api"  # name of the blueprint for programs


class Door(StrEnum):
    """What opens a page that asks for no permission."""

    ANYONE = "anyone"
    LINK = "link"  # a secret in the address; the page checks it
    SIGNED_IN = "signed_in"


Need = Permission | Door


def needs(need: Need, *, own: bool = False) -> Callable[[View], View]:
    """Open a page to those who have this permission, on the case that the address names, or by this door.

    Args:
        need: what opens it.
        own: the address names no case because the page shows only what is the actor's own.
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, need)
        setattr(view, _OWN, own)
        return view

    return mark


def need_of(app: Flask, endpoint: str) -> Need | None:
    """Return what a page needs; None for a page that nobody opened."""
    if endpoint == _STATIC:
        return Door.ANYONE
    return cast("Need | None", getattr(app.view_functions[endpoint], _MARK, None))


def unplaced(app: Flask) -> list[str]:
    """Return the pages that need a permission on a case but whose address names nothing of one."""
    return sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if isinstance(need := need_of(app, rule.endpoint), Permission)
            and need not in EVERYWHERE
            and not rule.arguments & SCOPES.keys()
            and not getattr(app.view_functions[rule.endpoint], _OWN)
        }
    )


def service() -> Service:
    """Return the service behind the pages."""
    return cast("Service", current_app.extensions[EXTENSION])


def actor() -> Actor:
    """Return who is signed in.

    Raises:
        SignInNeeded: if nobody is.
    """
    present = visitor()
    if present is None:
        raise SignInNeeded("You are not signed in, or your session has ended.")
    return present


def visitor() -> Actor | None:
    """Return who is signed in, or None."""
    return cast("Actor | None", g.get("actor"))


def cookie_name() -> str:
    """Return the name of the session's cookie; the prefix makes browsers insist on TLS and this host."""
    return "__Host-redactor" if current_app.config["SESSION_COOKIE_SECURE"] else "redactor"


def give_session(response: Response, token: str) -> Response:
    """Put a session token into its cookie."""
    response.set_cookie(
        cookie_name(),
        token,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return response


def drop_session(response: Response) -> Response:
    """Take the session's cookie away and have the browser forget what it saw (ASVS 14.3.1)."""
    response.delete_cookie(
        cookie_name(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], samesite="Strict", httponly=True
    )
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def install(app: Flask) -> None:
    """Ask at every request, before anything else runs."""

    @app.before_request
    def ask() -> None:
        g.actor = None
        if request.endpoint is None:
            return  # no such page: the error handler says so
        need = need_of(app, request.endpoint)
        if need is None:
            raise AccessRefused("This page is closed.")
        if request.method not in _SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
            raise AccessRefused("This request came from another site.", next_step="Start from our own pages.")
        if request.blueprint == API:
            if need is not Door.ANYONE:
                g.actor = service().tokens.resume(_bearer())
        elif request.endpoint != _STATIC:
            _resume(required=need not in (Door.ANYONE, Door.LINK))
        if isinstance(need, Permission):
            if not actor().may(need):
                raise AccessRefused("Your role does not allow this page.")
            if need not in EVERYWHERE:
                service().doorway.require(actor(), need, request.view_args or {})


def _bearer() -> str:
    """Return the token of a program; a cookie opens nothing there, so no other site can ride on it (ASVS 3.5.1)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _resume(*, required: bool) -> None:
    token = request.cookies.get(cookie_name())
    try:
        if not token:
            raise SignInNeeded("You are not signed in.")
        g.actor = service().sessions.resume(token)
    except RedactorError:
        if required:
            raise
