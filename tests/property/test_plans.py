"""Defends 'nothing leaks' and 'the right copy to the right person': what holds for every plan, whatever was found."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from redactor import decide
from redactor.decide import hard_stops
from redactor.decide.coverage import Coverage
from redactor.model import (
    Action,
    Audience,
    Case,
    Confidential,
    Detected,
    Document,
    Finding,
    InPackage,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Plan,
    Reader,
    ReaderKind,
    Relation,
    Role,
    Section,
    Span,
    digest_of,
)
from redactor.policy import load_profile, load_reasons, shipped_profiles
from redactor.policy.profile import HardStop

LINES = (
    "Ann Vale told Will that the neighbour Jean Winter, who lives next door, was not to be named.",
    "Robin is seven; he said “I want my dad” and Kit laughed.",
    "The Chair read the statement. She asked that her name is never given.",
    "Action: ring the school. Paul is at 2 Low Court and works nights.",
    "was corrected by the minute-taker",
)
TEXT = "\n".join(LINES) + "\n"
PEOPLE = tuple(
    Person(
        PersonId(f"p{number}"),
        f"Name{number} Vale",
        relation,
        confidential=frozenset(
            {Confidential.ADDRESS} if number % 2 else {Confidential.IDENTITY} if number % 5 == 0 else ()
        ),
        contact_unsafe=number % 4 == 0,
        certain=number % 3 != 0,
    )
    for number, relation in enumerate(Relation)
)
CASE = Case("DC-1", PEOPLE)
READERS = (
    Reader(),
    Reader("court", ReaderKind.COURT),
    Reader("agency", ReaderKind.AGENCY, None, "Hill School", "support", frozenset({PersonId("p0")})),
    Reader("public", ReaderKind.PUBLIC),
    *(Reader(person.id, ReaderKind.PERSON, person.id, person.name) for person in PEOPLE[:4]),
)


def _document() -> Document:
    pieces, start = [], 0
    roles = (Role.HEADING, Role.BODY, Role.BODY, Role.TABLE_CELL, Role.COMMENT)
    for number, (line, role) in enumerate(zip(LINES, roles, strict=True)):
        pieces.append(Piece(Span(start, start + len(line) + 1), role, InPackage("word/document.xml", number)))
        start += len(line) + 1
    return Document(Kind.DOCX, digest_of(TEXT.encode()), TEXT, tuple(pieces))


DOCUMENT = _document()


@st.composite
def found(draw: st.DrawFn) -> tuple[Finding, ...]:
    """Disjoint findings anywhere in the text, on anybody or nobody."""
    edges = sorted(draw(st.sets(st.integers(0, len(TEXT) - 1), max_size=16)))
    findings = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        findings.append(
            Finding(
                Span(start, end),
                draw(st.sampled_from(list(Label))),
                draw(st.sampled_from((0.1, 0.9))),
                "test",
                person=draw(st.sampled_from((None, *(person.id for person in PEOPLE)))),
                certain=draw(st.booleans()),
            )
        )
    return tuple(findings)


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    edges = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=4)))
    kinds = st.sampled_from([audience for audience in Audience if audience != Audience.OPEN])
    return tuple(
        Section(Span(start, end), draw(kinds), "test") for start, end in zip(edges[::2], edges[1::2], strict=False)
    )


profiles = st.sampled_from(shipped_profiles()).map(load_profile)
readers = st.sampled_from(READERS)


def hidden(plan: Plan) -> set[int]:
    """Positions of letters and figures that the reader does not see as they stand."""
    coverage = Coverage(plan)
    shown = {p for hole in coverage.holes(Span(0, len(TEXT))) for p in range(hole.start, hole.end)}
    return {p for p in range(len(TEXT)) if TEXT[p].isalnum() and p not in shown}


@settings(max_examples=50, deadline=None)
@given(found(), sections(), profiles, readers)
def test_every_finding_has_one_decision_with_a_reason(findings, parts, profile, reader) -> None:
    detected = Detected(findings, PEOPLE, parts)
    plan = decide.plan(DOCUMENT, detected, profile, CASE, reader)
    ends = 0
    for decision in plan.decisions:
        assert decision.span.start >= ends and len(decision.span)
        ends = decision.span.end
        assert decision.action == Action.KEEP or (decision.reason in load_reasons() and decision.because)
        assert decision.action != Action.KEEP or decision.replacement == ""
    decided = Coverage(plan, shown=())
    assert all(decided.hides(TEXT, finding.span) for finding in findings)
    for section in plan.sections:
        assert section.action == Action.KEEP or section.reason in load_reasons()


@settings(max_examples=40, deadline=None)
@given(found(), sections(), profiles, readers, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_same_input_gives_same_digest(findings, parts, profile, reader, random) -> None:
    plan = decide.plan(DOCUMENT, Detected(findings, PEOPLE, parts), profile, CASE, reader)
    mixed = list(findings)
    random.shuffle(mixed)
    again = decide.plan(DOCUMENT, Detected(tuple(mixed), PEOPLE, parts), profile, CASE, reader)
    assert again.digest == plan.digest and again.decisions == plan.decisions


@settings(max_examples=40, deadline=None)
@given(found(), sections(), profiles, readers, st.data())
def test_one_more_finding_about_others_never_reveals_more(findings, parts, profile, reader, data) -> None:
    if not findings:
        return
    dropped = data.draw(st.sampled_from(findings))
    if dropped.person is not None and dropped.person == reader.person:
        return
    fewer = tuple(finding for finding in findings if finding is not dropped)
    less = decide.plan(DOCUMENT, Detected(fewer, PEOPLE, parts), profile, CASE, reader)
    more = decide.plan(DOCUMENT, Detected(findings, PEOPLE, parts), profile, CASE, reader)
    assert hidden(less) <= hidden(more)


@settings(max_examples=40, deadline=None)
@given(found(), profiles, st.sampled_from(READERS[4:]))
def test_the_readers_own_certain_data_stays_in_a_family_copy(findings, profile, reader) -> None:
    del profile
    sure = tuple(replace(finding, certain=True, score=1.0) for finding in findings)
    people = tuple(replace(person, certain=True) for person in PEOPLE)
    plan = decide.plan(DOCUMENT, Detected(sure, people), load_profile("family_copy"), CASE, reader)
    shown = Coverage(plan)
    comment = DOCUMENT.pieces[-1].span
    for finding in sure:
        if finding.person == reader.person and not finding.span.overlaps(comment):
            assert shown.holes(finding.span) == [finding.span]


@settings(max_examples=40, deadline=None)
@given(found(), sections(), profiles, readers)
def test_dropped_sections_and_working_notes_show_nothing(findings, parts, profile, reader) -> None:
    plan = decide.plan(DOCUMENT, Detected(findings, PEOPLE, parts), profile, CASE, reader)
    shown = Coverage(plan)
    for section in parts:
        if profile.sections[section.audience].do != "keep":
            assert not shown.holes(section.span)
    assert not shown.holes(DOCUMENT.pieces[-1].span)


@settings(max_examples=50, deadline=None)
@given(found(), sections(), profiles, readers)
def test_a_profiles_own_plan_breaks_none_of_its_hard_stops(findings, parts, profile, reader) -> None:
    detected = Detected(findings, PEOPLE, parts)
    plan = decide.plan(DOCUMENT, detected, profile, CASE, reader)
    broken = hard_stops.broken(plan, DOCUMENT, detected, profile, CASE, reader)
    assert not {stop: count for stop, count in broken.items() if isinstance(stop, HardStop)}
