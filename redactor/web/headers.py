"""The headers on every answer: nothing is cached, framed, sniffed or loaded from elsewhere (ASVS 3.4, 14.3.2)."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
_DOWNLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer of the application.

    Args:
        app: the application.
        https: True where people reach the service over TLS.
    """

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers[name] = value
        attachment = response.headers.get("Content-Disposition", "").startswith("attachment")
        response.headers["Content-Security-Policy"] = _DOWNLOAD_POLICY if attachment else CONTENT_POLICY
        if request.endpoint == "static":
            response.headers["Cache-Control"] = "no-cache"  # kept, but asked about each time: holds nothing personal
        else:
            response.headers["Cache-Control"] = "no-store"
        if https:
            response.headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
        return response
