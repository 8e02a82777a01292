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
    people,
    portal,
    releases,
    review,
    who,
)

_MODULES = (info, cases, people, documents, review, amend, approve, releases, portal, audit, admin, condition, who)
BLUEPRINTS = tuple(module.blueprint for module in _MODULES)
