"""What a reader sees in place of something that a reviewer hides: worded as the profile would word it."""

from __future__ import annotations

from functools import cache

from redactor.model import Action, Case, Detected, Document, Label, PersonId, Span
from redactor.policy import load_profile
from redactor.pseudonyms import Label as PersonLabel
from redactor.pseudonyms import Series, label_people
from redactor.service.amendments import Wording

_STRANGER = PersonLabel("a person", "a person")


def wording_for(document: Document, detected: Detected, case: Case, profile: str, series: Series | None) -> Wording:
    """Return the wording for one document and profile; labels of people are those of the case's series."""

    @cache
    def names() -> dict[PersonId, PersonLabel]:
        return label_people(document, detected, case, series)

    def word(action: Action, span: Span, label: Label, person: PersonId | None) -> str:
        from redactor.decide.operators import replacement  # loads Presidio's operators: only when it is needed

        name = names().get(person, _STRANGER) if person else _STRANGER
        return replacement(
            action,
            document.text[span.start : span.end],
            template="",
            own=name.own,
            general=name.general,
            label=label,
            times=load_profile(profile).times,
        )

    return word
