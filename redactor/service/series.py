"""The key of a case's pseudonyms and shifted dates: sealed by itself, carried on by each document."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from redactor import wire
from redactor.model import Case, Detected, Document
from redactor.pseudonyms import Series, begin_series, continue_series
from redactor.service.base import Base, one
from redactor.store.database import writing
from redactor.store.records import case_file


class SeriesKeys:
    """Opens and seals the key; nobody but the machine and the reviewer's wording reads it."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def carry_on(self, organisation: str, case_id: str, document: Document, detected: Detected, case: Case) -> Series:
        """Give labels to the people of one more document, in one transaction, so that two workers agree."""
        from redactor.decide.timeline import begun  # loads Presidio's operators: only in the worker

        this = (case_file.c.id == case_id) & (case_file.c.organisation == organisation)
        with writing(self._base.engine) as connection:
            connection.execute(select(case_file.c.id).where(this).with_for_update())  # the next document waits here
            known = self.present(connection, organisation, case_id) or begin_series()
            series = begun(continue_series(known, document, detected, case), document, detected)
            sealed = self._base.keys.seal(connection, organisation, wire.dump(series), _place(case_id))
            connection.execute(update(case_file).where(this).values(series=sealed))
        return series

    def present(self, connection: Connection, organisation: str, case_id: str) -> Series | None:
        """Return the key of a case inside another use case's transaction; None before its first document."""
        sealed = one(connection, case_file, case_id, organisation).series
        if sealed is None:
            return None
        return wire.load(Series, self._base.keys.open(connection, organisation, sealed, _place(case_id)))


def _place(case_id: str) -> str:
    return f"case_file.series|{case_id}"
