"""A long born-digital PDF for the measurements: the sample minutes, with headings and tables, exported by LibreOffice."""

from __future__ import annotations

import copy
import io
from pathlib import Path

import docx
import pikepdf

from redactor.limits import Limits
from redactor.render.office import to_pdf
from samples import make as samples

SOURCES = ("icpc_minutes", "panel_minutes", "tactical_minutes")
_EXPORT_SECONDS = 600.0
_AT_ONCE = 70  # times that the three samples follow one another in one export: more than 300 pages


def minutes(pages: int, folder: Path = Path("build") / "bench") -> bytes:
    """Return ordinary minutes of so many pages, exported as a word processor does and kept for the next run."""
    kept = folder / f"minutes-{pages}.pdf"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(_cut(_printed(), pages))
    return kept.read_bytes()


def _printed() -> bytes:
    made = docx.Document(str(_sample(SOURCES[0])))
    end = made.element.body[-1]  # the page set-up stays last
    for number in range(_AT_ONCE * len(SOURCES)):
        for element in docx.Document(str(_sample(SOURCES[number % len(SOURCES)]))).element.body[:-1]:
            end.addprevious(copy.deepcopy(element))
    stream = io.BytesIO()
    made.save(stream)
    return to_pdf(stream.getvalue(), Limits(seconds=_EXPORT_SECONDS, memory_bytes=2**31))


def _sample(name: str) -> Path:
    return Path(samples.HERE) / name / f"{name}.docx"


def _cut(content: bytes, pages: int) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if len(pdf.pages) < pages:
            raise ValueError(f"only {len(pdf.pages)} pages were made")
        del pdf.pages[pages:]
        stream = io.BytesIO()
        pdf.save(stream)
        return stream.getvalue()
