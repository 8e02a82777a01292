"""The one way to run an outside program (LibreOffice, tesseract, pdftotext) from inside the sandbox."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from redactor.errors import ConverterFailed, MissingDependency, UnsafeConfiguration
from redactor.sandbox.containment import INSIDE, SETTING


def run_program(
    command: list[str], *, seconds: float, folder: Path, stdin: bytes = b"", accept: tuple[int, ...] = (0,)
) -> bytes:
    """Run a program that is already behind the wall and return what it printed.

    Args:
        command: program and arguments; never a shell line.
        seconds: wall-clock limit, after which the program's whole process group is killed.
        folder: working folder, inside the sandbox's own memory-backed home.
        stdin: bytes for its standard input.
        accept: exit codes that count as success.

    Raises:
        UnsafeConfiguration: if called outside the sandbox.
        MissingDependency: if the program is not installed.
        ConverterFailed: if it fails or takes too long.
    """
    if os.environ.get(INSIDE) != "1" and os.environ.get(SETTING) != "none":
        raise UnsafeConfiguration("A converter was about to run outside the sandbox.")
    name = Path(command[0]).name
    try:
        with subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                printed, _ = process.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
                raise ConverterFailed(f"The program {name} took longer than {seconds:.0f} seconds.") from None
    except FileNotFoundError:
        raise MissingDependency(f"The program {name} is not installed.") from None
    if process.returncode not in accept:
        raise ConverterFailed(f"The program {name} ended with code {process.returncode}.")
    return printed
