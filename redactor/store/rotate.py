"""New keys for old: an organisation's, with everything under it sealed again, or the master key over all of them."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, Table, select, update

from redactor.store.blobs import Blobs
from redactor.store.database import writing
from redactor.store.identities import api_token, passkey
from redactor.store.keys import FileKey, KeyRing
from redactor.store.meetings import meeting, meeting_action, signature
from redactor.store.records import (
    acceptance,
    account,
    audit_head,
    case_file,
    document,
    document_version,
    organisation_key,
    release,
    release_link,
)
from redactor.store.reviewing import review_comment, word_list
from redactor.store.rights import breach, printed_copy, subject_request

# Every short value that is sealed in its row, under the place "table.column|id".
SEALED: tuple[Column[bytes], ...] = (
    account.c.name,
    account.c.totp,
    case_file.c.content,
    case_file.c.series,
    document.c.name,
    document_version.c.password,
    document_version.c.sketch,
    word_list.c.content,
    release.c.gate,
    release.c.password,
    release_link.c.contact,
    release_link.c.opened,
    acceptance.c.name,
    api_token.c.name,
    passkey.c.name,
    review_comment.c.content,
    meeting.c.content,
    meeting_action.c.content,
    signature.c.content,
    breach.c.content,
    subject_request.c.content,
    printed_copy.c.holder,
    audit_head.c.private_key,
)
_NO_KEY = b""


def rotate_organisation(connection: Connection, keys: KeyRing, blobs: Blobs, of: str) -> int:
    """Give an organisation a new key in the caller's transaction and seal all that the old ones sealed under it.

    The old keys are destroyed: whoever has a copy of one opens nothing that the records hold afterwards.
    Returns how many values and data keys were sealed again.
    """
    current = keys.add(connection, of)
    changed = blobs.rewrap(connection, of) + sum(_again(connection, keys, of, column) for column in SEALED)
    old = (organisation_key.c.organisation == of) & (organisation_key.c.id != current)
    connection.execute(update(organisation_key).where(old).values(wrapped=_NO_KEY))
    return changed


def _again(connection: Connection, keys: KeyRing, of: str, column: Column[bytes]) -> int:
    table = column.table
    assert isinstance(table, Table)
    (key,) = table.primary_key.columns
    mine = select(key, column).where(table.c.organisation == of, column.is_not(None))
    rows = connection.execute(mine).all()
    for identifier, sealed in rows:
        place = audit_head.name if table is audit_head else f"{table.name}.{column.name}|{identifier}"
        fresh = keys.seal(connection, of, keys.open(connection, of, sealed, place), place)
        connection.execute(update(table).where(key == identifier).values({column.name: fresh}))
    return len(rows)


def rotate_master(engine: Engine, path: Path) -> int:
    """Make a new master key and wrap every organisation's key with it; stop the service first.

    The new key is on the disk before the records change and takes the old one's place after: whenever this is cut off,
    one of the two files opens the records, and the service reads both. Returns how many keys were wrapped again.
    """
    fresh_path = FileKey.successor(path)
    FileKey.create(fresh_path)
    old, fresh = FileKey(path), FileKey(fresh_path, alone=True)
    with writing(engine) as connection:
        rows = connection.execute(select(organisation_key).where(organisation_key.c.wrapped != _NO_KEY)).all()
        for row in rows:
            context = f"{row.organisation}|{row.id}".encode()
            wrapped = fresh.wrap(old.unwrap(row.wrapped, context), context)
            connection.execute(update(organisation_key).where(organisation_key.c.id == row.id).values(wrapped=wrapped))
    fresh_path.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return len(rows)
