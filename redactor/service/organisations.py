"""Organisations: each with its own keys, audit chain and agreement; nothing crosses from one to another."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from redactor.service.agreements import publish_first
from redactor.service.base import SYSTEM, Base
from redactor.store.records import new_id, organisation


def create_organisation(base: Base, connection: Connection, name: str) -> str:
    """Create an organisation with its key, its audit chain and the agreement as shipped; return its id."""
    made = new_id()
    connection.execute(insert(organisation).values(id=made, name=name, created_at=base.clock.now()))
    base.keys.add(connection, made)
    base.audit.begin(connection, made)
    base.audit.append(connection, made, SYSTEM, "organisation.create", made)
    publish_first(base, connection, made)
    return made
