"""Defends "Everybody can read their copy": a Word document's copy is tagged for screen readers, redactions as words.

The checks are those of the Matterhorn Protocol 1.1 (PDF/UA-1) that a program can make on what this service writes:
01 (all content tagged or artifact), 06 and 07 (metadata, title shown), 09 (roles), 11 (language), 13 (figures have
words), 14 (headings), 15 (tables), 28 (tab order), 31 (fonts embedded and mapped).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from redactor import detect, pipeline, policy
from redactor.library import copy_mark
from samples import make as samples

SAMPLE = Path(samples.HERE) / "icpc_minutes"
_ROLES = """
Document Part Sect Div P H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD Span Figure Note Reference Link TOC TOCI
Caption BlockQuote THead TBody NonStruct
"""
STANDARD = frozenset("/" + role for role in _ROLES.split())
SHOWS = frozenset({"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"})


@pytest.fixture(scope="module")
def copy() -> Iterator[pikepdf.Pdf]:
    """The minutes' copy for the family, with cover and schedule."""
    profile, case = policy.load_profile("family_copy"), policy.load_case((SAMPLE / "case.yaml").read_bytes())
    reader = policy.find_reader(case, "family_copy")
    tools = pipeline.Tools(detect.load())
    content = (SAMPLE / "icpc_minutes.docx").read_bytes()
    proposal = pipeline.propose(content, "minutes.docx", profile, case, reader, tools)
    order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
    sealed, _ = pipeline.release(proposal, proposal.plan, order, tools)
    with pikepdf.open(io.BytesIO(sealed.content)) as pdf:
        yield pdf


def _elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    waiting: list[object] = [pdf.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield node
            waiting.append(node.get("/K"))


def _role(pdf: pikepdf.Pdf, element: pikepdf.Dictionary) -> str:
    """Follow the role map to a standard role."""
    role, roles = str(element.S), pdf.Root.StructTreeRoot.get("/RoleMap", {})
    for _ in range(8):
        if role in STANDARD or role not in roles:
            break
        role = str(roles[role])
    return role


def test_the_copy_says_what_it_is(copy: pikepdf.Pdf) -> None:
    assert copy.Root.MarkInfo.Marked is True
    assert str(copy.Root.Lang) == "en-GB"
    assert copy.Root.ViewerPreferences.DisplayDocTitle is True
    assert str(copy.docinfo.Title) in copy.Root.Metadata.read_bytes().decode()
    for page in copy.pages:
        assert str(page.obj.Tabs) == "/S"


def test_every_stroke_is_tagged_or_an_artifact(copy: pikepdf.Pdf) -> None:
    parents = pikepdf.NumberTree(copy.Root.StructTreeRoot.ParentTree)
    for page in copy.pages:
        owned = parents[int(page.obj.StructParents)]
        depth: list[bool] = []
        for operation in pikepdf.parse_content_stream(page):
            name = str(operation.operator)
            if name in ("BDC", "BMC"):
                inside = operation.operands[1] if name == "BDC" else None
                tagged = isinstance(inside, pikepdf.Dictionary) and "/MCID" in inside
                if tagged:
                    assert int(inside["/MCID"]) < len(owned)
                depth.append(tagged or str(operation.operands[0]) == "/Artifact")
            elif name == "EMC":
                depth.pop()
            elif name in SHOWS:
                assert any(depth), f"{name} is drawn outside every tag"


def test_roles_headings_tables_and_figures_are_in_order(copy: pikepdf.Pdf) -> None:
    roles = [_role(copy, element) for element in _elements(copy)]
    assert set(roles) <= STANDARD
    assert roles.count("/H1") >= 5
    assert {"/Table", "/TR", "/TH", "/TD"} <= set(roles)
    for element in _elements(copy):
        if _role(copy, element) == "/Figure":
            assert str(element.get("/Alt", "")) or str(element.get("/ActualText", ""))
        if _role(copy, element) == "/TR":
            cells = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
            assert {_role(copy, cell) for cell in cells} <= {"/TH", "/TD"}


def test_fonts_are_embedded_and_say_which_letters_they_draw(copy: pikepdf.Pdf) -> None:
    fonts = [item for item in copy.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        if "/FontDescriptor" in font:
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
        if font.Subtype in ("/Type0", "/TrueType"):
            assert "/ToUnicode" in font
