"""``redactor doctor``: what is missing or unsafe on this host, and the fix for each."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import click

from redactor.cli.common import data_option, open_service, use_data
from redactor.cli.examine import Diagnosis, examine_service, tried
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


@click.command()
@click.option("--ready", is_flag=True, help="Only ask whether records, storage and scanner answer now.")
@data_option
def doctor(ready: bool, data: Path | None) -> None:
    """Look at everything that the service relies on; leave with 9 if something is unsafe, 3 if missing.

    Without a service in the data folder it looks at the host alone.
    """
    if ready:
        parts = open_service(data).condition.ready()
        for name, state in parts.items():
            click.echo(f"{name}: {state}")
        raise click.exceptions.Exit(ExitCode.OK if set(parts.values()) == {"ok"} else ExitCode.UNSAFE_CONFIGURATION)
    use_data(data)
    diagnoses = [*examine_host(), *_examine_settings()]
    for found in diagnoses:
        mark = "ok  " if not found.fix else "FAIL" if found.grave else "note"
        click.echo(f"{mark} {found.subject}: {found.state}")
        if found.fix:
            click.echo(f"     {found.fix}")
    wrong = [found for found in diagnoses if found.fix and found.grave]
    if wrong:
        missing = all(found.missing for found in wrong)
        raise click.exceptions.Exit(ExitCode.MISSING_DEPENDENCY if missing else ExitCode.UNSAFE_CONFIGURATION)


def _examine_settings() -> list[Diagnosis]:
    from redactor.settings import load

    try:
        settings = load()
    except RedactorError as refusal:
        return [Diagnosis("settings", refusal.message, refusal.next_step)]
    if not settings.key_path.exists() and not settings.data.exists():
        return [Diagnosis("service", "none was set up here yet")]
    return list(examine_service(settings))


def examine_host() -> list[Diagnosis]:
    """Return what there is to say about this host."""
    found = [_program(name, package) for name, package in PROGRAMS.items()]
    found += [_font(name, package) for name, package in FONTS.items()]
    found += [tried("containment", _containment), tried("conversion", _conversion)]
    found += [tried("model", _model), tried("profiles", _profiles)]
    return found


def _program(name: str, package: str) -> Diagnosis:
    where = shutil.which(name)
    fix = "" if where else f"apt-get install --no-install-recommends {package}"
    return Diagnosis(name, where or "not installed", fix, missing=True)


def _font(name: str, package: str) -> Diagnosis:
    there = (FONT_FOLDER / name).exists()
    fix = "" if there else f"apt-get install --no-install-recommends {package}"
    return Diagnosis(f"font {Path(name).stem}", "installed" if there else "not installed", fix, missing=True)


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
