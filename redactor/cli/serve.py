"""``redactor serve``, ``worker``, ``keys``, ``user`` and ``audit``: run the web service and look after it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from redactor.errors import FileAccess, IntegrityFailure


def _settings(data: Path | None) -> None:
    """Pass the data folder on to this process and those it starts."""
    if data is not None:
        os.environ["REDACTOR_DATA"] = str(data.resolve())


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var).")
def serve(host: str, port: int, data: Path | None) -> None:
    """Start the web service and its worker on SQLite and local files; print the address and a one-time link."""
    from redactor.sandbox.containment import active

    active()  # refuses to start where uploads cannot be contained
    _settings(data)
    _make_seal_key()
    address = os.environ.setdefault("REDACTOR_PUBLIC_URL", f"http://{host}:{port}")
    if token := _first_link():
        click.echo(f"First administrator, once: {address}/set-up/{token}")
    worker = subprocess.Popen([sys.executable, "-m", "redactor.worker"])
    click.echo(f"Listening on {address}. Stop with Ctrl-C.")
    line = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--worker-class", "gthread", "--threads", "8"]
    try:
        code = subprocess.run([*line, "--workers", "1", "redactor.web:create_app()"], check=False).returncode
    except KeyboardInterrupt:
        code = 0
    finally:
        worker.terminate()
        worker.wait()
    raise click.exceptions.Exit(code)


def _first_link() -> str | None:
    from redactor import app
    from redactor.settings import load

    settings = load()
    app.prepare(settings)
    return app.compose(settings).accounts.first_link()


def _make_seal_key() -> Path:
    """Make the key that signs released copies, where there is none yet."""
    from redactor import protect
    from redactor.settings import load

    settings = load()
    settings.make_folders()
    path = settings.data / "keys" / "seal.p12"
    if not path.exists():
        protect.make_key(path, "Safeguarding partnership")
    return path


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var).")
def worker(data: Path | None) -> None:
    """Do the waiting work: read, find, plan, release; ends cleanly on SIGTERM."""
    _settings(data)
    os.execv(sys.executable, [sys.executable, "-m", "redactor.worker"])  # noqa: S606 - becomes the worker; no shell


@click.group()
def keys() -> None:
    """Keys of this installation."""


@keys.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var).")
def init(data: Path | None) -> None:
    """Make the master key and the seal key where they are missing."""
    from redactor import app
    from redactor.settings import load

    _settings(data)
    app.prepare(load())
    click.echo(f"The seal key is {_make_seal_key()}. Keep a copy of the keys folder offline.")


@click.group()
def user() -> None:
    """Accounts of the web service."""


@user.command()
@click.argument("username")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="May be given more than once.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var).")
def add(username: str, name: str, roles: tuple[str, ...], data: Path | None) -> None:
    """Invite somebody: print a one-time link that sets up their password and second factor."""
    from redactor import app
    from redactor.access import AccountRole
    from redactor.errors import BadArguments
    from redactor.settings import load

    _settings(data)
    known = {role.value: role for role in AccountRole}
    if unknown := [role for role in roles if role not in known]:
        raise BadArguments(f"There is no role '{unknown[0]}'.", next_step=f"Choose from {', '.join(known)}.")
    settings = load()
    app.prepare(settings)
    service = app.compose(settings)
    token = service.accounts.invite(service.accounts.system_actor(), username, name, [known[role] for role in roles])
    click.echo(f"{settings.public_url or 'http://127.0.0.1:8000'}/set-up/{token}")


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var).")
def verify(data: Path | None) -> None:
    """Check the whole chain: flips, drops, swaps, insertions and cuts are each found."""
    from redactor import app
    from redactor.settings import load

    _settings(data)
    settings = load()
    if not settings.key_path.exists():
        raise FileAccess("There is no service in this data folder.", next_step="Give its folder with --data.")
    service = app.compose(settings)
    broken = 0
    for organisation, verdict in service.trail.verify().items():
        click.echo(f"{organisation}: {verdict.events} events, " + ("; ".join(verdict.problems) or "whole"))
        broken += not verdict.passed
    if broken:
        raise IntegrityFailure("The record was altered.")
