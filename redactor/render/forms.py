"""Documents that the service writes: data checked against a definition, filled into a DOCX template by docxtpl."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal

import jinja2
from docxtpl import DocxTemplate
from pydantic import BaseModel, ConfigDict, Field

from redactor.errors import InvalidDefinition
from redactor.policy import strictyaml
from redactor.resources import path

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_LONGEST = 20_000  # characters in one field
_MOST = 20_000  # rows in one table: a long bundle has thousands of redactions
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Kind = Literal["text", "date", "time", "number", "yes_no", "choice", "lines", "rows"]


class FormField(BaseModel):
    """One field of a document.

    Args:
        words: what the field is called on paper and in messages.
        kind: what it holds; dates are YYYY-MM-DD, "lines" a list of texts, "rows" a list of records.
        required: must be there and not empty.
        choices: the allowed words of a choice.
        columns: the fields of each record of "rows".
        share: of the table's width, relative to its neighbours.
        default: used where an optional field is not given.
        person: it holds the name of somebody of this relation (templates/styles.yaml).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    kind: Kind = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    columns: dict[str, FormField] = {}
    share: int = 1
    default: str = ""
    person: str = ""


class Form(BaseModel):
    """The definition of one kind of document (templates/documents/NAME.yaml).

    Args:
        common: each page says what the document is (templates/common.yaml); not where a copy's own marks do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    about: str
    heading: str
    source: str = ""
    landscape: bool = False
    large: bool = False
    language: str = "en-GB"
    csv: str = ""
    common: bool = True
    fields: dict[str, FormField]
    layout: list[dict[str, Any]] = Field(min_length=1)
    sample: dict[str, Any] = {}


class _Common(BaseModel):
    """What every document says of itself (templates/common.yaml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: dict[str, FormField]
    header: str
    footer: str
    languages: dict[str, dict[str, str]]
    sample: dict[str, Any]


@cache
def common() -> dict[str, FormField]:
    """Return the fields that every document has beside its own."""
    return strictyaml.parse(path("templates", "common.yaml").read_bytes(), _Common, "common block").fields


@cache
def forms() -> tuple[str, ...]:
    """Return the names of the documents that can be generated."""
    return tuple(sorted(file.stem for file in path("templates", "documents").glob("*.yaml")))


@cache
def form(name: str) -> Form:
    """Return one definition.

    Raises:
        InvalidDefinition: if there is no such document.
    """
    if name not in forms():
        raise InvalidDefinition(
            "There is no document template of that name.", next_step=f"Use one of: {', '.join(forms())}."
        )
    content = path("templates", "documents", f"{name}.yaml").read_bytes()
    made = strictyaml.parse(content, Form, "document template")
    return made.model_copy(update={"fields": {**made.fields, **common()}}) if made.common else made


def generate(name: str, data: dict[str, Any]) -> bytes:
    """Return a DOCX of one kind filled with data.

    Args:
        name: one of ``forms()``.
        data: as read from YAML or JSON.

    Raises:
        InvalidDefinition: naming the first field that is missing, unknown or of the wrong kind.
    """
    return fill(name, checked(name, data))


def checked(name: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with every field of the definition, as the template prints them.

    Raises:
        InvalidDefinition: naming the first field that is missing, unknown or of the wrong kind.
    """
    if not isinstance(data, dict):
        raise InvalidDefinition(f"The data for '{name}' must be a list of fields with values.")
    return _record(form(name).fields, data, "")


def parse(name: str, untrusted: bytes) -> dict[str, Any]:
    """Read a data file (YAML or JSON) for a document and check it.

    Raises:
        InvalidDefinition: with line and column for bad YAML, or naming the field that is wrong.
    """
    return checked(name, strictyaml.read(untrusted, "data file"))


def fill(name: str, values: dict[str, Any]) -> bytes:
    """Fill a template with values that were already checked."""
    template = DocxTemplate(str(path("templates", "documents", f"{name}.docx")))
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template.render({key: _plain(value) for key, value in values.items()}, environment, autoescape=True)
    template.docx.core_properties.title = form(name).title
    output = io.BytesIO()
    template.save(output)
    return output.getvalue()


def _plain(value: Any) -> Any:
    """Give records attributes instead of keys, so that a column called 'copy' is not a method of a dictionary."""
    if isinstance(value, list):
        return [SimpleNamespace(**row) if isinstance(row, dict) else row for row in value]
    return value


def table_csv(name: str, data: dict[str, Any]) -> str:
    """Return the main table of a document as CSV, for an agency's own system.

    Cells that a spreadsheet would run as a formula are made text with a leading apostrophe.

    Raises:
        InvalidDefinition: if this document has no table for CSV, or the data is wrong.
    """
    definition = form(name)
    if not definition.csv:
        raise InvalidDefinition("This document has no table that can be written as CSV.")
    rows = checked(name, data)[definition.csv]
    columns = definition.fields[definition.csv].columns
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([column.words for column in columns.values()])
    writer.writerows([[_harmless(str(row[column])) for column in columns] for row in rows])
    return output.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _record(fields: dict[str, FormField], data: dict[str, Any], where: str) -> dict[str, Any]:
    unknown = next((key for key in data if key not in fields), None)
    if unknown is not None:
        raise InvalidDefinition(f"The field '{_key(where, str(unknown))}' is not known in this document.")
    return {name: _value(field, data.get(name), _key(where, name)) for name, field in fields.items()}


def _key(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _value(field: FormField, value: Any, where: str) -> Any:
    if value is None or value == "" or value == []:
        if field.required:
            raise InvalidDefinition(f"The field '{where}' ({field.words}) is missing.")
        return [] if field.kind in ("lines", "rows") else field.default
    if field.kind == "rows":
        return [
            _record(field.columns, _mapping(row, f"{where}[{number}]"), f"{where}[{number}]")
            for number, row in enumerate(_listed(value, where), start=1)
        ]
    if field.kind == "lines":
        return [_text(line, f"{where}[{number}]") for number, line in enumerate(_listed(value, where), start=1)]
    return _single(field, value, where)


def _single(field: FormField, value: Any, where: str) -> str:
    if field.kind == "yes_no":
        if not isinstance(value, bool) and value not in ("yes", "no"):
            raise InvalidDefinition(f"The field '{where}' ({field.words}) must be yes or no.")
        return "Yes" if value in (True, "yes") else "No"
    text = _text(value, where)
    if field.kind == "date":
        return _day(field, text, where)
    if field.kind == "number" and not text.lstrip("-").replace(".", "", 1).isdigit():
        raise InvalidDefinition(f"The field '{where}' ({field.words}) must be a number.")
    if field.kind == "choice" and text not in field.choices:
        raise InvalidDefinition(f"The field '{where}' ({field.words}) must be one of: {', '.join(field.choices)}.")
    return text


def _day(field: FormField, text: str, where: str) -> str:
    """Return a date as people read it."""
    try:
        day = date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidDefinition(f"The field '{where}' ({field.words}) must be a date as YYYY-MM-DD.")
    return f"{day.day} {day:%B %Y}"


def _text(value: Any, where: str) -> str:
    if isinstance(value, (dict, list, bool)) or value is None:
        raise InvalidDefinition(f"The field '{where}' must be plain text.")
    text = str(value)
    if len(text) > _LONGEST:
        raise InvalidDefinition(f"The field '{where}' is longer than {_LONGEST} characters.")
    return _NOT_IN_XML.sub("", text).strip()


def _listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidDefinition(f"The field '{where}' must be a list.")
    if len(value) > _MOST:
        raise InvalidDefinition(f"The field '{where}' has more than {_MOST} entries.")
    return value


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidDefinition(f"The entry '{where}' must have named fields.")
    return value
