"""``redactor serve`` and ``worker``: run the web service and do its work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from redactor.cli import supervise
from redactor.cli.common import close_at_end, data_option, make_seal_key, use_data

WORKER = [sys.executable, "-m", "redactor.worker"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(0, 64), help="Workers beside it (REDACTOR_WORKERS, 1); 0 for web alone.")
@data_option
def serve(host: str, port: int, workers: int | None, data: Path | None) -> None:
    """Start the web service and its worker; print the address and a one-time link.

    Without other settings everything lies in one folder: SQLite, sealed files, keys.
    """
    from redactor.sandbox.containment import active
    from redactor.settings import load

    active()  # refuses to start where uploads cannot be contained
    use_data(data)
    make_seal_key()
    address = os.environ.setdefault("REDACTOR_PUBLIC_URL", f"http://{host}:{port}")
    if token := _first_link():
        click.echo(f"First administrator, once: {address}/set-up/{token}")
    click.echo(f"Listening on {address}. Stop with Ctrl-C.")
    line = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--worker-class", "gthread", "--threads", "8"]
    line += ["--log-level", "critical"]  # its errors quote addresses, and addresses hold secrets; ours are in the log
    line += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108 - its heartbeat file; the root may be read-only
    wanted = load().workers if workers is None else workers
    raise click.exceptions.Exit(supervise.run([*line, "redactor.web:create_app()"], [WORKER] * wanted))


def _first_link() -> str | None:
    from redactor import app
    from redactor.settings import load

    settings = load()
    app.prepare(settings)
    return close_at_end(app.compose(settings)).accounts.first_link()


@click.command()
@data_option
def worker(data: Path | None) -> None:
    """Do the waiting work: read, find, plan, release; ends cleanly on SIGTERM."""
    use_data(data)
    os.execv(sys.executable, WORKER)  # noqa: S606 - becomes the worker; no shell
