"""``redactor generate``: make a document around a case from a data file."""

from __future__ import annotations

from pathlib import Path

import click

from redactor.cli import common
from redactor.errors import BadArguments


@click.command()
@click.argument("template")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.docx, FILE.pdf or FILE.csv.")
def generate(template: str, data: Path, out: Path) -> None:
    """Fill TEMPLATE with the YAML or JSON file DATA."""
    from redactor.render import forms, office

    if template not in forms.forms():
        raise BadArguments("There is no template of that name.", next_step=f"Choose from {', '.join(forms.forms())}.")
    filled = forms.parse(template, common.read_file(data, "data file"))
    match out.suffix:
        case ".docx":
            common.write_whole(out, forms.generate(template, filled))
        case ".pdf":
            common.write_whole(out, office.to_pdf(forms.generate(template, filled)))
        case ".csv":
            common.write_whole(out, forms.table_csv(template, filled).encode())
        case _:
            raise BadArguments("The output must end in .docx, .pdf or .csv.")
    click.echo(str(out))
