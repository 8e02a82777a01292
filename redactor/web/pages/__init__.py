"""The pages, one module for each subject."""

from __future__ import annotations

from redactor.web.pages import (
    admin,
    amend,
    approve,
    audit,
    cases,
    condition,
    documents,
    info,
    meetings,
    people,
    portal,
    releases,
    review,
    tracker,
    who,
)

_OF_A_CASE = (cases, people, who, documents, meetings, tracker, review, amend, approve, releases, audit)
BLUEPRINTS = tuple(module.blueprint for module in (info, *_OF_A_CASE, portal, admin, condition))
