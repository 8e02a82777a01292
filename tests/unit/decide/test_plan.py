"""Defends 'the right copy to the right person' and 'nothing is hidden without a reason': plans and their refusals."""

from dataclasses import replace

import pytest

from redactor import decide
from redactor.errors import HardStop, NotCleared, PreserveBroken
from redactor.model import (
    Action,
    Audience,
    Case,
    Confidential,
    Detected,
    Document,
    Finding,
    Gate,
    InPackage,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Reader,
    ReaderKind,
    Relation,
    Role,
    Section,
    Span,
    digest_of,
)
from redactor.policy import load_profile
from redactor.policy.profile import HardStop as Stop

PEOPLE = (
    Person(PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD),
    Person(PersonId("m"), "Ann Vale", Relation.PARENT, role="Mother"),
    Person(PersonId("f"), "Paul Moor", Relation.PARENT, role="Father", confidential=frozenset({Confidential.ADDRESS})),
    Person(PersonId("n"), "Jean Winter", Relation.REFERRER, confidential=frozenset({Confidential.IDENTITY})),
    Person(PersonId("o"), "Kit Lane", Relation.OTHER_CHILD),
    Person(PersonId("s"), "Will Marsh", Relation.PROFESSIONAL, role="Social Worker"),
)
CASE = Case("DC-1", PEOPLE)
MOTHER = Reader("r1", ReaderKind.PERSON, PersonId("m"), "Ann Vale")
COURT = Reader("r2", ReaderKind.COURT)
PUBLIC = Reader("r4", ReaderKind.PUBLIC)
NAMES = {person.name: person.id for person in PEOPLE}


def made(
    *lines: str | tuple[Role, str], marks: dict[str, tuple[Label, str | None]] | None = None
) -> tuple[Document, Detected]:
    """A document of lines in which every name above, and every given word, is a certain finding."""
    text, pieces, findings = "", [], []
    for number, line in enumerate(lines):
        role, words = line if isinstance(line, tuple) else (Role.BODY, line)
        pieces.append(Piece(Span(len(text), len(text) + len(words) + 1), role, InPackage("word/document.xml", number)))
        text += words + "\n"
    wanted = {name: (Label.PERSON, str(identity)) for name, identity in NAMES.items()} | (marks or {})
    for words, (label, person) in wanted.items():
        start = text.find(words)
        while start >= 0:
            span = Span(start, start + len(words))
            findings.append(Finding(span, label, 1.0, "test", person=PersonId(person) if person else None))
            start = text.find(words, span.end)
    document = Document(Kind.DOCX, digest_of(text.encode()), text, tuple(pieces))
    return document, Detected(tuple(sorted(findings, key=lambda finding: finding.span)), PEOPLE)


def seen(document: Document, plan: decide.plan) -> str:
    """The text as the reader sees it."""
    changes = [(d.span, d.replacement) for d in plan.decisions if d.action != Action.KEEP]
    sections = [s for s in plan.sections if s.action == Action.REMOVE]
    changes = [c for c in changes if not any(s.span.contains(c[0]) for s in sections)]
    changes += [(s.span, s.placeholder) for s in sections]
    text, end = "", 0
    for span, words in sorted(changes, key=lambda change: change[0]):
        text += document.text[end : span.start] + words
        end = span.end
    return text + document.text[end:]


def test_family_copy_is_relative_to_the_reader() -> None:
    document, detected = made(
        "Ann Vale of 1 High Rise and Paul Moor of 2 Low Court met Will Marsh about Robin Vale and Kit Lane.",
        marks={"1 High Rise": (Label.ADDRESS, "m"), "2 Low Court": (Label.ADDRESS, "f")},
    )
    profile = load_profile("family_copy")
    plan = decide.plan(document, detected, profile, CASE, MOTHER)
    assert seen(document, plan) == (
        "Ann Vale of 1 High Rise and Paul Moor of [withheld] met Will Marsh about Robin Vale and [another child].\n"
    )
    father = Reader("r5", ReaderKind.PERSON, PersonId("f"))
    assert seen(document, decide.plan(document, detected, profile, CASE, father)) == (
        "Ann Vale of [withheld] and Paul Moor of 2 Low Court met Will Marsh about Robin Vale and [another child].\n"
    )


def test_unknown_reader_is_entitled_to_nobody() -> None:
    document, detected = made("Ann Vale met Will Marsh about Robin Vale.")
    plan = decide.plan(document, detected, load_profile("family_copy"), CASE, Reader())
    assert seen(document, plan) == "[withheld] met Will Marsh about [withheld].\n"


def test_source_clause_goes_and_own_data_in_it_stays() -> None:
    document, detected = made(
        "Robin Vale is well. Jean Winter lives beside Ann Vale and is frightened. She is 80. All agreed."
    )
    plan = decide.plan(document, detected, load_profile("family_copy"), CASE, MOTHER)
    assert seen(document, plan) == (
        "Robin Vale is well. [withheld: the chair can explain] Ann Vale [withheld: the chair can explain] All agreed.\n"
    )
    assert {d.reason for d in plan.decisions if d.action == Action.MASK} == {"TP-CONF"}


def test_dropped_section_removes_all_even_own_data() -> None:
    document, detected = made("Robin Vale is well.", "Ann Vale is 40.")
    closed = Section(Span(20, len(document.text)), Audience.CLOSED, "heading")
    detected = replace(detected, sections=(closed,))
    plan = decide.plan(document, detected, load_profile("family_copy"), CASE, MOTHER)
    assert "Ann" not in seen(document, plan)
    own = next(d for d in plan.decisions if d.person == "m")
    assert own.action == Action.REMOVE and own.reason == "CLOSED"


def test_working_notes_go_in_every_profile() -> None:
    document, detected = made("Robin Vale is well.", (Role.COMMENT, "check this"), (Role.DELETED, "was ill"))
    for name in ("family_copy", "court_bundle", "third_party_agency", "learning_review"):
        plan = decide.plan(document, detected, load_profile(name), CASE, MOTHER)
        assert "check" not in seen(document, plan) and "was ill" not in seen(document, plan)


def test_learning_review_generalises() -> None:
    document, detected = made(
        "Robin Vale, aged 7, and Mrs Ann Vale were seen by Will Marsh on 14 May 2024 near Harbourside Primary.",
        marks={"7": (Label.AGE, "c"), "14 May 2024": (Label.DATE, None), "Harbourside Primary": (Label.SCHOOL, "c")},
    )
    plan = decide.plan(document, detected, load_profile("learning_review"), CASE, PUBLIC)
    assert seen(document, plan) == (
        "[Child A], aged [5 to 10], and [Mother] were seen by [a social worker] on [May 2024] "
        "near [a primary school].\n"
    )


def test_doubt_takes_the_stricter_action() -> None:
    document, detected = made("Annie spoke.", marks={"Annie": (Label.PERSON, "m")})
    unsure = replace(detected.findings[0], certain=False)
    plan = decide.plan(document, replace(detected, findings=(unsure,)), load_profile("family_copy"), CASE, MOTHER)
    assert plan.decisions[0].action == Action.REMOVE and not plan.decisions[0].certain


def reviewed(profile_name: str = "family_copy", reader: Reader = MOTHER, *lines: str, **kw: object):
    document, detected = made(*lines, **kw)
    profile = load_profile(profile_name)
    plan = replace(decide.plan(document, detected, profile, CASE, reader), reviewed_by="u1")
    return plan, document, detected, profile


GATE = Gate("a", "b", "c", "The Chair", "2024-01-01", "d", "1", "2024-01-01", "e", "The Manager", "2025-01-01")


def test_whole_gate_clears_and_missing_fields_are_named() -> None:
    plan, document, detected, profile = reviewed("family_copy", MOTHER, "Jean Winter rang.", "Robin Vale is well.")
    decide.check(plan, document, detected, profile, CASE, MOTHER, GATE)
    with pytest.raises(NotCleared, match=r"route, lawful_basis, authorised_by"):
        decide.check(plan, document, detected, profile, CASE, MOTHER, None)
    decide.check(replace(plan, reviewed_by=None), document, detected, profile, CASE, MOTHER, None)
    with pytest.raises(NotCleared, match="one person as both"):
        decide.check(plan, document, detected, profile, CASE, MOTHER, replace(GATE, approved_by="the chair"))
    with pytest.raises(NotCleared, match="another recipient"):
        decide.check(plan, document, detected, profile, CASE, COURT, GATE)


@pytest.mark.parametrize(
    ("words", "stop"),
    [
        ("Jean Winter", Stop.REFERRER),
        ("Kit Lane", Stop.THIRD_PARTY_CHILD),
        ("2 Low Court", Stop.CONFIDENTIAL_DETAILS),
        ("07700 900123", Stop.OTHER_PARENT_CONTACT),
    ],
)
def test_hard_stop_needs_a_reference(words: str, stop: Stop) -> None:
    document, detected = made(
        f"The note names {words} here.",
        marks={"2 Low Court": (Label.ADDRESS, "f"), "07700 900123": (Label.PHONE, "f")},
    )
    profile = load_profile("family_copy")
    plan = decide.plan(document, detected, profile, CASE, MOTHER)
    shown = tuple(replace(d, action=Action.KEEP, replacement="", reason="", by="u1") for d in plan.decisions)
    with pytest.raises(HardStop) as refusal:
        decide.check(replace(plan, decisions=shown), document, detected, profile, CASE, MOTHER, GATE)
    expected = Stop.CONFIDENTIAL_DETAILS if stop == Stop.REFERRER else stop
    assert expected.value in refusal.value.message and words not in str(refusal.value)
    stops = tuple((s.value, "Order of 1 May 2024, paragraph 3") for s in Stop)
    settled = replace(plan, decisions=shown, settled_stops=stops)
    decide.check(settled, document, detected, profile, CASE, MOTHER, GATE)
    empty = replace(settled, settled_stops=tuple((s.value, " ") for s in Stop))
    with pytest.raises(HardStop):
        decide.check(empty, document, detected, profile, CASE, MOTHER, GATE)


def test_preserved_passage_cannot_be_lost() -> None:
    plan, document, detected, profile = reviewed(
        "family_copy", MOTHER, (Role.HEADING, "Views of the child"), "Robin Vale wants to see the sea."
    )
    decide.check(plan, document, detected, profile, CASE, MOTHER, GATE)
    lost = replace(
        plan.decisions[0], span=Span(19, len(document.text) - 1), action=Action.MASK, reason="TP", because="x", by="u1"
    )
    with pytest.raises(PreserveBroken, match="views"):
        decide.check(replace(plan, decisions=(lost,)), document, detected, profile, CASE, MOTHER, GATE)


def test_redaction_without_reason_or_decision_is_refused() -> None:
    plan, document, detected, profile = reviewed("family_copy", MOTHER, "Kit Lane and Robin Vale are well.")
    bare = tuple(replace(d, reason="") for d in plan.decisions)
    with pytest.raises(NotCleared, match="reason"):
        decide.check(replace(plan, decisions=bare), document, detected, profile, CASE, MOTHER, GATE)
    with pytest.raises(NotCleared, match="without a decision"):
        decide.check(replace(plan, decisions=plan.decisions[:1]), document, detected, profile, CASE, MOTHER, GATE)


def test_shares_count_what_goes() -> None:
    plan, document, _, _ = reviewed("family_copy", MOTHER, "Kit Lane saw Robin Vale.")
    report = {share.part: share for share in decide.shares(document, plan)}
    assert (report["whole document"].words, report["whole document"].removed) == (5, 2)
    assert report["TP"].removed == 2


def test_explain_names_rule_and_reason() -> None:
    plan, _, _, profile = reviewed("family_copy", MOTHER, "Kit Lane saw Robin Vale.")
    lines = decide.explain(plan, profile, Span(0, 3))
    assert len(lines) == 1 and "another family's child" in lines[0] and "Reason TP" in lines[0]
    assert "Kit" not in lines[0]


def test_a_doubtful_name_takes_the_strictest_of_those_it_can_mean() -> None:
    document, detected = made("Vale spoke. Robin waited.", marks={"Vale": (Label.PERSON, "m")})
    unsure = tuple(replace(finding, certain=False) for finding in detected.findings)
    plan = decide.plan(document, replace(detected, findings=unsure), load_profile("family_copy"), CASE, MOTHER)
    assert seen(document, plan) == "Vale spoke. Robin waited.\n"
    assert not plan.decisions[0].certain
    twin = Person(PersonId("v"), "Tom Vale", Relation.OTHER_CHILD)
    more = replace(detected, findings=unsure, people=(*PEOPLE, twin))
    plan = decide.plan(document, more, load_profile("family_copy"), CASE, MOTHER)
    assert seen(document, plan) == "[another child] spoke. Robin waited.\n"
