"""Applies a plan to a PDF, page by page: by surgery where a page is fully understood, as a picture otherwise."""

from __future__ import annotations

import io
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import partial

import pikepdf
import pypdfium2 as pdfium

from redactor.errors import BadArguments, Damaged
from redactor.formats import pages
from redactor.formats import pdf as opening
from redactor.formats.pages import Picture
from redactor.model import Box, Burnt, Document, Kind, OnPage, Plan, Redacted, Role, Upload
from redactor.redact import fonts, raster, residue
from redactor.redact.places import Change, changes, kept_parts
from redactor.redact.sheets import Sheets
from redactor.redact.surgery.pages import Operated, Surgeon, visible_box
from redactor.redact.surgery.unsupported import Unsupported
from redactor.redact.usage import Codes, Key, Usage

WIDTH_MODES = ("standard", "layout")
LAYOUT_WARNING = "Positions were kept: the width of a gap can tell which name stood there."
SURGERY, RASTER = "surgery", "raster"
_SCANNED = "scan"
_HIDDEN_FROM = 10**9  # numbers beyond those of any plan's decisions
_ASKED = "not proven by surgery"
_CONTRADICTS = "page that contradicts itself"
_RESIDUE = "text left or lost"
_BROKEN = (pikepdf.PdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError, struct.error)


def apply(
    upload: Upload, document: Document, plan: Plan, widths: str = "standard", pictures: Collection[int] = ()
) -> Redacted:
    """Apply a plan to a PDF. Must run inside the sandbox.

    Args:
        upload: the file that the document was read from.
        document: what was read.
        plan: what to remove.
        widths: "standard" lets the width of a gap tell nothing; "layout" keeps positions and warns.
        pictures: pages, numbered from 0, that are to be made as pictures.

    Raises:
        BadArguments: if the width mode is unknown or the plan belongs to another document.
        Encrypted, Damaged, TooLarge, UnsupportedType: if the file cannot be read.
        ConverterFailed, MissingDependency: if OCR fails.
    """
    check_request(upload, document, plan, widths)
    source = opening.open_untrusted(upload.content, upload.password)
    prepared = opening.prepare(source)
    source.close()
    return _Job(prepared.content, document, plan, widths, pictures).run()


def check_request(upload: Upload, document: Document, plan: Plan, widths: str) -> None:
    """Refuse what does not belong together.

    Raises:
        BadArguments: if the width mode is unknown or upload, document and plan are not of one file.
    """
    if widths not in WIDTH_MODES:
        raise BadArguments("The width mode is unknown.", next_step="Use standard or layout.")
    if not upload.digest == document.digest == plan.document:
        raise BadArguments("The plan belongs to another document.", next_step="Make a plan for this file.")


class _Job:
    """One PDF being redacted. ``reasons`` says of each page why it cannot be operated on."""

    def __init__(
        self, content: bytes, document: Document, plan: Plan, widths: str, pictures: Collection[int] = ()
    ) -> None:
        self.content, self.document, self.plan, self.widths = content, document, plan, widths
        self.wanted = changes(document, plan)
        self.kept = kept_parts(document, plan, self.wanted)
        self.scanned = scanned_pages(document)
        self.hidden = _hidden(document)
        self.telling = False
        self.asked = frozenset(pictures)
        self.unwanted = residue.unwanted(document, plan) if pictures else frozenset[residue.Phrase]()
        self.reasons: dict[int, str] = {**dict.fromkeys(pictures, _ASKED), **dict.fromkeys(self.scanned, _SCANNED)}

    def run(self) -> Redacted:
        """Operate, look at the result, and make pictures of the pages that are not sound."""
        made, operated = self._assembled(self._operate())
        unsound = self._unsound(made.content, operated)
        if unsound:
            self.reasons.update(dict.fromkeys(unsound, _RESIDUE))
            made, _ = self._assembled(self._operate())
        return made

    def _operate(self) -> dict[int, Operated]:
        """Operate on every page without a reason against it; fonts that cannot be pruned are a reason."""
        while True:
            pdf = pikepdf.open(io.BytesIO(self.content))
            surgeon = Surgeon(pdf)
            operated: dict[int, Operated] = {}
            for number, page in enumerate(pdf.pages):
                if number in self.reasons:
                    continue
                try:
                    operated[number] = self._operate_page(surgeon, page, number)
                except Unsupported as problem:
                    self.reasons[number] = problem.reason
            refused = _prune(pdf, operated)
            if not refused:
                self._pdf = pdf  # keeps the pages' objects alive
                return operated
            self.reasons.update(refused)

    def _operate_page(self, surgeon: Surgeon, page: pikepdf.Page, number: int) -> Operated:
        here = [*self.wanted.get(number, []), *self.hidden.get(number, [])]
        emptied = _emptied(here, self.kept.get(number, []), page)
        return surgeon.operate(page, here, emptied, keep_layout=self.widths == "layout")

    def _assemble(self, operated: dict[int, Operated]) -> Redacted:
        """Put operated pages and pictures of the others into a new file."""
        out = pikepdf.new()
        sheets = Sheets(out)
        boxes: list[Burnt] = []
        routes: list[str] = []
        with pages.opened(self.content) as file:
            for number in range(len(file)):
                if number in operated:
                    made = operated[number]
                    out.pages.append(pikepdf.Page(self._pdf.make_indirect(made.page)))
                    boxes += [Burnt(number, box) for box in made.boxes]
                    routes.append(SURGERY)
                    continue
                burnt = self._burnt(file, number)
                self.telling |= burnt.telling
                out.pages.append(pikepdf.Page(out.make_indirect(sheets.page(burnt))))
                boxes += [Burnt(number, box) for box in burnt.boxes]
                routes.append(RASTER)
        sheets.finish()
        out.remove_unreferenced_resources()
        return Redacted(
            Kind.PDF, _saved(out), self.plan, tuple(routes), tuple(boxes), (*self._warnings(), *self._routes())
        )

    def _assembled(self, operated: dict[int, Operated]) -> tuple[Redacted, dict[int, Operated]]:
        """Assemble; pages whose objects cannot be taken over into a new file go as pictures."""
        try:
            return self._assemble(operated), operated
        except _BROKEN:
            if not operated:
                raise Damaged("The PDF contradicts itself.") from None
            broken = [number for number, made in operated.items() if not self._can_move(made)]
        self.reasons.update(dict.fromkeys(broken or operated, _CONTRADICTS))
        return self._assembled(self._operate())

    def _can_move(self, made: Operated) -> bool:
        try:
            scratch = pikepdf.new()
            scratch.pages.append(pikepdf.Page(self._pdf.make_indirect(made.page)))
            scratch.remove_unreferenced_resources()
            _saved(scratch)
        except _BROKEN:
            return False
        return True

    def _burnt(self, file: pdfium.PdfDocument, number: int) -> raster.BurntPage:
        """Make a page as a picture; of a scan the pixels are cut, any other is drawn anew word by word."""
        here, stays = self.wanted.get(number, []), self.kept.get(number, [])
        scanned, keep_layout = number in self.scanned, self.widths == "layout"
        unwanted = self.unwanted if number in self.asked else frozenset[residue.Phrase]()
        page = pages.load_page(file, number)
        try:
            picture = pages.render(page, raster.RASTER_DPI)
            if scanned:
                return _burn(picture, here, stays, keep_layout=keep_layout, unwanted=unwanted)
            cut = partial(pages.render_part, page, picture.dpi)
            return raster.burn(picture, here, stays, scanned=False, keep_layout=keep_layout, cut=cut, unwanted=unwanted)
        finally:
            page.close()

    def _warnings(self) -> tuple[str, ...]:
        return (LAYOUT_WARNING,) if self.telling or (self.wanted and self.widths == "layout") else ()

    def _routes(self) -> list[str]:
        counts = Counter(reason for reason in self.reasons.values() if reason != _SCANNED)
        return [f"Pages made as pictures ({reason}): {count}." for reason, count in sorted(counts.items())]

    def _unsound(self, content: bytes, operated: dict[int, Operated]) -> list[int]:
        """Return the operated pages on which something is left or too much is lost."""
        expected = residue.expectations(self.document, self.plan)
        with pages.opened(content) as file:
            found = []
            for number in sorted(set(operated) & set(self.wanted)):
                page = pages.load_page(file, number)
                if not residue.is_sound(page, expected.get(number, residue.Expected())):
                    found.append(number)
                page.close()
        return found


def rebuild(
    scans: Iterable[Picture], document: Document, plan: Plan, widths: str, pictures: Collection[int] = ()
) -> Redacted:
    """Build the redacted PDF from scanned pages alone; ``pictures`` are those that a proof found fault with."""
    unwanted = residue.unwanted(document, plan) if pictures else frozenset[residue.Phrase]()
    wanted = changes(document, plan)
    kept = kept_parts(document, plan, wanted)
    out = pikepdf.new()
    sheets = Sheets(out)
    boxes: list[Burnt] = []
    routes: list[str] = []
    telling = False
    for number, picture in enumerate(scans):
        here, stays = wanted.get(number, []), kept.get(number, [])
        seek = unwanted if number in pictures else frozenset[residue.Phrase]()
        burnt = _burn(picture, here, stays, keep_layout=widths == "layout", unwanted=seek)
        out.pages.append(pikepdf.Page(out.make_indirect(sheets.page(burnt))))
        boxes += [Burnt(number, box) for box in burnt.boxes]
        routes.append(RASTER)
        telling |= burnt.telling
    sheets.finish()
    return Redacted(Kind.PDF, _saved(out), plan, tuple(routes), tuple(boxes), (LAYOUT_WARNING,) if telling else ())


def _burn(
    picture: Picture,
    here: Sequence[Change],
    stays: Sequence[Box],
    *,
    keep_layout: bool,
    unwanted: frozenset[residue.Phrase],
) -> raster.BurntPage:
    """Burn a scanned page, straightened first where its lines are to be set anew."""
    if here and not keep_layout:
        straight = raster.straightened(picture, here, stays)
        picture, here, stays = straight.picture, straight.changes, straight.kept
    return raster.burn(picture, here, stays, scanned=True, keep_layout=keep_layout, unwanted=unwanted)


def scanned_pages(document: Document) -> frozenset[int]:
    """Return the pages on which any word was read by OCR."""
    return frozenset(p.at.page for p in document.pieces if p.role is Role.OCR and isinstance(p.at, OnPage))


def _hidden(document: Document) -> dict[int, list[Change]]:
    """Return the text outside the visible pages: it goes without being replaced."""
    found: dict[int, list[Change]] = {}
    for place, piece in enumerate(document.pieces):
        if piece.role is Role.HIDDEN and isinstance(piece.at, OnPage):
            change = Change(piece.at.page, piece.at.box, "", _HIDDEN_FROM + place, first=False)
            found.setdefault(piece.at.page, []).append(change)
    return found


def _emptied(here: Sequence[Change], kept: Sequence[Box], page: pikepdf.Page) -> list[Box]:
    """Return the stretches of a page that removed sections fill, where nothing that stays lies inside."""
    found: list[Box] = []
    for number in dict.fromkeys(change.decision for change in here if change.whole):
        boxes = [change.box for change in here if change.whole and change.decision == number]
        left, _, right, _ = visible_box(page.obj)
        place = (left, min(box[1] for box in boxes), right, max(box[3] for box in boxes))
        if not any(place[1] <= (box[1] + box[3]) / 2 <= place[3] for box in kept):
            found.append(place)
    return found


def _prune(pdf: pikepdf.Pdf, operated: dict[int, Operated]) -> dict[int, str]:
    """Prune the fonts of the operated pages; return the pages that use a font which cannot be pruned, and why."""
    refused: dict[int, str] = {}
    users: dict[Key, set[int]] = {}
    usage = Usage()
    for number, made in operated.items():
        try:
            for key in usage.add(made.page):
                users.setdefault(key, set()).add(number)
        except Unsupported as problem:
            refused[number] = problem.reason
        except MemoryError:
            raise
        except Exception:  # whatever a broken page or font makes its reader raise: it goes as a picture
            refused[number] = "text that cannot be followed"
    recodings: dict[Key, Codes] = {}
    for key, face in usage.faces.items():
        try:
            recodings[key] = usage.recoding(key)
            fonts.prune(pdf, face, recodings[key])
        except Unsupported as problem:
            refused.update(dict.fromkeys(users.get(key, ()), problem.reason))
        except MemoryError:
            raise
        except Exception:
            refused.update(dict.fromkeys(users.get(key, ()), "broken font"))
    if not refused:
        usage.recode(recodings)
    return refused


def _saved(out: pikepdf.Pdf) -> bytes:
    written = io.BytesIO()
    out.save(
        written,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,  # there is no metadata
    )
    return written.getvalue()
