# ruff: noqa: E501 - each channel is one line of XML
"""Defends "Nothing leaks": one secret in every channel of a Word document is read, and released in none."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from redactor import ingest, redact
from redactor.ingest import inside
from redactor.model import Action, Document, Kind, ReasonCode, Role, SectionDecision, Span, Upload, digest_of
from redactor.redact import docx
from redactor.sandbox.containment import Bubblewrap
from tests.bench.corpus_docx import left_over, plan_for, spans_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships" xmlns:m="{_OFFICE}/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:odd"'
)
SECRET = "Zebediah"

# channel -> XML of a paragraph's inside; S stands for the secret of that channel, which is the secret and two letters
_INLINE = {
    "plain": "<w:r><w:t>S</w:t></w:r>",
    "split": "<w:r><w:t>S1</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:rPr><w:b/></w:rPr><w:t>S2</w:t></w:r>",
    "soft hyphen element": "<w:r><w:t>S1</w:t><w:softHyphen/><w:t>S2</w:t></w:r>",
    "soft hyphen character": "<w:r><w:t>S1\u00adS2</w:t></w:r>",
    "zero width": "<w:r><w:t>S1\u200bS2</w:t></w:r>",
    "inserted": "<w:ins w:id='1' w:author='A'><w:r><w:t>S</w:t></w:r></w:ins>",
    "insertion author": "<w:ins w:id='2' w:author='S'><w:r><w:t>x</w:t></w:r></w:ins>",
    "deleted": "<w:del w:id='3' w:author='A'><w:r><w:delText>S</w:delText></w:r></w:del>",
    "deletion author": "<w:del w:id='4' w:author='S'><w:r><w:delText>x</w:delText></w:r></w:del>",
    "moved from": "<w:moveFrom w:id='5' w:author='A'><w:r><w:t>S</w:t></w:r></w:moveFrom>",
    "moved to": "<w:moveTo w:id='6' w:author='A'><w:r><w:t>S</w:t></w:r></w:moveTo>",
    "format author": "<w:r><w:rPr><w:rPrChange w:id='7' w:author='S'><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t></w:r>",
    "vanish": "<w:r><w:rPr><w:vanish/></w:rPr><w:t>S</w:t></w:r>",
    "vanish by style": "<w:r><w:rPr><w:rStyle w:val='Secretive'/></w:rPr><w:t>S</w:t></w:r>",
    "white": "<w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>S</w:t></w:r>",
    "tiny": "<w:r><w:rPr><w:sz w:val='2'/></w:rPr><w:t>S</w:t></w:r>",
    "black on black": ("<w:r><w:rPr><w:color w:val='000000'/><w:highlight w:val='black'/></w:rPr><w:t>S</w:t></w:r>"),
    "hyperlink text": "<w:hyperlink w:anchor='x'><w:r><w:t>S</w:t></w:r></w:hyperlink>",
    "hyperlink anchor": "<w:hyperlink w:anchor='S'><w:r><w:t>x</w:t></w:r></w:hyperlink>",
    "hyperlink tooltip": "<w:hyperlink w:tooltip='S'><w:r><w:t>x</w:t></w:r></w:hyperlink>",
    "hyperlink target": "<w:hyperlink r:id='rIdLink'><w:r><w:t>x</w:t></w:r></w:hyperlink>",
    "field instruction": (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK S</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    ),
    "field result": (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>AUTHOR</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>S</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    ),
    "form default": (
        "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput><w:default w:val='S'/></w:textInput></w:ffData>"
        "</w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    ),
    "simple field": "<w:fldSimple w:instr='MERGEFIELD S'><w:r><w:t>x</w:t></w:r></w:fldSimple>",
    "simple field result": "<w:fldSimple w:instr='AUTHOR'><w:r><w:t>S</w:t></w:r></w:fldSimple>",
    "bookmark": "<w:bookmarkStart w:id='8' w:name='S'/><w:bookmarkEnd w:id='8'/>",
    "editor": "<w:permStart w:id='9' w:ed='S'/><w:permEnd w:id='9'/>",
    "control alias": "<w:sdt><w:sdtPr><w:alias w:val='S'/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>",
    "control tag": "<w:sdt><w:sdtPr><w:tag w:val='S'/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>",
    "control list": (
        "<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText='S' w:value='1'/></w:dropDownList></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"
    ),
    "control content": "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>S</w:t></w:r></w:sdtContent></w:sdt>",
    "smart tag": "<w:smartTag w:element='p'><w:smartTagPr><w:attr w:name='n' w:val='S'/></w:smartTagPr></w:smartTag>",
    "text box, choice": (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wps:wsp><wps:txbx><w:txbxContent>"
        "<w:p><w:r><w:t>S</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></wp:inline></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    ),
    "text box, fallback only": (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:shape>"
        "<v:textbox><w:txbxContent><w:p><w:r><w:t>S</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    ),
    "text box, old": (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>S</w:t></w:r></w:p></w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r>"
    ),
    "word art": "<w:r><w:pict><v:shape><v:textpath string='S'/></v:shape></w:pict></w:r>",
    "alt text": "<w:r><w:drawing><wp:inline><wp:docPr id='1' name='Picture 1' descr='S'/></wp:inline></w:drawing></w:r>",
    "drawing title": "<w:r><w:drawing><wp:inline><wp:docPr id='1' name='Picture 1' title='S'/></wp:inline></w:drawing></w:r>",
    "drawing name": "<w:r><w:drawing><wp:inline><wp:docPr id='1' name='S face.png'/></wp:inline></w:drawing></w:r>",
    "shape alt text": "<w:r><w:pict><v:shape alt='S'/></w:pict></w:r>",
    "mathematics": "<m:oMath><m:r><m:t>S</m:t></m:r></m:oMath>",
    "unknown element": "<x:odd>S</x:odd>",
    "symbols": "".join(f"<w:r><w:sym w:font='Symbol' w:char='F0{ord(letter):02X}'/></w:r>" for letter in "Zebediahsy"),
}
_BLOCKS = {
    "table": "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>S</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "nested table": (
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>S</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>"
    ),
    "deleted row": (
        "<w:tbl><w:tr><w:trPr><w:del w:id='1' w:author='A'/></w:trPr><w:tc><w:p><w:r><w:t>S</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    ),
    "merged away cell": (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>S</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    ),
    "block control": "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>S</w:t></w:r></w:p></w:sdtContent></w:sdt>",
}
_STORY = "<w:p><w:r><w:t>S</w:t></w:r></w:p>"
_PARTS = {
    "header": ("word/header1.xml", f"<w:hdr {_NAMESPACES}>{_STORY}</w:hdr>", "header"),
    "footer": ("word/footer1.xml", f"<w:ftr {_NAMESPACES}>{_STORY}</w:ftr>", "footer"),
    "footnote": ("word/footnotes.xml", f"<w:footnotes {_NAMESPACES}><w:footnote w:id='2'>{_STORY}</w:footnote></w:footnotes>", "footnotes"),
    "endnote": ("word/endnotes.xml", f"<w:endnotes {_NAMESPACES}><w:endnote w:id='2'>{_STORY}</w:endnote></w:endnotes>", "endnotes"),
    "comment": ("word/comments.xml", f"<w:comments {_NAMESPACES}><w:comment w:id='2' w:author='Chair'>{_STORY}</w:comment></w:comments>", "comments"),
    "people": ("word/people.xml", "<q:people xmlns:q='urn:q'><q:person q:author='S'/></q:people>", "people"),
    "glossary": ("word/glossary/document.xml", f"<w:glossaryDocument {_NAMESPACES}><w:docParts><w:docPart><w:docPartBody>{_STORY}</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>", "glossaryDocument"),
    "document variable": ("word/settings.xml", f"<w:settings {_NAMESPACES}><w:docVars><w:docVar w:name='a' w:val='S'/></w:docVars></w:settings>", "settings"),
    "style name": ("word/styles.xml", f"<w:styles {_NAMESPACES}><w:style w:type='character' w:styleId='Secretive'><w:name w:val='S'/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>", "styles"),
    "list label": ("word/numbering.xml", f"<w:numbering {_NAMESPACES}><w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:lvlText w:val='S %1'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num></w:numbering>", "numbering"),
    "font": ("word/fontTable.xml", f"<w:fonts {_NAMESPACES}><w:font w:name='S'/></w:fonts>", "fontTable"),
    "chart": ("word/charts/chart1.xml", "<c:chartSpace xmlns:c='urn:c'><c:v>S</c:v></c:chartSpace>", "chart"),
    "custom data": ("customXml/item1.xml", "<case><child>S</child></case>", "customXml"),
    "orphan": ("word/forgotten.xml", "<odd>S</odd>", ""),
}  # fmt: skip
_PACKAGE_PARTS = {
    "core property": ("docProps/core.xml", "<p:coreProperties xmlns:p='urn:p' xmlns:d='urn:d'><d:creator>S</d:creator></p:coreProperties>"),
    "extended property": ("docProps/app.xml", "<Properties xmlns='urn:e'><Manager>S</Manager></Properties>"),
    "custom property": ("docProps/custom.xml", "<Properties xmlns='urn:f'><property name='n'><v>S</v></property></Properties>"),
}  # fmt: skip
CHANNELS = [*_INLINE, *_BLOCKS, *_PARTS, *_PACKAGE_PARTS]


def _secret(channel: str) -> str:
    """A different word for each channel, so that none is seen by mistake in another's place."""
    if channel == "symbols":
        return "Zebediahsy"
    number = CHANNELS.index(channel)
    return SECRET + "bcdfghjklmnp"[number // 12] + "bcdfghjklmnp"[number % 12]


def _filled(channel: str, xml: str) -> str:
    secret = _secret(channel)
    filled = re.sub(r"\bS1(?![\w'])|S1", secret[:4], xml)
    filled = filled.replace("S2", secret[4:])
    return re.sub(r"(?<![\w<:])S(?![\w])", secret, filled)


def _channels_file() -> bytes:
    """One Word document with a secret in every channel."""
    body = "".join(f"<w:p>{_filled(channel, xml)}</w:p>" for channel, xml in _INLINE.items())
    body += "".join(_filled(channel, xml) for channel, xml in _BLOCKS.items())
    body += (
        "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:footnoteReference w:id='2'/>"
        "<w:endnoteReference w:id='2'/><w:commentReference w:id='2'/><w:t>Nothing to hide here.</w:t></w:r></w:p>"
        "<w:sectPr><w:headerReference w:type='default' r:id='rIdheader'/>"
        "<w:footerReference w:type='default' r:id='rIdfooter'/></w:sectPr>"
    )
    arrows = f"<Relationship Id='rIdLink' Type='{_OFFICE}/relationships/hyperlink' TargetMode='External' "
    arrows += f"Target='mailto:{_secret('hyperlink target')}@example.org'/>"
    parts, types = {}, ""
    for channel, (name, xml, kind) in _PARTS.items():
        parts[name] = _filled(channel, xml)
        ending = "document.glossary" if kind == "glossaryDocument" else kind
        types += (
            f"<Override PartName='/{name}' "
            f"ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.{ending}+xml'/>"
        )
        if kind:
            arrows += f"<Relationship Id='rId{kind}' Type='{_OFFICE}/relationships/{kind}' Target='/{name}'/>"
    for channel, (name, xml) in _PACKAGE_PARTS.items():
        parts[name] = _filled(channel, xml)
    parts["word/document.xml"] = f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    parts["word/_rels/document.xml.rels"] = _relationships(arrows)
    return _package(parts, types)


def _relationships(arrows: str) -> str:
    return (
        f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{arrows}</Relationships>"
    )


def _package(parts: dict[str, str], types: str = "") -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    everything = {
        "[Content_Types].xml": (
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Default Extension='xml' ContentType='application/xml'/>"
            "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            f"<Override PartName='/word/document.xml' ContentType='{main}'/>{types}</Types>"
        ),
        "_rels/.rels": _relationships(
            f"<Relationship Id='rId1' Type='{_OFFICE}/relationships/officeDocument' Target='word/document.xml'/>"
        ),
        **parts,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in everything.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _read(content: bytes) -> tuple[Upload, Document]:
    upload = Upload(Kind.DOCX, digest_of(content), content)
    return upload, inside.reader(upload)


@pytest.fixture(scope="module")
def channels() -> tuple[Upload, Document]:
    return _read(_channels_file())


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_is_read(channel: str, channels: tuple[Upload, Document]) -> None:
    assert _secret(channel) in channels[1].text


@pytest.mark.parametrize(
    ("channel", "role"),
    [
        ("plain", Role.BODY),
        ("inserted", Role.INSERTED),
        ("deleted", Role.DELETED),
        ("vanish", Role.HIDDEN),
        ("vanish by style", Role.HIDDEN),
        ("white", Role.HIDDEN),
        ("tiny", Role.HIDDEN),
        ("hyperlink target", Role.LINK),
        ("field instruction", Role.FIELD),
        ("table", Role.TABLE_CELL),
        ("text box, choice", Role.TEXT_BOX),
        ("alt text", Role.ALT_TEXT),
        ("header", Role.HEADER),
        ("footer", Role.FOOTER),
        ("footnote", Role.FOOTNOTE),
        ("endnote", Role.ENDNOTE),
        ("comment", Role.COMMENT),
        ("core property", Role.METADATA),
    ],
)
def test_each_channel_says_what_it_is(channel: str, role: Role, channels: tuple[Upload, Document]) -> None:
    document = channels[1]
    start = document.text.index(_secret(channel))
    assert next(piece.role for piece in document.pieces if piece.span.start <= start < piece.span.end) is role


def test_no_channel_is_released(channels: tuple[Upload, Document]) -> None:
    upload, document = channels
    secrets = {_secret(channel) for channel in CHANNELS}
    redacted = docx.apply(upload, document, plan_for(document, spans_of(document.text, {SECRET}))).content
    assert left_over(upload.content, {_secret("plain")}), "the look for leftovers must be able to see"
    assert left_over(redacted, secrets | {SECRET}) == []
    with zipfile.ZipFile(io.BytesIO(redacted)) as archive:
        raw = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in raw
    assert b"Nothing to hide here." in raw


def test_what_never_shows_is_gone_without_a_decision(channels: tuple[Upload, Document]) -> None:
    upload, document = channels
    redacted = docx.apply(upload, document, plan_for(document, [])).content
    shown = {Role.BODY, Role.INSERTED, Role.TABLE_CELL, Role.TEXT_BOX, Role.HEADER, Role.FOOTER, Role.FOOTNOTE,
             Role.ENDNOTE, Role.LIST_ITEM, Role.HEADING, Role.ALT_TEXT}  # fmt: skip
    unseen = {
        _secret(channel)
        for channel in CHANNELS
        for start in [document.text.index(_secret(channel))]
        if next(piece.role for piece in document.pieces if piece.span.start <= start < piece.span.end) not in shown
    }
    assert len(unseen) > 25
    assert left_over(redacted, unseen) == []


def _runs(text: str, cuts: list[int]) -> str:
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    pairs = itertools.pairwise(edges)
    return "".join(f"<w:r><w:t xml:space='preserve'>{text[a:b]}</w:t></w:r>" for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("abcde fgé", min_size=1, max_size=20), min_size=1, max_size=4),
    st.lists(st.integers(0, 40), max_size=6),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 12)), max_size=4),
)
def test_the_released_text_is_the_text_with_the_plan_applied(
    paragraphs: list[str], cuts: list[int], wanted: list[tuple[int, int]]
) -> None:
    body = "".join(f"<w:p>{_runs(text, cuts)}</w:p>" for text in paragraphs)
    upload, document = _read(
        _package({"word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"})
    )
    assert document.text == "".join(text + "\n" for text in paragraphs)
    spans: list[Span] = []
    for start, length in sorted(wanted):
        if start >= (spans[-1].end if spans else 0) and start + length <= len(document.text):
            spans.append(Span(start, start + length))
    redacted = docx.apply(upload, document, plan_for(document, spans, token="#"))
    again = _read(redacted.content)[1].text
    expected = document.text
    for span in reversed(spans):
        taken = expected[span.start : span.end]
        marker = "" if taken.startswith("\n") else "#"  # a separator holds no text that could give way to the token
        expected = expected[: span.start] + marker + "\n" * taken.count("\n") + expected[span.end :]
    assert again == expected


def test_the_package_is_the_same_each_time(channels: tuple[Upload, Document]) -> None:
    upload, document = channels
    plan = plan_for(document, spans_of(document.text, {SECRET}))
    assert docx.apply(upload, document, plan).content == docx.apply(upload, document, plan).content
    assert all(decision.action is Action.MASK for decision in plan.decisions)


def _with_picture() -> bytes:
    """A document whose only name stands in a picture."""
    picture = Image.new("RGB", (700, 120), "white")
    font = ImageFont.load_default(48)
    ImageDraw.Draw(picture).text((20, 30), "Contact Zebediah today", fill="black", font=font)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    drawing = (
        "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData>"
        "<p:pic xmlns:p='http://schemas.openxmlformats.org/drawingml/2006/picture'><p:blipFill><a:blip r:embed='rId1'/>"
        "</p:blipFill></p:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    arrow = f"<Relationship Id='rId1' Type='{_OFFICE}/relationships/image' Target='media/a.png'/>"
    content = _package(
        {
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{drawing}</w:body></w:document>",
            "word/_rels/document.xml.rels": _relationships(arrow),
        }
    )
    with zipfile.ZipFile(grown := io.BytesIO(content), "a") as archive:
        archive.writestr("word/media/a.png", stream.getvalue())
    return grown.getvalue()


@pytest.mark.skipif(not Bubblewrap().works() or not shutil.which("tesseract"), reason="OCR needs the sandbox")
@pytest.mark.parametrize("hidden", [True, False])
def test_a_picture_that_holds_a_removed_word_is_removed(hidden: bool) -> None:
    upload = ingest.admit(_with_picture(), "a.docx")
    document = ingest.read(upload)
    spans = spans_of(document.text, {SECRET})
    assert len(spans) == 1
    assert document.pieces[-1].role is Role.OCR
    redacted = redact.apply(upload, document, plan_for(document, spans if hidden else [])).content
    with zipfile.ZipFile(io.BytesIO(redacted)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert (b"[picture removed]" in archive.read("word/document.xml")) is hidden
    assert len(pictures) == (0 if hidden else 1)


def test_a_removed_section_gives_way_to_its_placeholder_and_keeps_the_page_set_up() -> None:
    body = (
        "<w:p><w:r><w:t>Before</w:t></w:r></w:p><w:p><w:r><w:t>Closed one</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Closed two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:pPr><w:sectPr><w:pgSz w:w='16838' w:h='11906'/></w:sectPr></w:pPr><w:r><w:t>Closed three</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>After</w:t></w:r></w:p>"
    )
    xml = f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    upload, document = _read(_package({"word/document.xml": xml}))
    span = Span(document.text.index("Closed one"), document.text.index("After"))
    section = SectionDecision(span, Action.REMOVE, ReasonCode("test"), "test", placeholder="[section removed]")
    redacted = docx.apply(upload, document, replace(plan_for(document, []), sections=(section,))).content
    assert _read(redacted)[1].text == "Before\n[section removed]\n\nAfter\n"
    with zipfile.ZipFile(io.BytesIO(redacted)) as archive:
        assert b'w:w="16838"' in archive.read("word/document.xml")
    assert left_over(redacted, {"Closed"}) == []
