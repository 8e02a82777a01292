"""Every error that the service raises on purpose: its exit code, its HTTP status, and what the reader should do next.

No message ever holds document text, a person's name or a file name chosen by a user.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the command line (docs/errors.md lists them for operators)."""

    OK = 0
    BAD_ARGUMENTS = 1
    INPUT_REFUSED = 2
    MISSING_DEPENDENCY = 3
    LEAK_FOUND = 4
    FILE_ACCESS = 5
    INVALID_DEFINITION = 6
    CONVERTER_FAILED = 7
    NOT_CLEARED = 8
    UNSAFE_CONFIGURATION = 9
    INTEGRITY = 10
    UNEXPECTED = 15
    INTERRUPTED = 130


class RedactorError(Exception):
    """Base of all deliberate errors.

    Args:
        message: what happened, in plain English, free of document text and names.
        next_step: what the reader can do now.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    http_status: ClassVar[int] = 500
    slug: ClassVar[str] = "unexpected"
    advice: ClassVar[str] = "Run 'redactor doctor' and send its output to whoever looks after the service."

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step or self.advice

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"


class BadArguments(RedactorError):
    """The command or request does not make sense as given."""

    exit_code = ExitCode.BAD_ARGUMENTS
    http_status = 400
    slug = "bad-arguments"
    advice = "Check the command with --help."


class InputRefused(RedactorError):
    """The uploaded file cannot be accepted."""

    exit_code = ExitCode.INPUT_REFUSED
    http_status = 422
    slug = "input-refused"
    advice = "Save the document again as DOCX or PDF in the program that made it, and upload that."


class UnsupportedType(InputRefused):
    """The content is of a type that the service does not read."""

    slug = "unsupported-type"
    http_status = 415
    advice = "Upload a DOCX, PDF, image (PNG, JPEG, TIFF), plain text or e-mail (.eml) file."


class UnsupportedBody(InputRefused):
    """What a program sent is not of the kind that the operation takes."""

    slug = "unsupported-body"
    http_status = 415
    advice = "Send application/json, or multipart/form-data where a file is taken."


class Encrypted(InputRefused):
    """The file needs a password that was not given or is wrong."""

    slug = "encrypted"
    advice = "Give the file's password with --input-password-file, or save it without one."


class Damaged(InputRefused):
    """The file is broken or contradicts itself."""

    slug = "damaged"
    advice = "Open it in the program that made it, save a fresh copy, and upload that."


class Hostile(InputRefused):
    """The file is built to attack whoever opens it."""

    slug = "hostile"
    advice = "Do not open it. Ask the sender for a clean copy and tell your security team."


class TooLarge(InputRefused):
    """The file goes beyond a limit of size, pages, pixels, time or memory."""

    slug = "too-large"
    http_status = 413
    advice = "Split the document and upload the parts."


class NothingReadable(InputRefused):
    """A page holds ink but no text that can be read, so nothing could be found on it."""

    slug = "nothing-readable"
    advice = "Scan the page again at 300 dots per inch, or redact it by hand on the review page."


class MissingDependency(RedactorError):
    """A program or model that the service needs is not installed."""

    exit_code = ExitCode.MISSING_DEPENDENCY
    http_status = 503
    slug = "missing-dependency"


class LeakFound(RedactorError):
    """The finished copy did not pass its proof; it has been thrown away.

    Args:
        message: which checks failed, without the text that leaked.
        checks: names of the failed checks.
        pages: pages of the document, numbered from 0, that explain them; none where they cannot be named.
    """

    exit_code = ExitCode.LEAK_FOUND
    http_status = 409
    slug = "leak-found"
    advice = "Nothing was written. Review the marked pages, or choose the picture route for them, and try again."

    def __init__(
        self, message: str, *, checks: tuple[str, ...] = (), pages: tuple[int, ...] = (), next_step: str | None = None
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.checks, self.pages = checks, pages


READ_ADVICE = "Check the name, and that you may read the file."


class FileAccess(RedactorError):
    """A file could not be read or written."""

    exit_code = ExitCode.FILE_ACCESS
    http_status = 500
    slug = "file-access"
    advice = "Check that the folder exists and that you may write to it."


class InvalidDefinition(RedactorError):
    """A profile, case, gate or template file is wrong.

    Args:
        message: what is wrong.
        line: 1-based line in the file, where known.
        column: 1-based column, where known.
    """

    exit_code = ExitCode.INVALID_DEFINITION
    http_status = 422
    slug = "invalid-definition"
    advice = "Correct the file at the place named and try again."

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, next_step: str | None = None
    ) -> None:
        place = "" if line is None else f"Line {line}" + ("" if column is None else f", column {column}") + ": "
        super().__init__(place + message, next_step=next_step)
        self.line, self.column = line, column


class ConverterFailed(RedactorError):
    """LibreOffice, tesseract or another outside program did not finish its work."""

    exit_code = ExitCode.CONVERTER_FAILED
    http_status = 502
    slug = "converter-failed"
    advice = "Try once more; if it fails again, save the document as PDF yourself and upload that."


class NotCleared(RedactorError):
    """A review, an approval or a gate is missing."""

    exit_code = ExitCode.NOT_CLEARED
    http_status = 409
    slug = "not-cleared"
    advice = "Complete the release form with what the profile demands."


class HardStop(NotCleared):
    """The plan would show something that must not be shown without a recorded reference."""

    slug = "hard-stop"
    advice = "Redact it, or record the reference that allows it (for example the court's direction)."


class PreserveBroken(NotCleared):
    """The plan would lose something that this reader's copy must keep."""

    slug = "preserve-broken"
    advice = "Keep the passage named, or record why it cannot stay."


class AccessRefused(NotCleared):
    """The person who asks may not do this."""

    slug = "access-refused"
    http_status = 403
    advice = "Ask the chair or an administrator for access to this case."


class SignInNeeded(AccessRefused):
    """Nobody is signed in, or the session has ended."""

    slug = "sign-in-needed"
    http_status = 401
    advice = "Sign in again."


class SignInRefused(AccessRefused):
    """The user name, password, code or link is not right, is used up, or has expired."""

    slug = "sign-in-refused"
    http_status = 401
    advice = "Check what you typed, or ask an administrator for a new link."


class Throttled(NotCleared):
    """Too many attempts in a short time."""

    slug = "throttled"
    http_status = 429
    advice = "Wait a quarter of an hour and try again."


class NotFound(BadArguments):
    """There is no such thing, or the person who asks may not know of it."""

    slug = "not-found"
    http_status = 404
    advice = "Check the link, or ask the chair for access to the case."


class Conflict(NotCleared):
    """Somebody else saved a change first, or the step does not follow from the present state."""

    slug = "conflict"
    advice = "Load the page again to see what changed, then repeat your step."


class UnsafeConfiguration(RedactorError):
    """A protection that the service relies on is not active."""

    exit_code = ExitCode.UNSAFE_CONFIGURATION
    http_status = 503
    slug = "unsafe-configuration"
    advice = "Run 'redactor doctor' and follow the fix it names."


class ProviderAway(RedactorError):
    """The organisation's identity provider does not answer, or answers with something that cannot be used."""

    http_status = 502
    slug = "provider-away"
    advice = "Wait a few minutes and sign in again; with a password here, sign in with that."


class WebhookFailed(RedactorError):
    """The program that is to be told what happened was not."""

    http_status = 502
    slug = "webhook-failed"
    advice = "Check that it runs and takes what is sent; it is told again for a while."


class IntegrityFailure(RedactorError):
    """Stored data does not match its seal: it was altered or is damaged."""

    exit_code = ExitCode.INTEGRITY
    http_status = 500
    slug = "integrity-failure"
    advice = "Do not use the affected item. Tell your security team and restore it from a backup."
