"""Make the DOCX templates from their definitions: ``python templates/documents/make.py``.

Each definition (templates/documents/NAME.yaml) says which fields a document has and how it is laid out; this script
writes NAME.docx beside it, a docxtpl template. The same definitions give the same bytes, so a test can tell when one
was forgotten.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

HERE = Path(__file__).resolve().parent
FONT = "Liberation Sans"
MANY_COLUMNS, SMALL = 6, Pt(10)
ORIGIN = datetime(2024, 1, 1)
ZIP_DATE = (2024, 1, 1, 0, 0, 0)
COMMON = yaml.safe_load((HERE.parent / "common.yaml").read_text(encoding="utf-8"))
STYLES = yaml.safe_load((HERE.parent / "styles.yaml").read_text(encoding="utf-8"))
MARKED: dict[str, str] = STYLES["audiences"]
PEOPLE: dict[str, str] = STYLES["people"]


def build(name: str, definition: dict[str, Any]) -> bytes:
    """Return the template of one definition."""
    document = docx.Document()
    _prepare(document, definition)
    for paragraph in list(document.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)
    if definition.get("common", True):
        _common(document.sections[0], name, definition)
    document.add_heading(definition["heading"], 0)
    _blocks(document, definition["layout"], definition["fields"], None)
    return _fixed(document)


def _prepare(document: Any, definition: dict[str, Any]) -> None:
    properties = document.core_properties
    properties.title, properties.author = definition["title"], ""
    properties.language = definition.get("language", "en-GB")
    properties.comments = properties.subject = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = ORIGIN
    properties.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    if definition.get("landscape"):
        section.page_width, section.page_height = section.page_height, section.page_width
    grown = 2 if definition.get("large") else 0
    for name, size in (("Normal", 12 + grown), ("Title", 22), ("Heading 1", 16), ("Heading 2", 14), ("Heading 3", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    for name in (*MARKED.values(), *PEOPLE.values()):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]


def _common(section: Any, name: str, definition: dict[str, Any]) -> None:
    """Say on each page what the document is: classification above, its identity, version and retention below."""
    told = COMMON | COMMON["languages"].get(definition.get("language", ""), {})
    for part, words in ((section.header, told["header"]), (section.footer, told["footer"].replace("{name}", name))):
        run = part.paragraphs[0].add_run(words)
        run.font.size, run.font.name, run.bold = SMALL, FONT, part is section.header


def _blocks(document: Any, layout: list[dict[str, Any]], fields: dict[str, Any], marked: str | None) -> None:
    for block in layout:
        ((kind, value),) = ((k, v) for k, v in block.items() if k != "then")
        if kind == "heading":
            _styled(document.add_heading(value, 1), marked, heading=True)
        elif kind == "subheading":
            _styled(document.add_heading(value, 2), marked, heading=True)
        elif kind == "text":
            _styled(document.add_paragraph(value), marked)
        elif kind == "bullets":
            for line in value if isinstance(value, list) else _loop(value):
                _styled(document.add_paragraph(line, None if line.startswith("{%p") else "List Bullet"), None)
        elif kind == "paragraphs":
            for line in _loop(value):
                _styled(document.add_paragraph(line), marked)
        elif kind == "fields":
            _pairs(document, value, fields)
        elif kind == "table":
            _table(document, value, fields[value])
        elif kind == "if":
            document.add_paragraph(f"{{%p if {value} %}}")
            _blocks(document, block["then"], fields, marked)
            document.add_paragraph("{%p endif %}")
        elif kind == "for":
            document.add_paragraph(f"{{%p for one in {value} %}}")
            inner = {f"one.{name}": column for name, column in fields[value]["columns"].items()}
            _blocks(document, block["then"], inner, marked)
            document.add_paragraph("{%p endfor %}")
        elif kind in MARKED:
            _blocks(document, value, fields, MARKED[kind])
        else:
            raise SystemExit(f"{kind} is not a kind of block")


def _loop(name: str) -> list[str]:
    return [f"{{%p for line in {name} %}}", "{{ line }}", "{%p endfor %}"]


def _styled(paragraph: Any, marked: str | None, *, heading: bool = False) -> None:
    """Mark a paragraph as part of a restricted section; a heading says so in its words instead."""
    if marked and not heading and not paragraph.text.startswith("{%p"):
        paragraph.style = marked


def _pairs(document: Any, names: list[str], fields: dict[str, Any]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name in names:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = fields[name]["words"], f"{{{{ {name} }}}}"
        cells[0].paragraphs[0].runs[0].bold = True
        _named(cells[1], fields[name])
    _widths(document, table, [2, 3])
    document.add_paragraph()


def _named(cell: Any, field: dict[str, Any]) -> None:
    """Put a name into the style that says whose it is, so that nobody has to guess when the document comes back."""
    if "person" in field:
        cell.paragraphs[0].style = PEOPLE[field["person"]]


def _table(document: Any, name: str, field: dict[str, Any]) -> None:
    columns = field["columns"]
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    for cell, column in zip(table.rows[0].cells, columns.values(), strict=True):
        cell.text = column["words"]
        cell.paragraphs[0].runs[0].bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    properties.append(header)
    _widths(document, table, [column.get("share", 1) for column in columns.values()])
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[1].cells[0].text = f"{{%tr for row in {name} %}}"
    for cell, column in zip(table.rows[2].cells, columns, strict=True):
        cell.text = f"{{{{ row.{column} }}}}"
        _named(cell, columns[column])
    table.rows[3].cells[0].text = "{%tr endfor %}"
    if len(columns) >= MANY_COLUMNS:
        for run in (run for row in table.rows for cell in row.cells for part in cell.paragraphs for run in part.runs):
            run.font.size = SMALL
    document.add_paragraph()


def _widths(document: Any, table: Any, shares: list[int]) -> None:
    """Give the columns their shares of the page's width."""
    section = document.sections[0]
    whole = section.page_width - section.left_margin - section.right_margin
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = whole * share // sum(shares)
        for cell in column.cells:
            cell.width = column.width


def _fixed(document: Any) -> bytes:
    """Save with fixed times and order, so that the same definition gives the same bytes."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def definitions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every definition with its name."""
    for path in sorted(HERE.glob("*.yaml")):
        yield path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for stem, content in definitions():
        (target / f"{stem}.docx").write_bytes(build(stem, content))
