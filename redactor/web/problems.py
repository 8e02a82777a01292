"""Errors as people and programs read them: what happened and what to do next, never document text (RFC 9457)."""

from __future__ import annotations

import json

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from redactor.errors import BadArguments, RedactorError, SignInNeeded, TooLarge, UnsafeConfiguration
from redactor.logs import logger
from redactor.web.gate import API
from redactor.web.language import translate

_PROBLEM = "application/problem+json"
_TITLES = {
    400: "That request does not make sense",
    401: "Sign in to go on",
    403: "You may not do this",
    404: "Page not found",
    405: "That step cannot be taken here",
    409: "That cannot be done as things stand",
    413: "That is too large",
    415: "That kind of file cannot be read",
    422: "That cannot be accepted",
    429: "Too many attempts",
    503: "The service is not ready",
}
_TITLE = "Something went wrong"
_NEXT = "Go back and try again. If it happens again, tell whoever looks after the service."


def wants_json() -> bool:
    """Say whether the one who asks is a program that reads JSON."""
    if request.path.startswith(f"/{API}/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", _PROBLEM], default="text/html")
    return best != "text/html"


def answer(status: int, slug: str, message: str, next_step: str) -> Response:
    """Return an error as a page or as problem+json."""
    title = _TITLES.get(status, _TITLE)
    if wants_json():
        problem = {
            "type": f"urn:redactor:problem:{slug}",
            "title": title,
            "status": status,
            "detail": message,
            "next_step": next_step,
        }
        found = Response(json.dumps(problem), status=status, content_type=_PROBLEM)
        if status == SignInNeeded.http_status:
            found.headers["WWW-Authenticate"] = "Bearer"
        return found
    page = render_template(
        "problem.html",
        title=translate(title),
        message=translate(message),
        next_step=translate(next_step),
        status=status,
    )
    return make_response(page, status)


def install(app: Flask) -> None:
    """Handle every error of the application."""

    @app.errorhandler(RedactorError)
    def deliberate(problem: RedactorError) -> BaseResponse:
        if isinstance(problem, SignInNeeded) and request.method == "GET" and not wants_json():
            return redirect(url_for("auth.sign_in", then=request.full_path.rstrip("?")))
        return answer(problem.http_status, problem.slug, problem.message, problem.next_step)

    @app.errorhandler(CSRFError)
    def forged(problem: CSRFError) -> Response:
        del problem
        return answer(
            BadArguments.http_status,
            "form-expired",
            "This form is too old or did not come from this service. Nothing was changed.",
            "Go back, load the page again and send the form once more.",
        )

    @app.errorhandler(HTTPException)
    def known(problem: HTTPException) -> Response:
        status = problem.code or 500
        if status == TooLarge.http_status:
            return answer(status, TooLarge.slug, "The file is larger than this service accepts.", TooLarge.advice)
        if status == 404:
            return answer(status, "not-found", "There is no such page, or you may not see it.", "Check the address.")
        found = answer(status, f"http-{status}", problem.description or _TITLE, _NEXT)
        if isinstance(problem, MethodNotAllowed):
            found.headers["Allow"] = ", ".join(sorted(problem.valid_methods or ()))
        return found

    @app.errorhandler(OperationalError)
    def records_away(problem: OperationalError) -> Response:
        logger().error("records did not answer", error_type=type(problem).__name__)
        return answer(
            UnsafeConfiguration.http_status,
            "not-ready",
            "The service cannot reach its records at the moment. Nothing was changed.",
            "Wait a minute and try again.",
        )

    @app.errorhandler(Exception)
    def unexpected(problem: Exception) -> Response:
        logger().error(
            "Unexpected error",
            error_type=type(problem).__name__,
            route=str(request.url_rule or ""),
            method=request.method,
        )
        if app.testing:
            raise problem
        return answer(500, "unexpected", "The service met a problem that it did not expect. Nothing was lost.", _NEXT)
