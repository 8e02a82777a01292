"""Where profiles come from: the shipped ones by name, a council's own by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from redactor.errors import READ_ADVICE, FileAccess, InvalidDefinition
from redactor.model import digest_of
from redactor.policy import strictyaml
from redactor.policy.profile import Profile
from redactor.resources import path


@cache
def shipped_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that are shipped."""
    return tuple(sorted(file.stem for file in path("templates", "profiles").glob("*.yaml")))


def load_profile(name_or_path: str | Path) -> Profile:
    """Return a profile by its shipped name or from a file.

    Raises:
        InvalidDefinition: if there is no such profile, or it is wrong (with line and column).
        FileAccess: if the file cannot be read.
    """
    if isinstance(name_or_path, str) and name_or_path in shipped_profiles():
        return _shipped(name_or_path)
    file = Path(name_or_path)
    if file.suffix not in {".yaml", ".yml"}:
        raise InvalidDefinition(
            "There is no profile of that name.",
            next_step=f"Use one of {', '.join(shipped_profiles())}, or a .yaml file.",
        )
    try:
        content = file.read_bytes()
    except OSError:
        raise FileAccess("The profile file cannot be read.", next_step=READ_ADVICE) from None
    return parse_profile(content)


@cache
def _shipped(name: str) -> Profile:
    return parse_profile(path("templates", "profiles", f"{name}.yaml").read_bytes())


def parse_profile(untrusted: bytes) -> Profile:
    """Read a profile from the content of its file."""
    return strictyaml.parse(untrusted, Profile, "profile").with_digest(digest_of(untrusted))
