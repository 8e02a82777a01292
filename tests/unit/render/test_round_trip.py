"""Defends 'the right copy to the right person': documents of our own templates come back without anything guessed."""

from typing import Any

import pytest

from redactor import detect, ingest, link, sections
from redactor.detect import Detector
from redactor.model import Audience, Case, Detected, Document, Relation
from redactor.render import forms

CONFERENCE: dict[str, Any] = forms.form("conference_record").sample | {
    "chair": "Will Hope",
    "minute_taker": "April Law",
    "children": [{"name": "Faith Day", "born": "2 March 2016"}, {"name": "Kit Day", "born": "5 May 2019"}],
    "family": [{"name": "Grace Day", "relationship": "Mother"}, {"name": "Joy Marsh", "relationship": "Grandmother"}],
    "attendance": [
        {"name": "Grace Day", "role": "Mother", "status": "Present"},
        {"name": "Summer Price", "role": "Social Worker", "agency": "Dorset Council", "status": "Present"},
    ],
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    return detect.load()


def back(name: str, data: dict[str, Any], detector: Detector) -> tuple[Document, Detected]:
    """Fill a template and read it as an upload of somebody's, with an empty case file."""
    document = ingest.read(ingest.admit(forms.generate(name, data), "minutes.docx"))
    parts = sections.find(document, Case())
    return document, link.identify(detect.find(document, Case(), detector), document, Case(), parts)


def test_people_of_a_conference_record_are_who_the_template_says(detector: Detector) -> None:
    _, detected = back("conference_record", CONFERENCE, detector)
    known = {person.name: person.relation for person in detected.people if person.certain}
    assert known == {
        "Will Hope": Relation.PROFESSIONAL,
        "April Law": Relation.PROFESSIONAL,
        "Faith Day": Relation.SUBJECT_CHILD,
        "Kit Day": Relation.SUBJECT_CHILD,
        "Grace Day": Relation.PARENT,
        "Joy Marsh": Relation.FAMILY,
        "Summer Price": Relation.PROFESSIONAL,
    }


@pytest.mark.parametrize(
    ("name", "audience", "first", "after"),
    [
        ("conference_record", Audience.CLOSED, "The police shared information", "Decisions"),
        ("efrh_minutes", Audience.WITHHELD, "An agency asked", "Actions"),
        ("tactical_minutes", Audience.WITHHELD, "An agency asked", "Decisions"),
        ("learning_review", Audience.INTERNAL, "Motivated intruder", None),
        ("withhold_request", Audience.WITHHELD, "It would show where", "Decision"),
    ],
)
def test_restricted_parts_come_back_with_their_audience(
    name: str, audience: Audience, first: str, after: str | None, detector: Detector
) -> None:
    document, detected = back(name, forms.form(name).sample, detector)
    assert {section.audience for section in detected.sections} == {audience}
    inside = "".join(document.text[part.span.start : part.span.end] for part in detected.sections)
    assert first in inside
    if after is not None:
        assert f"\n{after}\n" in document.text
        assert f"\n{after}\n" not in inside


def test_fact_opinion_and_allegation_are_asked_for_and_come_back(detector: Detector) -> None:
    assert forms.form("conference_record").fields["information"].columns["label"].required
    rows = [
        {"agency": "School", "label": label, "text": f"Something said by the school {number}."}
        for number, label in enumerate(("Fact", "Opinion", "Allegation"))
    ]
    document, _ = back("conference_record", CONFERENCE | {"information": rows}, detector)
    for number, label in enumerate(("Fact", "Opinion", "Allegation")):
        assert f"School\t{label}\tSomething said by the school {number}." in document.text
