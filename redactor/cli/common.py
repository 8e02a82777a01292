"""What several verbs share: reading and writing files, the case and its reader, progress, JSON."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from redactor.errors import READ_ADVICE, BadArguments, FileAccess
from redactor.limits import UPLOAD_BYTES
from redactor.model import Case

if TYPE_CHECKING:
    from redactor.pipeline import Progress, Proposal, Tools
    from redactor.pseudonyms import Series
    from redactor.service import Service

PROGRESS_AFTER_SECONDS = 2.0

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder of the database, files and keys (var)."
)


def use_data(data: Path | None) -> None:
    """Pass the data folder on to this process and those it starts."""
    if data is not None:
        os.environ["REDACTOR_DATA"] = str(data.resolve())


def open_service(data: Path | None) -> Service:
    """Open the service of a data folder for looking after it.

    Raises:
        FileAccess: if there is none.
    """
    from redactor import app
    from redactor.settings import load

    use_data(data)
    settings = load()
    if not settings.key_path.exists():
        raise FileAccess("There is no service in this data folder.", next_step="Give its folder with --data.")
    return close_at_end(app.compose(settings))


def close_at_end(service: Service) -> Service:
    """Close the service's database when the command ends; return the service."""
    click.get_current_context().call_on_close(service.base.engine.dispose)
    return service


def make_seal_key() -> Path:
    """Make the key that signs released copies, where there is none yet; return its file."""
    from redactor import protect
    from redactor.settings import load

    settings = load()
    settings.make_folders()
    if not settings.seal_path.exists():
        protect.make_key(settings.seal_path, "Safeguarding partnership")
    return settings.seal_path


def read_file(path: Path, what: str) -> bytes:
    """Return a file's bytes.

    Raises:
        FileAccess: if it cannot be read; the message names what it is, never its name.
    """
    try:
        if path.stat().st_size > UPLOAD_BYTES:
            raise BadArguments(f"The {what} is larger than {UPLOAD_BYTES // 1024**2} MiB.")
        return path.read_bytes()
    except OSError as problem:
        raise FileAccess(f"The {what} cannot be read ({problem.strerror}).", next_step=READ_ADVICE) from None


def read_password(path: Path | None, what: str) -> str | None:
    """Return the password in a file, without its line end; None where no file is given."""
    if path is None:
        return None
    with suppress(UnicodeDecodeError):
        if password := read_file(path, what).decode().rstrip("\r\n"):
            return password
    raise BadArguments(f"The {what} holds no password.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either all there or not there at all, readable by its owner only.

    Raises:
        FileAccess: if it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".redactor-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise FileAccess(f"The output cannot be written ({problem.strerror}).") from None


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def load_case(path: Path | None) -> Case:
    """Return the case of a case file, or an empty one."""
    from redactor import policy

    return policy.load_case(read_file(path, "case file")) if path else Case()


def load_series(path: Path | None) -> Series | None:
    """Return the key of a case's documents from its file, a new one where there is no file yet."""
    from redactor import pseudonyms, wire

    if path is None:
        return None
    return wire.load(pseudonyms.Series, read_file(path, "series file")) if path.exists() else pseudonyms.begin_series()


def keep_series(path: Path | None, series: Series | None, proposal: Proposal, case: Case) -> None:
    """Write the key with one more document's people, readable by its owner only."""
    from redactor import pseudonyms, wire
    from redactor.decide.timeline import begun

    if path is not None and series is not None:
        grown = pseudonyms.continue_series(series, proposal.document, proposal.detected, case)
        grown = begun(grown, proposal.document, proposal.detected)
        write_whole(path, wire.dump(grown) + b"\n")


@contextmanager
def tools(quiet: bool = False) -> Iterator[Tools]:
    """Load the detector and give stages a progress line that appears once the work takes over two seconds."""
    from redactor import detect, pipeline

    with _progress(quiet) as report:
        report("loading the model")
        yield pipeline.Tools(detector=detect.load(), progress=report)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    from rich.console import Console
    from rich.status import Status

    console = Console(stderr=True)
    status: Status | None = None
    begun = time.monotonic()

    def report(stage: str, done: int = 0, total: int = 0) -> None:
        nonlocal status
        del done, total
        if quiet or not console.is_terminal:
            return
        if status is None and time.monotonic() - begun > PROGRESS_AFTER_SECONDS:
            status = console.status(stage)
            status.start()
        elif status is not None:
            status.update(f"{stage} ({time.monotonic() - begun:.0f} s)")

    try:
        yield report
    finally:
        if status is not None:
            status.stop()
