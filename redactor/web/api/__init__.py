"""The API for programs: everything that the pages do, through the same use cases, described by one OpenAPI document."""

from __future__ import annotations

from redactor.web.api import cases, documents, meetings, organisation, people, releases, reviews, rights, working
from redactor.web.api.operations import OPERATIONS, PREFIX, blueprint

PARTS = (cases, people, meetings, documents, organisation, releases, reviews, working, rights)

__all__ = ["OPERATIONS", "PARTS", "PREFIX", "blueprint"]
