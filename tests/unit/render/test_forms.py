"""Defends 'nothing is hidden without a reason': documents say what they must and refuse missing or wrong data."""

import io
import subprocess
import sys

import docx
import pytest
from docx.oxml.ns import qn

from redactor.errors import InvalidDefinition
from redactor.render import forms
from redactor.resources import path


def words(content: bytes) -> str:
    """All text of a DOCX, tables included."""
    document = docx.Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_templates_are_the_ones_the_definitions_make(tmp_path) -> None:
    subprocess.run([sys.executable, path("templates", "documents", "make.py"), tmp_path], check=True)
    for name in forms.forms():
        assert (tmp_path / f"{name}.docx").read_bytes() == path("templates", "documents", f"{name}.docx").read_bytes()


@pytest.mark.parametrize("name", [name for name in forms.forms() if forms.form(name).sample])
def test_every_sample_fills_its_template(name: str) -> None:
    text = words(forms.generate(name, forms.form(name).sample))
    assert "{{" not in text and "{%" not in text and " object at 0x" not in text
    assert forms.form(name).heading in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "'introduction' (Introduction) is missing"),
        ({"introduction": "x", "statement": "y", "colour": "z"}, "'colour' is not known"),
        ({"introduction": "x", "statement": "y", "rows": [{"number": "1"}]}, "'rows[1].place'"),
        ({"introduction": "x", "statement": "y", "rows": "no"}, "'rows' must be a list"),
        ({"introduction": ["x"], "statement": "y"}, "'introduction' must be plain text"),
    ],
)
def test_wrong_data_is_named(data: dict, message: str) -> None:
    with pytest.raises(InvalidDefinition) as refusal:
        forms.generate("redaction_schedule_served", data)
    assert message in refusal.value.message


def test_data_is_text_and_never_markup_or_template() -> None:
    hostile = "<w:p/> & {{ 7 * 7 }} {% raw %} \x00\x0b"
    text = words(forms.generate("redaction_schedule_served", {"introduction": hostile, "statement": "s"}))
    assert "<w:p/> & {{ 7 * 7 }} {% raw %}" in text and "49" not in text


def test_unknown_document_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="no document template"):
        forms.generate("../cover", {})


def test_closed_session_is_marked_by_heading_and_style() -> None:
    """Minutes from our template must come back through ingest with their restricted part recognised."""
    sample = forms.form("conference_record").sample
    document = docx.Document(io.BytesIO(forms.generate("conference_record", sample)))
    marked = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Closed Session"]
    assert sample["closed_content"][0] in marked
    texts = [paragraph.text for paragraph in document.paragraphs]
    opened = texts.index("Closed session – professionals only")
    assert texts.index("Conference resumed at 11:35") > opened
    without = {key: value for key, value in sample.items() if not key.startswith("closed")}
    assert "professionals only" not in words(forms.generate("conference_record", without))


def test_tracker_as_csv_defuses_formulas() -> None:
    data = {
        "meeting": "m",
        "updated": "2024-06-05",
        "actions": [
            {"ref": "=1+1", "raised": "x", "action": "a, b", "agency": "c", "due": "2024-06-28", "status": "Open"}
        ],
    }
    lines = forms.table_csv("action_tracker", data).splitlines()
    assert lines[0].startswith("Ref.,") and lines[1].startswith('\'=1+1,x,"a, b",c,,28 June 2024,Open')
    with pytest.raises(InvalidDefinition, match="no table"):
        forms.table_csv("cover", {})
    with pytest.raises(InvalidDefinition, match=r"'actions\[1\]\.due' \(Due\) must be a date"):
        forms.table_csv("action_tracker", data | {"actions": [data["actions"][0] | {"due": "2024-02-31"}]})


def test_data_file_is_read_strictly() -> None:
    assert forms.parse("redaction_schedule_served", b"introduction: x\nstatement: y\n")["rows"] == []
    with pytest.raises(InvalidDefinition) as refusal:
        forms.parse("redaction_schedule_served", b"introduction: x\nintroduction: y\n")
    assert refusal.value.line == 2


@pytest.mark.parametrize("name", [name for name in forms.forms() if forms.form(name).common])
def test_each_page_says_what_the_document_is(name: str) -> None:
    """Domain rules 2: document, version, status, classification and retention class on every one."""
    own = {"document_id": "SM-DOC-0001", "document_status": "Agreed", "retention_class": "Six years"}
    for given, shown in ((own, ("SM-DOC-0001", "Agreed", "Six years")), ({}, ("Draft", "As the case file"))):
        section = docx.Document(io.BytesIO(forms.generate(name, forms.form(name).sample | given))).sections[0]
        foot = section.footer.paragraphs[0].text
        assert section.header.paragraphs[0].text == "OFFICIAL-SENSITIVE"
        assert all(words in foot for words in (*shown, name)) and "{" not in foot


def test_pages_of_a_copy_leave_that_to_the_copys_own_marks() -> None:
    apart = {name for name in forms.forms() if not forms.form(name).common}
    assert apart == {
        "cover",
        "redaction_schedule_served",
        "redaction_schedule_internal",
        "redaction_certificate",
        "bundle_index",
        "bundle_certificate",
    }
