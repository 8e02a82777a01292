"""``redactor doctor``: what is missing or unsafe on this host, and the fix for each."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from redactor.errors import ExitCode, RedactorError

PROGRAMS = {
    "soffice": "libreoffice-writer-nogui",
    "tesseract": "tesseract-ocr",
    "pdftotext": "poppler-utils",
    "bwrap": "bubblewrap",
}
FONTS = {
    "liberation/LiberationSans-Regular.ttf": "fonts-liberation",
    "crosextra/Carlito-Regular.ttf": "fonts-crosextra-carlito",
    "dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
}
FONT_FOLDER = Path("/usr/share/fonts/truetype")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at; ``fix`` is empty when it is well."""

    subject: str
    state: str
    fix: str = ""


@click.command()
def doctor() -> None:
    """Look at everything that the service relies on; leave with 9 if something is unsafe, 3 if missing."""
    diagnoses = examine_host()
    for found in diagnoses:
        click.echo(f"{'ok  ' if not found.fix else 'FAIL'} {found.subject}: {found.state}")
        if found.fix:
            click.echo(f"     {found.fix}")
    if any(found.fix for found in diagnoses):
        unsafe = any(found.fix and found.subject == "containment" for found in diagnoses)
        raise click.exceptions.Exit(ExitCode.UNSAFE_CONFIGURATION if unsafe else ExitCode.MISSING_DEPENDENCY)


def examine_host() -> list[Diagnosis]:
    """Return what there is to say about this host."""
    found = [_program(name, package) for name, package in PROGRAMS.items()]
    found += [_font(name, package) for name, package in FONTS.items()]
    found += [_tried("containment", _containment), _tried("conversion", _conversion)]
    found += [_tried("model", _model), _tried("profiles", _profiles)]
    return found


def _program(name: str, package: str) -> Diagnosis:
    where = shutil.which(name)
    fix = "" if where else f"apt-get install --no-install-recommends {package}"
    return Diagnosis(name, where or "not installed", fix)


def _font(name: str, package: str) -> Diagnosis:
    there = (FONT_FOLDER / name).exists()
    fix = "" if there else f"apt-get install --no-install-recommends {package}"
    return Diagnosis(f"font {Path(name).stem}", "installed" if there else "not installed", fix)


def _tried(subject: str, trial: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(subject, trial())
    except RedactorError as refusal:
        return Diagnosis(subject, refusal.message, refusal.next_step)


def _containment() -> str:
    from redactor.sandbox.containment import Uncontained, active

    wall = active()
    if isinstance(wall, Uncontained):
        return "NONE: uploaded files are read without a wall, as this host's settings accept"
    return f"uploaded files are read behind {wall.name}"


def _conversion() -> str:
    """Lay a document out for real: behind a wall that LibreOffice cannot work in, every Word file would be refused."""
    import docx

    from redactor.render import office

    stream = io.BytesIO()
    docx.Document().save(stream)
    office.to_pdf(stream.getvalue())
    return "LibreOffice lays a Word document out there"


def _model() -> str:
    from redactor import detect

    detect.load()
    return "the name model loads and its digests match"


def _profiles() -> str:
    from redactor import policy

    names = policy.shipped_profiles()
    for name in names:
        policy.load_profile(name)
    return f"{len(names)} profiles are valid"
