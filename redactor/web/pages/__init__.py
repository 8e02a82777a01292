"""The pages, one module for each subject."""

from __future__ import annotations

from redactor.web.pages import (
    admin,
    amend,
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

BLUEPRINTS = tuple(
    module.blueprint
    for module in (info, cases, people, documents, review, amend, releases, portal, audit, admin, condition, who)
)
