"""Where the data files are: the checkout's own folders first, the installed wheel's copy second."""

from __future__ import annotations

from pathlib import Path

from redactor.errors import MissingDependency

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the path of a shipped file or folder, for example ``path("templates", "profiles")``.

    Raises:
        MissingDependency: if neither the checkout nor the wheel holds it.
    """
    for root in (_PACKAGE.parent, _PACKAGE / "_data"):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise MissingDependency(
        f"The shipped file {'/'.join(parts)} is missing.", next_step="Install the redactor package again."
    )
