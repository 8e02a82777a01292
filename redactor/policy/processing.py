"""The record of processing activities as data (UK GDPR Article 30(1)): what each kind of copy is for."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from redactor.policy import strictyaml
from redactor.resources import path


class Activity(BaseModel):
    """One activity.

    Args:
        purpose: what for (30(1)(b)).
        people, data: categories of people and of personal data (30(1)(c)).
        recipients: categories of recipients (30(1)(d)).
        retention: class of ``templates/retention.yaml`` (30(1)(f)).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str
    people: tuple[str, ...]
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str


class Activities(BaseModel):
    """All activities, and what holds for each (30(1)(e) and (g))."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    controller_note: str
    security: str
    transfers: str
    activities: dict[str, Activity]


@cache
def load_activities() -> Activities:
    """Return the activities as shipped."""
    return strictyaml.parse(
        path("templates", "processing.yaml").read_bytes(), Activities, "record of processing activities"
    )
