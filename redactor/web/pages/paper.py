"""A form made of the definition of a document (templates/documents): fields, lists and rows, as people type them."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from redactor.render.forms import FormField

SPARE_ROWS = 2  # empty rows offered below those that are filled in
FIRST_ROWS = 3
MOST_ROWS = 200
_LONG = ("summary", "text", "action", "reasons", "facts", "opinion", "views", "plan", "interventions", "context")
_LONG_SHARE = 5


def read(fields: dict[str, FormField], sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed: empty fields are left out, and so are rows in which nothing stands."""
    data: dict[str, Any] = {}
    for name, field in fields.items():
        value: Any
        if field.kind == "rows":
            value = _rows(name, field, sent)
        elif field.kind == "lines":
            value = [line.strip() for line in sent.get(name, "").splitlines() if line.strip()]
        else:
            value = sent.get(name, "").strip()
        if value:
            data[name] = value
    return data


def _rows(name: str, field: FormField, sent: MultiDict[str, str]) -> list[dict[str, str]]:
    found = []
    for number in range(min(_count(sent.get(f"{name}.rows", "0")), MOST_ROWS)):
        row = {column: sent.get(cell(name, number, column), "").strip() for column in field.columns}
        if any(value for column, value in row.items() if field.columns[column].kind not in ("choice", "yes_no")):
            found.append({column: value for column, value in row.items() if value})
    return found


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def cell(name: str, number: int, column: str) -> str:
    """Return the name of one cell's field."""
    return f"{name}.{number}.{column}"


def row_count(value: list[Any] | None, more: int = 0) -> int:
    """Return how many rows to offer."""
    return min(max(FIRST_ROWS, len(value or []) + SPARE_ROWS) + more, MOST_ROWS)


def is_long(name: str, field: FormField, *, cells: bool) -> bool:
    """Say whether a text field gets several lines."""
    if field.kind != "text":
        return False
    return name in _LONG or (cells and field.share >= _LONG_SHARE)
