"""The API for programs: everything that the pages do, through the same use cases, described by one OpenAPI document."""

from __future__ import annotations

from redactor.web.api import cases, documents, organisation, releases, reviews, rights
from redactor.web.api.operations import OPERATIONS, PREFIX, blueprint

PARTS = (cases, documents, organisation, releases, reviews, rights)

__all__ = ["OPERATIONS", "PARTS", "PREFIX", "blueprint"]
