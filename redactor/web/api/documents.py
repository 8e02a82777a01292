"""Documents and their versions."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from redactor.access import Permission
from redactor.service.documents import DocumentView, Reading, VersionView
from redactor.web.api.operations import Made, Model, idempotency_key, operation
from redactor.web.gate import actor, service
from redactor.web.pages.documents import attachment

TAG = "Documents"
ANY_FILE = "application/octet-stream"


class Upload(Model):
    """What goes with a file: the password that opens it, and the document of which it is a new version."""

    password: Annotated[str, StringConstraints(max_length=200)] = ""
    into: Annotated[str, StringConstraints(pattern="^([0-9a-f]{32})?$")] = ""


class Retry(Model):
    """The password of a file that could not be opened."""

    password: Annotated[str, StringConstraints(max_length=200)] = ""


class Destroyed(Model):
    """How many sealed items ended with a document."""

    ended: int


@operation("GET", "/cases/<case>/documents", Permission.DOCUMENT_READ, TAG)
def list_documents(case: str) -> tuple[DocumentView, ...]:
    """List the documents of a case, newest first."""
    return service().documents.list(actor(), case)


@operation("POST", "/cases/<case>/documents", Permission.DOCUMENT_ADD, TAG, repeatable=True)
def upload_document(case: str, form: Upload, file: FileStorage) -> Made:
    """Upload a file and get its version's id; the file survives whatever happens next."""
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    made = service().documents.upload(
        actor(),
        case,
        name,
        file.stream.read(),
        password=form.password or None,
        into=form.into or None,
        key=idempotency_key(),
    )
    return Made(id=made)


@operation("GET", "/documents/<document>", Permission.DOCUMENT_READ, TAG)
def show_document(document: str) -> DocumentView:
    """Show a document with its versions."""
    return service().documents.open(actor(), document)


@operation("DELETE", "/documents/<document>", Permission.DOCUMENT_DESTROY, TAG)
def destroy_document(document: str) -> Destroyed:
    """Destroy a document with all that was made of it, by destroying its keys."""
    return Destroyed(ended=service().retention.destroy_document(actor(), document))


@operation("GET", "/versions/<version>", Permission.DOCUMENT_READ, TAG)
def show_version(version: str) -> VersionView:
    """Show where a version stands, how far its reading is, and what to do if it failed."""
    return service().documents.version(actor(), version)


@operation("GET", "/versions/<version>/reading", Permission.DOCUMENT_READ, TAG)
def read_version(version: str) -> Reading:
    """Return the text and the findings of a version; the look goes on the record."""
    return service().documents.reading(actor(), version)


@operation("GET", "/versions/<version>/original", Permission.DOCUMENT_ORIGINAL, TAG, produces=ANY_FILE)
def original(version: str) -> Response:
    """Return the upload itself; the look goes on the record."""
    name, content = service().documents.original(actor(), version)
    return attachment(content, secure_filename(name) or "document", ANY_FILE)


@operation("POST", "/versions/<version>/retry", Permission.DOCUMENT_ADD, TAG)
def retry_version(version: str, body: Retry) -> None:
    """Read a failed version again, for example with its password."""
    service().documents.retry(actor(), version, password=body.password or None)
