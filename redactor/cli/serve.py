"""``redactor serve`` and ``worker``: run the web service and do its work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from redactor.cli.common import close_at_end, data_option, make_seal_key, use_data


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@data_option
def serve(host: str, port: int, data: Path | None) -> None:
    """Start the web service and its worker on SQLite and local files; print the address and a one-time link."""
    from redactor.sandbox.containment import active

    active()  # refuses to start where uploads cannot be contained
    use_data(data)
    make_seal_key()
    address = os.environ.setdefault("REDACTOR_PUBLIC_URL", f"http://{host}:{port}")
    if token := _first_link():
        click.echo(f"First administrator, once: {address}/set-up/{token}")
    worker = subprocess.Popen([sys.executable, "-m", "redactor.worker"])
    click.echo(f"Listening on {address}. Stop with Ctrl-C.")
    line = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--worker-class", "gthread", "--threads", "8"]
    line += ["--log-level", "critical"]  # its errors quote addresses, and addresses hold secrets; ours are in the log
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
    return close_at_end(app.compose(settings)).accounts.first_link()


@click.command()
@data_option
def worker(data: Path | None) -> None:
    """Do the waiting work: read, find, plan, release; ends cleanly on SIGTERM."""
    use_data(data)
    os.execv(sys.executable, [sys.executable, "-m", "redactor.worker"])  # noqa: S606 - becomes the worker; no shell
