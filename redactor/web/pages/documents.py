"""Documents: upload, waiting, what went wrong, and for whom a copy is wanted."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.policy import load_profile, shipped_profiles
from redactor.service.states import DocumentState
from redactor.web import words
from redactor.web.forms import Form
from redactor.web.gate import actor, needs, service

blueprint = Blueprint("documents", __name__)
REFRESH_SECONDS = 4


@blueprint.route("/cases/<case>/upload", methods=["GET", "POST"])
@needs(Permission.DOCUMENT_ADD)
def upload(case: str) -> str | Response:
    """Take a file, and lead to the page that says how far its reading is."""
    form, uses = Form(), service()
    if form.sent:
        file = request.files.get("file")
        if file is None or not file.filename:
            form.errors["file"] = "Choose a file"
        else:
            with form.trying("file"):
                name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
                password = form.secret("password") or None
                into = form.text("into") or None
                version = uses.documents.upload(actor(), case, name, file.stream.read(), password=password, into=into)
                return redirect(url_for("documents.show", version=version))
    known = [(document.id, document.name) for document in uses.documents.list(actor(), case)]
    return render_template("upload.html", form=form, case=uses.cases.open(actor(), case), known=known)


@blueprint.route("/documents/<version>", methods=["GET", "POST"])
@needs(Permission.DOCUMENT_READ)
def show(version: str) -> str | Response:
    """Show where a document stands; when it is read, ask for whom a copy is wanted."""
    uses, who, form = service(), actor(), Form()
    view = uses.documents.version(who, version)
    case = uses.cases.open(who, view.case)
    readers = {reader.key: reader.name or _name(case.file.person(reader.person)) for reader in case.file.readers}
    if form.sent:
        reader = form.choice("reader", readers, "Choose who will read the copy")
        profile = form.choice("profile", shipped_profiles(), "Choose the kind of copy")
        if form.good:
            with form.trying("reader"):
                load_profile(profile)
                return redirect(url_for("review.show", review=uses.reviews.request(who, version, reader, profile)))
    waiting = view.state is DocumentState.RECEIVED
    return render_template(
        "document.html",
        view=view,
        document=uses.documents.open(who, view.document),
        case=case,
        form=form,
        readers=readers,
        profiles={name: words.profile(name) for name in shipped_profiles()},
        reviews=uses.reviews.list(who, view.case, version=version),
        alike=uses.likenesses.of(who, version),
        refresh=REFRESH_SECONDS if waiting else 0,
        forecast=uses.documents.forecast(who, version),
        State=DocumentState,
        may=who.may,
        Permission=Permission,
    )


def _name(person: object) -> str:
    return str(getattr(person, "name", ""))


@blueprint.route("/documents/<version>/extract", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def extract(version: str) -> Response:
    """Make a document of its own from some pages."""
    made = service().extracting.pages(actor(), version, Form().text("pages"))
    flash("The pages are a document of their own now.")
    return redirect(url_for("documents.show", version=made))


@blueprint.route("/documents/<version>/stop", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def stop(version: str) -> Response:
    """Stop the reading."""
    service().documents.stop(actor(), version)
    flash("Stopped. The upload is kept; it can be read again.")
    return redirect(url_for("documents.show", version=version))


@blueprint.route("/documents/<version>/retry", methods=["POST"])
@needs(Permission.DOCUMENT_ADD)
def retry(version: str) -> Response:
    """Read a failed document again, for example with its password."""
    service().documents.retry(actor(), version, password=Form().secret("password") or None)
    flash("The document is being read again.")
    return redirect(url_for("documents.show", version=version))


@blueprint.route("/documents/<version>/original")
@needs(Permission.DOCUMENT_ORIGINAL)
def original(version: str) -> Response:
    """Hand out the upload itself, never shown in the browser."""
    name, content = service().documents.original(actor(), version)
    return attachment(content, secure_filename(name) or "document", "application/octet-stream")


def attachment(content: bytes, name: str, kind: str) -> Response:
    """Return bytes that the browser saves and does not show."""
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
