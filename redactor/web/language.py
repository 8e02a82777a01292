"""English and Welsh for the recipient's pages: the language that the reader chose, from a plain text catalogue."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, request, session

from redactor import resources

ENGLISH, WELSH = "en", "cy"
LANGUAGES = {ENGLISH: "English", WELSH: "Cymraeg"}
_CHOSEN = "language"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the translations of a language; English is what stands in the templates."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = io.BytesIO()
    with resources.path("templates", "languages", f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def chosen() -> str:
    """Return the language of this page: Welsh only where the page has it."""
    return str(g.get(_CHOSEN, ENGLISH))


def translate(text: str) -> str:
    """Return a text in the language of this page."""
    return catalogue(chosen()).gettext(text)


def offer() -> None:
    """Let the reader of this page choose; the choice is kept for their visit."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        session[_CHOSEN] = wanted
    kept = session.get(_CHOSEN, ENGLISH)
    setattr(g, _CHOSEN, kept if kept in LANGUAGES else ENGLISH)


def install(app: Flask) -> None:
    """Give templates ``_`` for a text and ``language`` for the page's own."""
    app.jinja_env.globals.update(_=translate)

    @app.context_processor
    def frame() -> dict[str, object]:
        return {"language": chosen(), "languages": LANGUAGES}
