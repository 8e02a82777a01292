"""E-mail by the organisation's own SMTP server: codes and notices, never a document, a password or a name."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage

from redactor.errors import BadArguments, RedactorError
from redactor.settings import Settings

_SECONDS = 15
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+\Z")


class PostFailed(RedactorError):
    """The mail server did not take a message."""

    http_status = 502
    slug = "post-failed"
    advice = "Hand the code over by telephone instead, and tell whoever looks after the service."


class Post:
    """Sends messages, if a server is set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def ready(self) -> bool:
        """Say whether a server and a sender are set."""
        return bool(self._settings.smtp_host and self._settings.smtp_from)

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one message.

        Raises:
            PostFailed: if the server cannot be reached or refuses it.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._settings.smtp_from, to, subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException):
            raise PostFailed("The mail server did not take the message.") from None

    def _connected(self) -> smtplib.SMTP:
        of, context = self._settings, ssl.create_default_context()
        if of.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(of.smtp_host, of.smtp_port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(of.smtp_host, of.smtp_port, timeout=_SECONDS)
            if of.smtp_security == "starttls":
                server.starttls(context=context)
        if of.smtp_user and of.smtp_password:
            server.login(of.smtp_user, of.smtp_password.get_secret_value())
        return server


def checked_address(typed: str) -> str:
    """Return an e-mail address as typed. Raises BadArguments if it cannot be one."""
    address = typed.strip()
    if not _ADDRESS.match(address):
        raise BadArguments("That is not an e-mail address.", next_step="Type it like name@example.org.")
    return address
