"""The pages, one module for each subject."""

from __future__ import annotations

from redactor.web.pages import (
    admin,
    amend,
    approve,
    audit,
    breaches,
    cases,
    condition,
    copies,
    documents,
    info,
    meetings,
    people,
    portal,
    releases,
    review,
    rights,
    tracker,
    who,
    wordlists,
)

_OF_A_CASE = (
    cases,
    people,
    who,
    wordlists,
    documents,
    meetings,
    tracker,
    review,
    amend,
    approve,
    releases,
    audit,
    breaches,
    copies,
)
BLUEPRINTS = tuple(module.blueprint for module in (info, *_OF_A_CASE, rights, portal, admin, condition))
