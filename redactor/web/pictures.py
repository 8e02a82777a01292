"""Pictures drawn by the server as SVG: strips, charts, diagrams and marks on a page. Each has the same in words.

No style attribute is used (the content policy forbids it): looks come from classes and presentation attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from redactor.model import Box, Decision, Document, OnPage, Person, Piece, Relation, Span
from redactor.service.documents import Lie
from redactor.web.findings import PageState

_STEPS = 10  # in which the strip tells how much of a page is hidden
_BAR_HEIGHT, _BAR_GAP, _BAR_LABEL, _BAR_LENGTH = 24, 8, 300, 300
_WIDTH, _ROW, _MARGIN, _NODE_WIDTH, _NODE_HEIGHT, _HUB = 990, 62, 130, 216, 46, 1.7
_LANE, _AXIS, _LANE_LABEL, _EDGE = 44, 26, 150, 16
_LINE = 0.5  # share of a word's height by which two boxes of one line may differ


def _svg(width: float, height: float, body: Iterable[Markup], label: str, css: str) -> Markup:
    return Markup('<svg class="{}" viewBox="0 0 {:g} {:g}" role="img" aria-label="{}">{}</svg>').format(
        css, width, height, label, Markup("").join(body)
    )


def bar(state: PageState) -> Markup:
    """Draw a page of the strip: how much is hidden, and a notch where something waits; the words stand beside it.

    The strip of a long document has hundreds of these: a picture made by the style sheet weighs least.
    """
    filled = round(_STEPS * state.density**0.5)
    waits = " sheet-picture--open" if state.undecided else ""
    return Markup('<span class="sheet-picture sheet-picture--{}{}" aria-hidden="true"></span>').format(filled, waits)


def bars(counts: Sequence[tuple[str, int]], label: str) -> Markup:
    """Draw a bar chart whose bars carry their words and numbers."""
    most = max((number for _, number in counts), default=1)
    body = []
    for place, (name, number) in enumerate(counts):
        top = place * (_BAR_HEIGHT + _BAR_GAP)
        length = max(2, round(_BAR_LENGTH * number / most))
        middle, beyond = top + 17, _BAR_LABEL + length + 8
        row = Markup(
            '<text class="chart__name" x="{}" y="{}" text-anchor="end">{}</text>'
            '<rect class="chart__bar" x="{}" y="{}" width="{}" height="{}"/>'
            '<text class="chart__number" x="{}" y="{}">{}</text>'
        )
        body.append(
            row.format(_BAR_LABEL - 10, middle, name, _BAR_LABEL, top, length, _BAR_HEIGHT, beyond, middle, number)
        )
    spoken = f"{label}: " + ("; ".join(f"{name} {number}" for name, number in counts) or "none")
    height = max(1, len(counts)) * (_BAR_HEIGHT + _BAR_GAP)
    return _svg(_BAR_LABEL + _BAR_LENGTH + 60, height, body, spoken, "chart")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or will: a point on the timeline, in one of its lanes."""

    day: date
    lane: str
    words: str


def timeline(moments: Sequence[Moment], lanes: Sequence[str], today: date) -> Markup:
    """Draw a case along the days: a lane for each sort of thing, a point for each, a line for today."""
    days = [moment.day for moment in moments] + [today]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)
    height = _LANE * len(lanes) + _AXIS

    def across(day: date) -> float:
        return _LANE_LABEL + (_WIDTH - _LANE_LABEL - _EDGE) * (day - first).days / span

    body = []
    for number, lane in enumerate(lanes):
        middle = _LANE * (number + 0.5)
        body.append(
            Markup(
                '<text class="chart__name" x="12" y="{:g}">{}</text>'
                '<line class="tie" x1="{}" y1="{:g}" x2="{}" y2="{:g}"/>'
            ).format(middle + 5, lane, _LANE_LABEL, middle, _WIDTH - _EDGE, middle)
        )
        for moment in moments:
            if moment.lane == lane:
                point = Markup('<circle class="moment{}" cx="{:.1f}" cy="{:g}" r="8"><title>{}</title></circle>')
                later = " moment--later" if moment.day > today else ""
                said = f"{moment.day.isoformat()}: {moment.words}"
                body.append(point.format(later, across(moment.day), middle, said))
    here = across(today)
    body.append(Markup('<line class="today" x1="{0:.1f}" y1="0" x2="{0:.1f}" y2="{1}"/>').format(here, height - _AXIS))
    edges = ((first, "start"), (last, "end")) if first != last else ((first, "start"),)
    for day, anchor in edges:
        text = Markup('<text class="chart__number" x="{:.1f}" y="{}" text-anchor="{}">{}</text>')
        body.append(text.format(across(day), height - 6, anchor, day.isoformat()))
    spoken = f"From {first.isoformat()} to {last.isoformat()}: {len(moments)} things; the list below has them all"
    return _svg(_WIDTH, height, body, spoken, "diagram")


def relations(people: Sequence[Person], words: dict[Relation, str]) -> Markup:
    """Draw who is who: the children in the middle, everybody else on both sides with their relation."""
    middle = [person for person in people if person.relation is Relation.SUBJECT_CHILD]
    around = [person for person in people if person.relation is not Relation.SUBJECT_CHILD]
    rows = max(3, -(-len(around) // 2))
    height = rows * _ROW
    hub = ", ".join(person.name for person in middle) or "The child"
    places = [
        (_MARGIN if number % 2 == 0 else _WIDTH - _MARGIN, _ROW * (number // 2 + 0.5)) for number in range(len(around))
    ]
    body = [
        Markup('<line class="tie" x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"/>').format(
            _WIDTH / 2, height / 2, x + (_NODE_WIDTH / 2 if x < _WIDTH / 2 else -_NODE_WIDTH / 2), y
        )
        for x, y in places
    ]
    body += [
        _node(x, y, person.name, words[person.relation], careful=bool(person.confidential))
        for person, (x, y) in zip(around, places, strict=True)
    ]
    body.append(_node(_WIDTH / 2, height / 2, hub, "The case is about", careful=False, wide=True))
    spoken = "Who is who. " + "; ".join(f"{p.name}: {words[p.relation].lower()}" for p in people)
    return _svg(_WIDTH, height, body, spoken, "diagram")


def _node(x: float, y: float, name: str, role: str, *, careful: bool, wide: bool = False) -> Markup:
    width = _NODE_WIDTH * (_HUB if wide else 1)
    return Markup(
        '<rect class="node{}" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{}" rx="3"/>'
        '<text class="node__name" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>'
        '<text class="node__role" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>'
    ).format(
        " node--careful" if careful else "", x - width / 2, y - _NODE_HEIGHT / 2, width, _NODE_HEIGHT,
        x, y - 3, _short(name, 40 if wide else 24), x, y + 15, _short(role + (", confidential" if careful else ""), 30),
    )  # fmt: skip


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def has_pages(document: Document) -> bool:
    """Say whether the document's pages can be shown as pictures."""
    return bool(document.page_sizes)


def boxes_of(pieces: Sequence[Piece], span: Span) -> tuple[Box, ...]:
    """Return the boxes of a span's words among a page's pieces, those of one line made into one."""
    rows: list[Box] = []
    for piece in pieces:
        if not (isinstance(piece.at, OnPage) and piece.span.overlaps(span)):
            continue
        left, bottom, right, top = piece.at.box
        last = rows[-1] if rows else None
        if last and abs(last[1] - bottom) < _LINE * (top - bottom) and left >= last[0]:
            rows[-1] = (last[0], min(last[1], bottom), max(last[2], right), max(last[3], top))
        else:
            rows.append((left, bottom, right, top))
    return tuple(rows)


def on_page(document: Document, page: int) -> tuple[Piece, ...]:
    """Return the pieces that stand on a page."""
    return tuple(p for p in document.pieces if isinstance(p.at, OnPage) and p.at.page == page)


def words_in(pieces: Sequence[Piece], box: Box) -> Span | None:
    """Return the span from the first to the last word of a page whose middle lies in a box (points)."""
    inside = [piece.span for piece in pieces if isinstance(piece.at, OnPage) and _middle_in(piece.at.box, box)]
    return Span(min(s.start for s in inside), max(s.end for s in inside)) if inside else None


def _middle_in(word: Box, box: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def to_points(lie: Lie, box: Box) -> Box:
    """Return a box drawn on a picture (left, top, right, bottom in pixels) in points of the page."""
    a, b, c, d, e, f = lie.matrix
    return _around([(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]])


def to_pixels(lie: Lie, box: Box) -> Box:
    """Return a box of the page in pixels of its picture: left, top, right, bottom."""
    a, b, c, d, e, f = lie.matrix
    whole = a * d - b * c
    corners = [(x - e, y - f) for x in box[::2] for y in box[1::2]]
    return _around([((d * x - c * y) / whole, (a * y - b * x) / whole) for x, y in corners])


def _around(corners: Sequence[tuple[float, float]]) -> Box:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


def marked_page(pieces: Sequence[Piece], tags: Sequence[tuple[Decision, str]], lie: Lie, address: str) -> Markup:
    """Draw the marks of a page over its picture; each is a link to its finding and says in words what happens.

    Args:
        pieces: of this page.
        tags: the page's decisions, each with its words.
        address: of the picture.
    """
    width, height = lie.size
    body = [Markup('<image href="{}" x="0" y="0" width="{}" height="{}"/>').format(address, width, height)]
    for decision, words in tags:
        state = "open" if not decision.certain or decision.by == "profile" else "set"
        shapes = Markup("").join(
            Markup('<rect class="box box--{} box--{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                decision.action.name.lower(), state, left - 1, top - 1, right - left + 2, bottom - top + 2
            )
            for left, top, right, bottom in (to_pixels(lie, box) for box in boxes_of(pieces, decision.span))
        )
        if shapes:
            link = Markup('<a href="#f-{}-{}" aria-label="{}"><title>{}</title>{}</a>')
            body.append(link.format(decision.span.start, decision.span.end, words, words, shapes))
    return Markup('<svg class="page-picture" id="page-picture" viewBox="0 0 {} {}">{}</svg>').format(
        width, height, Markup("").join(body)
    )
