"""LibreOffice behind the wall: a fresh process with a throw-away profile for each document, macros and links off."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from redactor.errors import ConverterFailed, MissingDependency
from redactor.sandbox import run_program

SECONDS = 110.0
_PROGRAMS = ("soffice", "libreoffice")
_WORKER = "soffice.bin"  # what the start script starts; the script's own helpers only draw a splash screen
_DONE, _START_AGAIN = 0, 81  # LibreOffice's EXITHELPER_NORMAL_RESTART, asked for once a new profile is set up
_MOST_STARTS = 2
_SETTINGS: tuple[tuple[str, str, str], ...] = (  # where, what, value: LibreOffice's own configuration schema
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Load", "UpdateDocMode", "0"),
    ("/org.openoffice.Office.Common/Save/Document", "GenerateThumbnail", "false"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "en-GB"),
    ("/org.openoffice.Office.Linguistic/General", "DefaultLocale", "en-GB"),
)


def convert(content: bytes, suffix: str, target: str, produced: str) -> bytes:
    """Convert one document; see ``convert_all``."""
    return convert_all([content], suffix, target, produced)[0]


def convert_all(
    contents: Sequence[bytes], suffix: str, target: str, produced: str, seconds: float = SECONDS
) -> list[bytes]:
    """Convert documents of one copy in one process; only to be called inside the sandbox.

    Args:
        contents: the documents, all of one case.
        suffix: of its format, with the dot; decides the import filter.
        target: LibreOffice's ``--convert-to`` value.
        produced: suffix of the result, with the dot.
        seconds: how long each start may take.

    Raises:
        ConverterFailed: if LibreOffice produces nothing.
        MissingDependency: if it is not installed.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        out, profile = folder / "out", folder / "profile"
        sources = [folder / f"document{number}{suffix}" for number in range(len(contents))]
        for source, content in zip(sources, contents, strict=True):
            source.write_bytes(content)
        _write_profile(profile)
        command = [str(program), f"-env:UserInstallation={profile.as_uri()}", f"-env:OSL_SOCKET_PATH={folder}"]
        command += ["--headless", "--invisible", "--nologo", "--norestore", "--nolockcheck", "--nodefault"]
        command += ["--nofirststartwizard", "--convert-to", target, "--outdir", str(out), *map(str, sources)]
        for _ in range(_MOST_STARTS):
            run_program(command, seconds=seconds, folder=folder, accept=(_DONE, _START_AGAIN))
            if out.is_dir():
                break
        results = [out / f"{source.stem}{produced}" for source in sources]
        if not all(result.is_file() and result.stat().st_size for result in results):
            raise ConverterFailed("LibreOffice could not convert the document.")
        return [result.read_bytes() for result in results]


def _program() -> Path:
    """Return LibreOffice's own program, behind the script that starts it."""
    script = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if script is None:
        raise MissingDependency("LibreOffice is not installed.", next_step="Install libreoffice-writer-nogui.")
    worker = Path(script).resolve().with_name(_WORKER)
    return worker if worker.is_file() else Path(script)


def _write_profile(profile: Path) -> None:
    items = "".join(
        f"<item oor:path={quoteattr(where)}><prop oor:name={quoteattr(what)} oor:op='fuse'>"
        f"<value>{escape(value)}</value></prop></item>"
        for where, what, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        "<?xml version='1.0' encoding='UTF-8'?><oor:items xmlns:oor='http://openoffice.org/2001/registry' "
        f"xmlns:xs='http://www.w3.org/2001/XMLSchema'>{items}</oor:items>"
    )
