"""Defends 'nothing leaks' for several documents in one file: numbered, indexed, bookmarked, and proven as a whole."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor import bundle, decide, detect, ingest, pipeline
from redactor.detect import Detector
from redactor.errors import InvalidDefinition
from redactor.model import (
    Case,
    CopyMark,
    Detected,
    Finding,
    Label,
    Person,
    PersonId,
    Reader,
    ReaderKind,
    Relation,
    Span,
)
from redactor.policy import load_profile
from redactor.policy.bundlefile import load_bundle
from redactor.render.bundle import labels
from redactor.verify import structure

COURT = Reader("court", ReaderKind.COURT, None, "Family Court at Saltmere")
CASE = Case("BH24C00000", (Person(PersonId("o"), "Kit Lanefield", Relation.OTHER_CHILD),))
MARK = CopyMark("Family Court at Saltmere", "", "2026-06-01", "OFFICIAL-SENSITIVE", "BH24C00000", draft=True)
FILE = """court: Family Court at Saltmere
case_number: BH24C00000
documents:
  - {section: F, file: minutes.docx, title: Minutes, dated: 2026-06-09}
"""


@pytest.fixture(scope="module")
def detector() -> Detector:
    return detect.load()


def item(section: str, title: str, *lines: str) -> bundle.Item:
    """A plain text in which the other child's name was found wherever it stands."""
    upload = ingest.admit("\n".join(lines).encode(), "note.txt")
    document = ingest.read(upload)
    findings, start = [], document.text.find("Kit")
    while start >= 0:
        span = Span(start, start + len("Kit Lanefield"))
        findings.append(Finding(span, Label.PERSON, 1.0, "test", person=PersonId("o")))
        start = document.text.find("Kit", span.end)
    detected = Detected(tuple(findings), CASE.people)
    profile = load_profile("court_bundle")
    plan = decide.plan(document, detected, profile, CASE, COURT)
    order = pipeline.Order(CASE, profile, COURT, MARK)
    return bundle.Item(section, title, "2026-05-01", pipeline.Proposal(upload, document, detected, plan), plan, order)


@given(st.lists(st.tuples(st.sampled_from("ABF"), st.integers(1, 9)), min_size=1, max_size=8))
def test_page_numbers_run_on_in_a_section_and_are_never_used_twice(documents: list[tuple[str, int]]) -> None:
    ordered = sorted(documents)
    numbers = labels([letter for letter, _ in ordered], [count for _, count in ordered])
    flat = [label for each in numbers for label in each]
    assert len(set(flat)) == len(flat) == sum(count for _, count in documents)
    for letter in "ABF":
        own = [label for label in flat if label[0] == letter]
        assert own == [f"{letter}{number}" for number in range(1, len(own) + 1)]


def test_a_bundle_is_indexed_numbered_and_holds_nothing_that_its_documents_lost(detector: Detector) -> None:
    items = [
        item("F", "Note of a visit", "Robin plays with Kit Lanefield after school.", "The plan was agreed."),
        item("C", "Statement", "I saw Robin on Monday. Kit Lanefield was there."),
    ]
    made = bundle.make(items, "Family Court at Saltmere", "BH24C00000", pipeline.Tools(detector=detector))
    assert [entry.labels for entry in made.entries] == [("C1",), ("F1",)]
    texts = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(made.sealed.content)]
    assert not any("Lanefield" in text for text in texts)
    statement, note = (next(text for text in texts[1:] if words in text) for words in ("on Monday", "was agreed"))
    assert "C1" in statement.split()
    assert "F1" in note.split()
    pdf = pikepdf.open(io.BytesIO(made.sealed.content))
    with pdf.open_outline() as outline:
        assert next(entry.title for entry in outline.root) == "Index"
        assert [inner.title for entry in outline.root for inner in entry.children] == [
            "C1 Statement",
            "F1 Note of a visit",
        ]
    targets = [link.Dest[0].objgen for link in pdf.pages[0].Annots]
    assert targets == [pdf.pages[1].obj.objgen, pdf.pages[2].obj.objgen]


def _steered(title: str, target: pikepdf.Object | None = None) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(title, 0))
    if target is not None:
        pdf.Root.Outlines.First.Dest = target
    return pdf


def test_the_verifier_lets_only_known_titles_lead_to_pages_of_the_same_file() -> None:
    faults = structure.beyond_allowed(_steered("F1 Minutes"), ["F1 Minutes"])
    assert not [fault for fault in faults if "bookmark" in fault or "Outlines" in fault]
    assert "catalogue /Outlines" in structure.beyond_allowed(_steered("F1 Minutes"))
    assert "bookmark or link that nobody asked for" in structure.beyond_allowed(_steered("Jean Winter"), ["F1 Minutes"])
    named = _steered("F1 Minutes", pikepdf.String("elsewhere"))
    assert "bookmark or link that leads elsewhere" in structure.beyond_allowed(named, ["F1 Minutes"])
    acting = _steered("F1 Minutes")
    acting.Root.Outlines.First.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="x")
    assert "bookmark /A" in structure.beyond_allowed(acting, ["F1 Minutes"])


def test_a_bundle_with_one_unreviewed_document_is_a_draft() -> None:
    first = item("F", "Minutes", "Robin was seen.")
    released = replace(first, order=replace(first.order, mark=replace(MARK, draft=False)))
    assert bundle.mark_of([released, first]).draft
    assert not bundle.mark_of([released]).draft


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("section: Q", "Line 4, column 6"),
        ("dated: 9 June", "Line 4"),
        ("pages: 3", "this key is not known"),
    ],
)
def test_a_bad_bundle_file_names_the_place(change: str, told: str) -> None:
    key = change.split(":", maxsplit=1)[0]
    old = {"section": "section: F", "dated": "dated: 2026-06-09"}.get(key)
    text = FILE.replace(old, change) if old else FILE.replace("title: Minutes", f"title: Minutes, {change}")
    with pytest.raises(InvalidDefinition) as refused:
        load_bundle(text.encode())
    assert told in refused.value.message
