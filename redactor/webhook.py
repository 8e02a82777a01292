"""News to one other program: signed, to the address that the operator set, and to nothing inside the network unless
that was allowed (ASVS 1.3.6, 13.2.5, 15.3.2)."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from redactor.errors import WebhookFailed

SIGNATURE = "Redactor-Signature"
_SECONDS = 10.0
_GOOD = range(200, 300)
_PORTS = {"https": 443, "http": 80}


def signature(secret: str, body: bytes, at: int) -> str:
    """Return what proves that a body is ours and fresh: the moment, and HMAC-SHA256 over it and the body."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def send(address: str, secret: str, body: bytes, now: datetime, *, inside: bool) -> None:
    """Post a body; redirects are not followed.

    Args:
        address: as the operator set it.
        inside: whether addresses that are not public may be reached.

    Raises:
        WebhookFailed: if it may not be reached, cannot be, or does not accept.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    headers = {
        "Content-Type": "application/json",
        SIGNATURE: signature(secret, body, int(now.timestamp())),
        "Host": parts.netloc.rsplit("@", 1)[-1],
    }
    try:
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        # The very address that was looked at is the one reached: a name cannot change its mind in between.
        connection.sock = _connected(_looked_up(host, port, inside=inside), host, port, tls=parts.scheme == "https")
        try:
            connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        raise WebhookFailed("The program that is to be told does not answer.") from None
    if status not in _GOOD:
        raise WebhookFailed(f"The program that is to be told answered {status}.")


def _looked_up(host: str, port: int, *, inside: bool) -> str:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not inside and not all(map(_public, found)):
        raise WebhookFailed(
            "The program that is to be told stands at an address that is not public.",
            next_step="Set REDACTOR_WEBHOOK_INSIDE=true if that is meant.",
        )
    return found[0]


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%", 1)[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def _connected(at: str, host: str, port: int, *, tls: bool) -> socket.socket:
    plain = socket.create_connection((at, port), timeout=_SECONDS)
    if not tls:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise
