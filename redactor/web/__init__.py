"""The pages that people use: server-rendered, closed until opened, working without script."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Flask, request, url_for
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from redactor import limits, resources
from redactor.access import Permission
from redactor.errors import UnsafeConfiguration
from redactor.logs import configure
from redactor.web import gate, headers, language, problems, words
from redactor.web.spool import GuardedRequest

if TYPE_CHECKING:
    from redactor.service import Service
    from redactor.settings import Settings

SERVICE_NAME = "Safeguarding document redaction"
QUICK_EXIT = "https://www.bbc.co.uk/weather"
_FORM_ALLOWANCE = limits.MEBIBYTE  # the fields around an upload
_FORM_SECONDS = 8 * 3600  # as long as a session may last
_FORM_MEMORY = 2 * limits.MEBIBYTE


def create_app(service: Service | None = None, settings: Settings | None = None) -> Flask:
    """Build the web application.

    Args:
        service: the use cases; built from the settings if not given.
        settings: read from the environment if not given.

    Raises:
        UnsafeConfiguration: if a page is open that names no need, or the key cannot be read.
    """
    if service is None or settings is None:
        from redactor.app import compose, prepare
        from redactor.settings import load

        settings = settings or load()
        if service is None:
            configure()
            prepare(settings)
            service = compose(settings)
    https = settings.public_url.startswith("https://")
    app = Flask("redactor.web", template_folder=None)
    app.request_class = GuardedRequest
    app.config.update(
        SECRET_KEY=_form_key(settings),
        SESSION_COOKIE_NAME="__Host-form" if https else "form",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=limits.UPLOAD_BYTES + _FORM_ALLOWANCE,
        MAX_FORM_MEMORY_SIZE=_FORM_MEMORY,
        WTF_CSRF_TIME_LIMIT=_FORM_SECONDS,
        WTF_CSRF_SSL_STRICT=False,  # no referrer is ever sent; the gate checks the request's site instead
        PUBLIC_URL=settings.public_url,
        METRICS_TOKEN=settings.metrics_token.get_secret_value() if settings.metrics_token else "",
    )
    app.extensions[gate.EXTENSION] = service
    _templates(app)
    language.install(app)
    headers.install(app, https=https)
    gate.install(app)
    protection = CSRFProtect(app)
    problems.install(app)
    _pages(app)
    from redactor.web import api

    app.register_blueprint(api.blueprint)
    protection.exempt(api.blueprint)  # programs send a token of their own and no cookie
    _all_named(app)
    return app


def _pages(app: Flask) -> None:
    from redactor.web.auth import accounts, passkeys, provider, sign_in, tokens
    from redactor.web.pages import BLUEPRINTS

    ways_in = (sign_in, provider, passkeys, accounts, tokens)
    for blueprint in (*(way.blueprint for way in ways_in), *BLUEPRINTS):
        app.register_blueprint(blueprint)


def _all_named(app: Flask) -> None:
    """Refuse to start with a page that does not say what it needs."""
    unnamed = sorted(endpoint for endpoint in app.view_functions if gate.need_of(app, endpoint) is None)
    if unnamed:
        raise UnsafeConfiguration(f"These pages do not say who may see them: {', '.join(unnamed)}.")
    if unplaced := gate.unplaced(app):
        raise UnsafeConfiguration(f"These pages do not say whose case they show: {', '.join(unplaced)}.")


def _form_key(settings: Settings) -> bytes:
    """Derive the key that signs form tokens from the master key, so that it survives a restart and stands nowhere."""
    try:
        master = settings.key_path.read_bytes()
    except OSError:
        raise UnsafeConfiguration(
            "The master key cannot be read.", next_step="Run 'redactor keys init', or restore the key from its backup."
        ) from None
    return hmac.digest(master, b"redactor.web form tokens", "sha256")


def _templates(app: Flask) -> None:
    """Find our pages and GOV.UK's macros, and give both the same words."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(resources.path("templates", "pages")),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.filters.update(
        day=words.day,
        iso_day=words.iso_day,
        minute=words.minute,
        label=words.label,
        profile=words.profile,
        profile_short=words.profile_short,
        step=words.step,
        about=words.about,
        stage=words.stage,
    )
    app.jinja_env.globals.update(
        service_name=SERVICE_NAME,
        quick_exit=QUICK_EXIT,
        words=words,
        count=words.count,
        label_words=words.label_words,
        csrf=_csrf,
        **words.options(),
    )
    app.context_processor(_page_frame)


def _csrf() -> Markup:
    """Return the hidden field that proves a form came from this service."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _page_frame() -> dict[str, object]:
    """Return what the frame around every page needs: who is signed in, and the menu for their roles."""
    present = gate.visitor()
    if present is None:
        return {"actor": None, "navigation": [], "home": url_for("auth.sign_in")}
    entries = (
        (Permission.CASE_READ, "Cases", "cases.index"),
        (Permission.ACCOUNTS_MANAGE, "Accounts", "accounts.index"),
        (Permission.AGREEMENT_PUBLISH, "Agreement", "admin.agreement"),
        (Permission.RIGHTS_MANAGE, "Rights", "rights.index"),
        (Permission.AUDIT_READ, "Audit log", "audit.index"),
    )
    navigation = [
        {"text": text, "href": url_for(endpoint), "active": (request.endpoint or "").startswith(endpoint.split(".")[0])}
        for permission, text, endpoint in entries
        if present.may(permission)
    ]
    navigation.append({"text": "Your account", "href": url_for("auth.account")})
    return {"actor": present, "navigation": navigation, "home": url_for("info.home")}
