"""The recipient's pages, in English and Welsh: code, agreement, then the document to read here or to keep, once."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from redactor.web.forms import Form
from redactor.web.gate import Door, needs, service
from redactor.web.language import offer, translate
from redactor.web.pages.documents import attachment

blueprint = Blueprint("portal", __name__, url_prefix="/copy")
blueprint.before_request(offer)


def _address() -> str:
    return request.remote_addr or "unknown"


def _cookie() -> str:
    return "__Host-copy" if current_app.config["SESSION_COOKIE_SECURE"] else "copy"


def _visitor() -> str:
    return request.cookies.get(_cookie(), "")


@blueprint.route("/<token>", methods=["GET", "POST"])
@needs(Door.LINK)
def arrive(token: str) -> str | BaseResponse:
    """Ask for the code, show the agreement, and after it what can be read or fetched."""
    form, portal = Form(), service().portal
    if form.sent:
        name = form.require("name", translate("Type your full name"))
        if not form.ticked("agree"):
            form.errors["agree"] = translate("Tick the box to say that you agree")
        if form.good:
            with form.trying("name"):
                portal.accept(token, form.number("version"), name, _address(), _visitor())
                return redirect(url_for("portal.arrive", token=token))
    return _page(token, form)


def _page(token: str, form: Form) -> str:
    arrival = service().portal.arrive(token, _address(), _visitor())
    if arrival.locked:
        return render_template("copy_code.html", form=form, token=token, arrival=arrival, sent="sent" in request.args)
    return render_template("copy.html", form=form, token=token, arrival=arrival)


@blueprint.route("/<token>/send-code", methods=["POST"])
@needs(Door.LINK)
def send_code(token: str) -> BaseResponse:
    """E-mail a code to the address that the sender gave."""
    service().portal.send_code(token, _address())
    return redirect(url_for("portal.arrive", token=token, sent="yes"))


@blueprint.route("/<token>/code", methods=["GET", "POST"])
@needs(Door.LINK)
def code(token: str) -> str | BaseResponse:
    """Check the code; the browser is known from then on, for half an hour."""
    form = Form()
    if form.sent:
        typed = form.require("code", translate("Type the code"))
        if form.good:
            with form.trying("code"):
                visitor = service().portal.enter_code(token, typed, _address())
                answer = make_response(redirect(url_for("portal.arrive", token=token)))
                secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
                answer.set_cookie(_cookie(), visitor, secure=secure, httponly=True, samesite="Strict", path="/")
                return answer
    return _page(token, form)


@blueprint.route("/<token>/read", methods=["GET", "POST"])
@needs(Door.LINK)
def read(token: str) -> str | BaseResponse:
    """Take the document's password and lead to its first page."""
    form = Form()
    if form.sent:
        password = form.secret("password")
        if not password.strip():
            form.errors["password"] = translate("Type the password of the document")
        else:
            with form.trying("password"):
                pages = service().portal.open(token, password, _address(), _visitor())
                return redirect(url_for("portal.page", token=token, number=1, of=pages))
    return _page(token, form)


@blueprint.route("/<token>/pages/<int:number>")
@needs(Door.LINK)
def page(token: str, number: int) -> str:
    """Show one page of the document."""
    arrival = service().portal.arrive(token, _address(), _visitor())
    pages = service().portal.page(token, number, _visitor()).pages
    return render_template("copy_page.html", token=token, number=number, pages=pages, arrival=arrival)


@blueprint.route("/<token>/pages/<int:number>.png")
@needs(Door.LINK)
def picture(token: str, number: int) -> Response:
    """Return one page as a picture, with its watermark; nothing keeps it."""
    return Response(service().portal.page(token, number, _visitor()).png, mimetype="image/png")


@blueprint.route("/<token>/file", methods=["POST"])
@needs(Door.LINK)
def download(token: str) -> BaseResponse:
    """Hand over the sealed file, once."""
    file = service().portal.download(token, _address(), _visitor())
    return attachment(file.content, file.name, "application/pdf")
