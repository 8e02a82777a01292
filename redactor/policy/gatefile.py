"""The gate file: the release form of domain rules 1.5, as filled in by whoever authorises."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from redactor.model import Gate
from redactor.policy import strictyaml

_TEXT = 2000


def _empty(value: object) -> object:
    return "" if value is None else value


Words = Annotated[str, BeforeValidator(_empty), Field(max_length=_TEXT)]
Day = Annotated[str, BeforeValidator(_empty), Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class AgreementEntry(BaseModel):
    """The confidentiality agreement that the reader signed."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    version: Words = ""
    signed_on: Day = ""


class GateFile(BaseModel):
    """The whole gate file; each profile says which fields it demands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    route: Words = ""
    lawful_basis: Words = ""
    purpose: Words = ""
    authorised_by: Words = ""
    authorised_on: Day = ""
    reference: Words = ""
    agreement: AgreementEntry = AgreementEntry()
    recipient_checked_by: Words = ""
    approved_by: Words = ""
    expiry: Day = ""
    notes: Words = ""


def load_gate(untrusted: bytes) -> Gate:
    """Read a gate file.

    Raises:
        InvalidDefinition: with line and column, for anything that does not fit the contract.
    """
    file = strictyaml.parse(untrusted, GateFile, "gate file")
    return Gate(
        route=file.route,
        lawful_basis=file.lawful_basis,
        purpose=file.purpose,
        authorised_by=file.authorised_by,
        authorised_on=file.authorised_on,
        reference=file.reference,
        agreement_version=file.agreement.version,
        agreement_signed_on=file.agreement.signed_on,
        recipient_checked_by=file.recipient_checked_by,
        approved_by=file.approved_by,
        expiry=file.expiry,
        notes=file.notes,
    )
