"""``redactor trace``: name the copy that a leaked file, a scan of a print or a photograph was made from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redactor.cli import common
from redactor.errors import BadArguments, NothingReadable

_NUMBERS = 'Give a JSON file such as {"copy 1": 1234, "copy 2": 5678}.'


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--reference", type=click.Path(path_type=Path), required=True, help="Any copy of the same document, as released."
)
@click.option("--reference-copy", help="Key of the candidate that the reference is; leave out for an unmarked one.")
@click.option(
    "--candidates", type=click.Path(path_type=Path), help="JSON of copies and numbers, instead of the register."
)
@click.option("--password-file", type=click.Path(path_type=Path), help="Holds the password that opens FILE.")
@click.option(
    "--reference-password-file", type=click.Path(path_type=Path), help="Holds the password that opens the reference."
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@common.data_option
def trace(
    file: Path,
    reference: Path,
    reference_copy: str | None,
    candidates: Path | None,
    password_file: Path | None,
    reference_password_file: Path | None,
    as_json: bool,
    data: Path | None,
) -> None:
    """Name the copy that FILE (a PDF, or one page as a picture) was made from, by the heights of its lines.

    Whole pages are needed, scanned or photographed flat at 150 dots per inch or more, with eight lines or more of text
    that was set as text. A page that was cropped, typed again or made as a picture in the first place names nobody.
    """
    from redactor.render import tracing

    numbers = _listed(candidates) if candidates is not None else _register(data)
    if reference_copy is not None and reference_copy not in numbers:
        raise BadArguments("The reference is none of the candidates.", next_step="Give its key as it is listed.")
    found = tracing.trace(
        common.read_file(file, "leaked file"),
        common.read_file(reference, "reference"),
        numbers.get(reference_copy) if reference_copy is not None else None,
        numbers,
        password=common.read_password(password_file, "password file"),
        reference_password=common.read_password(reference_password_file, "password file"),
    )
    if as_json:
        common.print_json(
            {
                "copy": found.copy,
                "likeness": round(found.likeness, 3),
                "sureness": round(found.sureness, 1),
                "lines": found.lines,
                "candidates": len(numbers),
            }
        )
    elif found.copy is not None:
        click.echo(
            f"Copy {found.copy}: {found.sureness:.1f} standard deviations above chance among {len(numbers)} copies, "
            f"from {found.lines} lines."
        )
    if found.copy is None:
        raise NothingReadable(
            f"None of the {len(numbers)} copies stands out on {found.lines} lines.",
            next_step="Try more pages or a flatter, sharper picture. Cropped or retyped pages name nobody.",
        )


def _listed(path: Path) -> dict[str, int]:
    try:
        listed = json.loads(common.read_file(path, "list of candidates"))
        return {str(key): int(number) for key, number in listed.items()}
    except (ValueError, TypeError, AttributeError):
        raise BadArguments("The list of candidates cannot be read.", next_step=_NUMBERS) from None


def _register(data: Path | None) -> dict[str, int]:
    """Return the copies of the service's own register."""
    return common.open_service(data).releases.fingerprints()
