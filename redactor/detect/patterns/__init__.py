"""The written forms of UK identifiers: one small class and one table of examples for each kind."""

from __future__ import annotations

from redactor.detect.identifier import Identifier
from redactor.detect.patterns import (
    contact,
    courts,
    dates,
    devices,
    education,
    government,
    health,
    money,
    places,
    police,
    references,
    vehicles,
)

ALL: tuple[type[Identifier], ...] = (
    health.NhsNumber,
    government.NationalInsurance,
    government.Passport,
    government.DrivingLicence,
    government.Immigration,
    education.PupilNumber,
    education.SchoolYear,
    police.PoliceRecord,
    police.PoliceReference,
    police.Officer,
    courts.CourtCase,
    references.SystemReference,
    references.Registration,
    references.LongNumber,
    vehicles.VehicleRegistration,
    money.BankAccount,
    money.PaymentCard,
    contact.Telephone,
    contact.Email,
    contact.WebAddress,
    contact.Handle,
    devices.NetworkAddress,
    devices.Device,
    devices.ThreeWords,
    places.Address,
    places.Postcode,
    dates.BirthDate,
    dates.Age,
    dates.CalendarDate,
)
