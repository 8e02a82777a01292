"""The whole job on one screen: each stage's output is the only thing that the next accepts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from redactor import decide, detect, ingest, link, protect, redact, sandbox, sections, verify
from redactor.errors import BadArguments, LeakFound
from redactor.limits import Limits
from redactor.model import (
    Case,
    CopyMark,
    Detected,
    Document,
    Form,
    Gate,
    Kind,
    Plan,
    Protected,
    Proven,
    Reader,
    Rendered,
    Upload,
    Written,
)
from redactor.policy import Profile
from redactor.pseudonyms import Series
from redactor.ranges import PAGED
from redactor.render import furniture
from redactor.render.assemble import assemble
from redactor.render.office import all_to_pdf
from redactor.render.written import write


class Progress(Protocol):
    """Hears how far the work is: the stage, and how many of its pages are done where that is known."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take note of it."""
        ...


Made = TypeVar("Made")

_BODY, _COVER, _SCHEDULE = "body", "cover", "schedule"
WIDTHS = {"standard": "standard", "exact": "layout"}


def _silent(stage: str, done: int = 0, total: int = 0) -> None:
    del stage, done, total


@dataclass(frozen=True, slots=True)
class Tools:
    """What the stages need that is costly to make: built once, passed in.

    Args:
        hands: how many contained children may work on ranges of a file's pages at once; no result depends on it.
    """

    detector: detect.Detector
    seal_key: protect.SealKey | None = None
    progress: Progress = field(default=_silent)
    hands: int = field(default_factory=sandbox.free_hands)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document, what was found in it, and what the profile would do: what a person reviews."""

    upload: Upload
    document: Document
    detected: Detected
    plan: Plan


@dataclass(frozen=True, slots=True)
class Order:
    """What one copy is made for: reader, profile, the release form and the marks on the pages."""

    case: Case
    profile: Profile
    reader: Reader
    mark: CopyMark
    gate: Gate | None = None
    password: str | None = None


def read(untrusted: bytes, name: str, tools: Tools, password: str | None = None) -> tuple[Upload, Document]:
    """Let a file in and read all that it says, behind the wall."""
    tools.progress("reading")
    upload = ingest.admit(untrusted, name, password)

    def told(pages: int) -> None:
        tools.progress("reading", pages, upload.pages)

    told(0)
    return upload, ingest.read(upload, hands=tools.hands, told=told)


def find(document: Document, case: Case, tools: Tools) -> Detected:
    """Find the details, say whom they are about, and who was in the room for each section."""
    tools.progress("finding")
    parts = sections.find(document, case)
    findings = detect.find(document, case, tools.detector)
    detected: Detected = link.identify(findings, document, case, parts)
    return detected


def propose(
    untrusted: bytes,
    name: str,
    profile: Profile,
    case: Case,
    reader: Reader,
    tools: Tools,
    password: str | None = None,
    series: Series | None = None,
) -> Proposal:
    """Upload to plan, which a person reviews. A series tells people and dates alike in all its documents."""
    upload, document = read(untrusted, name, tools, password)
    detected = find(document, case, tools)
    tools.progress("deciding")
    return Proposal(upload, document, detected, decide.plan(document, detected, profile, case, reader, series))


def release(proposal: Proposal, plan: Plan, order: Order, tools: Tools) -> tuple[Protected, Rendered]:
    """Reviewed plan to sealed copy. Raises, and returns nothing, on any doubt."""
    upload, document = proposal.upload, proposal.document
    decide.check(plan, document, proposal.detected, order.profile, order.case, order.reader, order.gate)
    rendered, proven = _prove(upload, document, plan, order, tools)
    tools.progress("sealing")
    return protect.seal(proven, order.password, None if order.mark.draft else tools.seal_key), rendered


def release_written(
    proposal: Proposal, plan: Plan, order: Order, form: Form, tools: Tools
) -> tuple[Protected, Written]:
    """Reviewed plan to a sealed copy that flows, a Word document or a web page: the same plan, proven as well."""
    upload, document, marks = proposal.upload, proposal.document, order.profile.marks
    decide.check(plan, document, proposal.detected, order.profile, order.case, order.reader, order.gate)
    if form is Form.HTML and (order.password or (marks.encrypt and not order.mark.draft)):
        step = "Ask for pdf or docx; web pages are for what is published."
        raise BadArguments("A web page cannot be locked, and this copy has to be.", next_step=step)
    tools.progress("redacting")
    redacted = redact.as_word(upload, document, plan, Limits().for_pages(document.length))
    tools.progress("laying out")
    cover, schedule = _furniture(plan, document, order)
    written = write(redacted, plan, order.mark, form, cover, schedule)
    tools.progress("proving")
    proven = verify.prove_written(written, document)
    tools.progress("sealing")
    return protect.seal_written(proven, order.password), replace(written, warnings=proven.warnings)


def _furniture(plan: Plan, document: Document, order: Order) -> tuple[bytes | None, bytes | None]:
    """Return the cover and the served schedule, where the profile wants them."""
    marks = order.profile.marks
    cover = schedule = None
    if marks.cover:
        cover = furniture.cover(document, plan, order.profile, order.case, order.reader, order.mark)
    if marks.schedule == "served":
        schedule = furniture.schedule(document, plan)
    return cover, schedule


def _prove(upload: Upload, document: Document, plan: Plan, order: Order, tools: Tools) -> tuple[Rendered, Proven]:
    """Write and prove; pages that cannot be proven in one way are made again as pictures, then refused."""
    widths, limits = WIDTHS[order.profile.marks.widths], Limits().for_pages(document.length)

    with ThreadPoolExecutor(1, thread_name_prefix="furniture") as beside:
        # cover and schedule wait for nothing that is redacted; what flows is laid out together with them
        added = beside.submit(_laid_out, plan, document, order) if upload.kind in PAGED else None

        def make(pictures: frozenset[int]) -> tuple[Rendered, Proven]:
            redacted = redact.apply(upload, document, plan, widths=widths, pictures=pictures, limits=limits)
            tools.progress("laying out")
            pages = added.result() if added else _laid_out(plan, document, order, redacted.content)
            body = replace(redacted, kind=Kind.PDF, content=pages.get(_BODY, redacted.content))
            rendered = assemble(body, plan, order.mark, pages.get(_COVER), pages.get(_SCHEDULE), limits=limits)
            tools.progress("proving")
            return rendered, verify.prove(rendered, document)

        return until_proven(make, document, tools)


def until_proven(make: Callable[[frozenset[int]], Made], document: Document, tools: Tools) -> Made:
    """Make a copy; if its proof fails, make the pages to blame again as pictures, then every page, then refuse.

    Args:
        make: writes and proves a copy, given the pages that are to be pictures.
        document: what was read.
        tools: hear of it.
    """
    every, pictures = frozenset(range(document.pages)), frozenset[int]()
    tools.progress("redacting")
    while True:
        try:
            return make(pictures)
        except LeakFound as leak:
            blamed = frozenset(leak.pages) or every
            if document.kind not in (Kind.PDF, Kind.IMAGE) or blamed <= pictures:
                raise
            # A second failure on other pages means that the fault moves about: then all are made alike.
            pictures = every if pictures else blamed
        tools.progress("redacting as pictures")


def _laid_out(plan: Plan, document: Document, order: Order, flowing: bytes | None = None) -> dict[str, bytes]:
    """Lay out cover, schedule and a body that flows, if there is one, as PDF."""
    cover, schedule = _furniture(plan, document, order)
    parts = {_BODY: flowing, _COVER: cover, _SCHEDULE: schedule}
    wanted = {name: content for name, content in parts.items() if content is not None}
    return dict(zip(wanted, all_to_pdf(list(wanted.values()), document.length), strict=True)) if wanted else {}


def compare(
    document: Document, detected: Detected, profiles: tuple[Profile, Profile], case: Case, reader: Reader
) -> list[tuple[str, str, str]]:
    """Return what each place on which two profiles decide differently is, and what was and is now done with it."""
    old, new = (decide.told(decide.plan(document, detected, profile, case, reader)) for profile in profiles)
    nothing = ("", "nothing")
    return [
        (was[0] or now[0], was[1], now[1])
        for place in sorted(old.keys() | new.keys())
        if (was := old.get(place, nothing))[1] != (now := new.get(place, nothing))[1]
    ]
