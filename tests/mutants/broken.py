"""Redactions broken on purpose, each in one way that a real redactor has been seen to break."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader

from redactor.model import Burnt, Label, Role
from redactor.verify import fonts
from tests.unit.verify import copies

SECRET = copies.REMOVED
FIRST, LAST = SECRET.split()
BASE = copies.made()
Edit = Callable[[pikepdf.Pdf], None]
Draw = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """A finished copy that must not pass: the document it is of, its bytes, and what else it promises."""

    made: copies.Made
    pdf: bytes
    promises: dict[str, Any] = field(default_factory=dict)


def edited(edit: Edit, pdf: bytes | None = None) -> Broken:
    """Change the objects of the sound copy."""
    opened = pikepdf.open(io.BytesIO(pdf or copies.copy_of(BASE).pdf))
    edit(opened)
    out = io.BytesIO()
    opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return Broken(BASE, out.getvalue())


def drawn(draw: Draw, more: str = SECRET, **promises: Any) -> Broken:
    """Draw something more on the sound copy."""
    return Broken(BASE, copies.cleaned(copies.lay_out(BASE.shown, draw=draw, more=more)), promises)


def written(text: str, *, size: float = 11, x: float = 60, y: float = 300, mode: int = 0, grey: float = 0) -> Broken:
    """Write something more on the sound copy."""

    def draw(canvas: Any) -> None:
        line = canvas.beginText(x, y)
        line.setFont(canvas._fontname, size)
        line.setTextRenderMode(mode)
        line.setFillGray(grey)
        line.textOut(text)
        canvas.drawText(line)

    return drawn(draw, text)


def _picture(text: str = SECRET) -> Image.Image:
    image = Image.new("L", (900, 120), 255)
    face = ImageFont.truetype(copies.FONT_FILE, 60)
    ImageDraw.Draw(image).text((20, 20), text, font=face, fill=0)
    return image


# Text left where a reader or a program finds it


def boxes_only() -> Broken:
    def cover(canvas: Any) -> None:
        canvas.rect(58, 728 - 20, 110, 16, stroke=0, fill=1)

    lines = list(BASE.shown)
    lines[2] = copies.LINES[2]
    pdf = copies.cleaned(copies.lay_out(lines, draw=cover))
    return Broken(BASE, pdf, {"boxes": (Burnt(0, (58, 708, 168, 724)),)})


def glyphs_in_a_declared_box() -> Broken:
    return Broken(BASE, copies.copy_of(BASE).pdf, {"boxes": (Burnt(0, (55, 756, 200, 772)),)})


def a_declared_box_that_shows_something() -> Broken:
    def scrawl(canvas: Any) -> None:
        canvas.setLineWidth(2)
        canvas.line(100, 200, 180, 212)

    return drawn(scrawl, "", boxes=(Burnt(0, (95, 195, 190, 215)),))


def one_of_two_occurrences_left() -> Broken:
    lines = list(BASE.shown)
    lines[4] = lines[4].replace(copies.TOKEN, SECRET)
    return Broken(BASE, copies.cleaned(copies.lay_out(lines)))


def only_the_surname_left() -> Broken:
    return written(f"seen with {LAST}")


def header_forgotten() -> Broken:
    lines = (f"Conference on {SECRET}", *copies.LINES)
    made = copies.made(lines, roles={0: Role.HEADER})
    return Broken(made, copies.cleaned(copies.lay_out([lines[0], *made.shown[1:]])))


def comment_left() -> Broken:
    lines = (*copies.LINES, "Is the neighbour willing to be named in this record at all?")
    made = copies.made(lines, roles={6: Role.COMMENT})
    return Broken(made, copies.cleaned(copies.lay_out([*made.shown, lines[6]])))


def tracked_deletion_left() -> Broken:
    lines = (*copies.LINES, "Wording struck out by the minute taker before circulation.")
    made = copies.made(lines, roles={6: Role.DELETED})
    return Broken(made, copies.cleaned(copies.lay_out([*made.shown, lines[6]])))


def dropped_section_left_in_part() -> Broken:
    lines = (*copies.LINES, "Police explained that an informant had described the planned journey to Dunmere.")
    made = copies.made(lines, dropped=[6])
    return Broken(made, copies.cleaned(copies.lay_out([*made.shown, "described the planned journey to Dunmere"])))


def white_text() -> Broken:
    return written(SECRET, grey=1)


def invisible_text() -> Broken:
    return written(SECRET, mode=3)


def tiny_text() -> Broken:
    return written(SECRET, size=0.4)


def off_page_text() -> Broken:
    return written(SECRET, y=-400)


def clipped_text() -> Broken:
    def draw(canvas: Any) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(10, 10, 1, 1)
        canvas.clipPath(path, stroke=0)
        canvas.drawString(60, 300, SECRET)
        canvas.restoreState()

    return drawn(draw)


def rotated_text() -> Broken:
    def draw(canvas: Any) -> None:
        canvas.saveState()
        canvas.translate(300, 200)
        canvas.rotate(67)
        canvas.drawString(0, 0, SECRET)
        canvas.restoreState()

    return drawn(draw)


def letter_by_letter() -> Broken:
    def draw(canvas: Any) -> None:
        for number, letter in enumerate(SECRET):
            canvas.drawString(60 + 7 * number, 300, letter)

    return drawn(draw)


def spelt_out() -> Broken:
    return written(" ".join(FIRST))


def soft_hyphens() -> Broken:
    return written("Zebe\u00addiah Quill\u00adfeather")


def broken_at_a_line_end() -> Broken:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 300, "a visit by Zebediah Quill-")
        canvas.drawString(60, 284, "feather was planned")

    return drawn(draw, "a visit by Zebediah Quill-feather was planned")


def upper_case() -> Broken:
    return written(SECRET.upper())


def look_alike_letters() -> Broken:
    return written("Z\u0435b\u0435di\u0430h Quillf\u0435\u0430th\u0435r")


def reversed_letters() -> Broken:
    return written(SECRET[::-1])


def accents_added() -> Broken:
    return written("Zébediàh Quillféather")


def ligatures() -> Broken:
    lines = ("Mrs Fiona Finfield spoke first.", "All others agreed with her.")
    made = copies.made(lines, {"Finfield": ("[neighbour]", Label.PERSON)})
    return Broken(made, copies.cleaned(copies.lay_out([*made.shown, "Finﬁeld"])))


def type3_letters() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        letters = sorted(set(FIRST))
        procedures = Dictionary()
        for number, letter in enumerate(letters):
            procedures[f"/g{number}"] = pdf.make_stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f " + letter.encode()[:0])
        differences = Array([1, *[Name(f"/g{n}") for n in range(len(letters))]])
        meanings = {bytes([1 + n]): letter for n, letter in enumerate(letters)}
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 600, 700]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=procedures,
            Encoding=Dictionary(Type=Name.Encoding, Differences=differences), FirstChar=1, LastChar=len(letters),
            Widths=Array([600] * len(letters)), ToUnicode=pdf.make_stream(copies.unicode_map(meanings)),
            Resources=Dictionary(),
        )  # fmt: skip
        shown = "".join(f"{1 + letters.index(letter):02x}" for letter in FIRST)
        _add_content(pdf, f"BT /T3 10 Tf 60 300 Td <{shown}> Tj ET")
        pdf.pages[0].obj.Resources.Font["/T3"] = pdf.make_indirect(font)

    return edited(edit)


def drawn_as_outlines() -> Broken:
    font = TTFont(copies.FONT_FILE)
    glyphs, table = font.getGlyphSet(), font.getBestCmap()

    def draw(canvas: Any) -> None:
        x, scale = 60.0, 18 / font["head"].unitsPerEm
        for letter in SECRET:
            pen = DecomposingRecordingPen(glyphs)
            glyphs[table[ord(letter)]].draw(pen)
            path = canvas.beginPath()
            for verb, points in pen.value:
                flat = [(x + px * scale, 300 + py * scale) for px, py in points]
                if verb == "moveTo":
                    path.moveTo(*flat[0])
                elif verb in ("lineTo", "qCurveTo"):
                    for point in flat:
                        path.lineTo(*point)
                else:
                    path.close()
            canvas.drawPath(path, stroke=0, fill=1)
            x += font["hmtx"][table[ord(letter)]][0] * scale

    return drawn(draw, "")


# Text left in objects


def _add_content(pdf: pikepdf.Pdf, more: str) -> None:
    page = pdf.pages[0]
    page.contents_add(pdf.make_stream(more.encode("latin-1")))


def _form(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Object:
    form = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 800]))
    form.Resources = Dictionary(
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    return form


def old_form_still_listed() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        form = _form(pdf, f"BT /F 11 Tf 60 300 Td [({FIRST[:3]}) -20 ({FIRST[3:]} {LAST})] TJ ET".encode())
        pdf.pages[0].obj.Resources.XObject = Dictionary(Old=form)

    return edited(edit)


def text_in_a_nested_form() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        inner = _form(pdf, f"BT /F 11 Tf 60 300 Td ({SECRET}) Tj ET".encode())
        outer = _form(pdf, b"/In Do")
        outer.Resources.XObject = Dictionary(In=inner)
        pdf.pages[0].obj.Resources.XObject = Dictionary(Out=outer)
        _add_content(pdf, "/Out Do")

    return edited(edit)


def text_in_an_unused_pattern() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        pattern = pdf.make_stream(
            f"BT /F 11 Tf ({SECRET}) Tj ET".encode(), Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
            BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9, Resources=Dictionary(),
        )  # fmt: skip
        pdf.pages[0].obj.Resources.Pattern = Dictionary(P=pattern)

    return edited(edit)


def actual_text_in_content() -> Broken:
    return edited(lambda pdf: _add_content(pdf, f"/Span <</ActualText ({SECRET})>> BDC EMC"))


def _tagged(pdf: pikepdf.Pdf, **entries: Any) -> None:
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pdf.Root.StructTreeRoot = root
    root.K = Array([pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=root, **entries))])


def alternative_text_in_tags() -> Broken:
    return edited(lambda pdf: _tagged(pdf, Alt=String(f"Photograph of {SECRET}")))


def actual_text_in_tags_double_byte() -> Broken:
    return edited(lambda pdf: _tagged(pdf, ActualText=String(b"\xfe\xff" + LAST.encode("utf-16-be"))))


def title() -> Broken:
    return edited(lambda pdf: pdf.trailer.__setitem__("/Info", Dictionary(Title=String(f"Report on {SECRET}"))))


def _metadata(title_text: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        xml = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>'
            f'<rdf:li xml:lang="x-default">{title_text}</rdf:li></rdf:Alt></dc:title></rdf:Description>'
            "</rdf:RDF></x:xmpmeta>"
        )
        pdf.Root.Metadata = pdf.make_stream(xml.encode(), Type=Name.Metadata, Subtype=Name.XML)

    return edit


def metadata_stream() -> Broken:
    return edited(_metadata(SECRET))


def author_in_metadata() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = ["Somebody"]

    return edited(edit)


def outline() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as tree:
            tree.root.append(pikepdf.OutlineItem("Heading", 0))

    return edited(edit)


def attachment() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["source.txt"] = pikepdf.AttachedFileSpec(pdf, b"the original minutes")

    return edited(edit)


def hidden_layer() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Notes")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        pdf.pages[0].obj.Resources.Properties = Dictionary(L=layer)
        pdf.pages[0].obj.Resources.Font["/H"] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        _add_content(pdf, f"/OC /L BDC BT /H 11 Tf 60 300 Td ({SECRET}) Tj ET EMC")

    return edited(edit)


def layer_name() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"Layer {FIRST}")))
        pdf.pages[0].obj.Resources.Properties = Dictionary(L=layer)

    return edited(edit)


def note() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        mark = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([9, 9, 29, 29]), Contents=String(SECRET))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])

    return edited(edit)


def mail_link() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.URI, URI=String(f"mailto:{FIRST}@example.org"))
        mark = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 29, 29]), A=action)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])

    return edited(edit)


def form_value() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        entry = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("name"), V=String(SECRET)))
        pdf.Root.AcroForm = Dictionary(Fields=Array([entry]))

    return edited(edit)


def script() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')"))

    return edited(edit)


def named_destination() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        where = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(FIRST), where])))

    return edited(edit)


def page_label() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(f"{FIRST}-"))]))

    return edited(edit)


def private_data() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.PieceInfo = Dictionary(Editor=Dictionary(Private=String("old text")))

    return edited(edit)


def thumbnail() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        image = _picture().resize((90, 12))
        pdf.pages[0].obj.Thumb = pdf.make_stream(
            image.tobytes(), Width=90, Height=12, ColorSpace=Name.DeviceGray, BitsPerComponent=8
        )

    return edited(edit)


def base64_in_a_remark() -> Broken:
    coded = base64.b64encode(f"note: {SECRET}".encode()).decode()
    return edited(lambda pdf: _add_content(pdf, f"% {coded}\nq Q"))


def hexadecimal_in_a_remark() -> Broken:
    return edited(lambda pdf: _add_content(pdf, f"% {SECRET.encode().hex()}\nq Q"))


def _telephone() -> copies.Made:
    return copies.made((*copies.LINES, "Ring 07700 900318 first."), {"07700 900318": ("[phone]", Label.PHONE)})


def number_in_metadata() -> Broken:
    made = _telephone()
    return Broken(made, edited(_metadata("07700 900318"), copies.copy_of(made).pdf).pdf)


def number_in_a_remark() -> Broken:
    made = _telephone()
    changed = edited(lambda pdf: _add_content(pdf, "% 07700900318\nq Q"), copies.copy_of(made).pdf)
    return Broken(made, changed.pdf)


def name_of_a_resource() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        font = pdf.pages[0].obj.Resources.Font
        font[f"/{FIRST}"] = font[next(iter(font.keys()))]

    return edited(edit)


def undecodable_stream() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(b"not deflated at all", filter=Name.FlateDecode)
        pdf.pages[0].obj.Resources.XObject = Dictionary(X=stream)

    return edited(edit)


# History


def saved_over_the_original() -> Broken:
    from pyhanko.pdf_utils.generic import StreamObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(copies.cleaned(copies.lay_out(copies.LINES))))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"q Q"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return Broken(BASE, out.getvalue())


def bytes_after_the_end() -> Broken:
    return Broken(BASE, copies.copy_of(BASE).pdf + b"\n% leftover\n")


def bytes_before_the_start() -> Broken:
    return Broken(BASE, b"leftover\n" + copies.copy_of(BASE).pdf)


def a_page_too_few() -> Broken:
    return Broken(BASE, copies.copy_of(BASE).pdf, {"body_pages": (0, 2)})


# Fonts


def _font_edit(change: Callable[[pikepdf.Pdf, fonts.Use], None]) -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        for use in fonts.used(pdf).values():
            change(pdf, use)

    return edited(edit)


def unicode_map_not_pruned() -> Broken:
    def change(pdf: pikepdf.Pdf, use: fonts.Use) -> None:
        spare = sorted({bytes([n]) for n in range(200, 220)} - use.codes)
        extra = dict(zip(spare, sorted(set(FIRST)), strict=False))
        use.font.ToUnicode = pdf.make_stream(copies.unicode_map({**fonts.meanings(use.font), **extra}))

    return _font_edit(change)


def widths_not_pruned() -> Broken:
    def change(pdf: pikepdf.Pdf, use: fonts.Use) -> None:
        first = int(use.font.FirstChar)
        spare = next(n for n in range(40, 128) if bytes([first + n]) not in use.codes and n < len(use.font.Widths))
        use.font.Widths[spare] = 611

    return _font_edit(change)


def outlines_not_pruned() -> Broken:
    return Broken(BASE, copies.cleaned(copies.lay_out(BASE.shown, more="ZQXJ")))


# Pictures


def _with_picture(draw: Draw) -> Broken:
    return drawn(draw, "")


def name_in_a_picture() -> Broken:
    return _with_picture(lambda canvas: canvas.drawImage(ImageReader(_picture()), 60, 200, 300, 40))


def name_in_a_picture_under_a_box() -> Broken:
    def draw(canvas: Any) -> None:
        canvas.drawImage(ImageReader(_picture()), 60, 200, 300, 40)
        canvas.rect(60, 200, 300, 40, stroke=0, fill=1)

    return _with_picture(draw)


def name_in_a_picture_nobody_draws() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(
            _picture().tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=900, Height=120,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)

    return edited(edit)


def name_in_the_notes_of_a_photograph() -> Broken:
    def edit(pdf: pikepdf.Pdf) -> None:
        packed = io.BytesIO()
        notes = Image.Exif()
        notes[0x010E] = f"Photo of {SECRET}"
        Image.new("RGB", (64, 64), "grey").save(packed, "JPEG", exif=notes)
        image = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=8)
        image.ColorSpace = Name.DeviceRGB
        image.write(packed.getvalue(), filter=Name.DCTDecode)
        pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
        _add_content(pdf, "q 40 0 0 40 60 200 cm /I Do Q")

    return edited(edit)


# The service's own pages


def schedule_that_tells() -> Broken:
    pdf = copies.cleaned(copies.lay_out([*BASE.shown, *[""] * 40, f"Removed: {SECRET}"]))
    return Broken(BASE, pdf, {"body_pages": (0, 1), "furniture": (f"Removed: {SECRET}",)})


NOT_MUTANTS = {"edited", "drawn", "written"}
MUTANTS: dict[str, Callable[[], Broken]] = {
    name: maker
    for name, maker in list(globals().items())
    if callable(maker)
    and getattr(maker, "__module__", "") == __name__
    and not name.startswith("_")
    and name not in NOT_MUTANTS
    and not isinstance(maker, type)
}
