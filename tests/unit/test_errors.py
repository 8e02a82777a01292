"""Promise 4: whatever goes wrong, the reader learns what to do next, and docs/errors.md lists every way it can."""

from __future__ import annotations

import re

import pytest

from redactor import errors
from tests.conftest import ROOT


def all_kinds(kind: type[errors.RedactorError] = errors.RedactorError) -> list[type[errors.RedactorError]]:
    return [kind, *(inner for sub in kind.__subclasses__() for inner in all_kinds(sub))]


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.__name__)
def test_every_error_says_what_to_do_next(kind: type[errors.RedactorError]) -> None:
    made = kind("It broke.")
    assert str(made) == f"It broke. {made.next_step}"
    assert len(made.next_step) > 10
    assert made.next_step.endswith(".")
    assert 400 <= kind.http_status < 600


def test_the_document_lists_every_error_and_exit_code() -> None:
    text = (ROOT / "docs" / "errors.md").read_text()
    rows = set(re.findall(r"^\| ([a-z-]+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE))
    assert rows == {(kind.slug, str(int(kind.exit_code)), str(kind.http_status)) for kind in all_kinds()}
    codes = set(re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", text, re.MULTILINE))
    assert codes == {(str(int(code)), code.name) for code in errors.ExitCode}


def test_an_invalid_definition_names_its_place() -> None:
    assert str(errors.InvalidDefinition("Unknown key.", line=4, column=7)).startswith("Line 4, column 7: Unknown key.")
