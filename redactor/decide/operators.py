"""What stands in a detail's place: presidio-anonymizer's operators and two of our own, applied to one span at a time.

One at a time because presidio's engine merges neighbouring spans of one type, which would lose one person's label.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from presidio_anonymizer.operators import Operator, OperatorsFactory, OperatorType

from redactor.decide.generalise import generalised
from redactor.model import Action, Label
from redactor.policy.profile import Times

_BY_ACTION = {
    Action.KEEP: "keep",
    Action.GENERALISE: "generalise",
    Action.PSEUDONYM: "pseudonym",
    Action.MASK: "replace",
    Action.REMOVE: "replace",
}
_FIELD = re.compile(r"\{(label|general)\}")


class Pseudonym(Operator):
    """Put a person's consistent label into the rule's words."""

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """Return the label in the rule's words, for example ``[Child A]``."""
        given = params or {}
        return fill(given["template"], given["own"], given["general"])

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Refuse a missing label."""
        if not params or not {"template", "own", "general"} <= set(params):
            raise ValueError("pseudonym needs the person's label")

    def operator_name(self) -> str:
        """Return the operator's name in the registry."""
        return "pseudonym"

    def operator_type(self) -> OperatorType:
        """Return which registry it belongs to."""
        return OperatorType.Anonymize


class Generalise(Operator):
    """Say the same less exactly: a month for a date, a band for an age, a kind of place for its name."""

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """Return the less exact words in square brackets."""
        given = params or {}
        return f"[{given.get('day') or generalised(text, given['label'], given['times'])}]"

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Refuse missing settings."""
        if not params or not {"label", "times"} <= set(params):
            raise ValueError("generalise needs the label and how times are told")

    def operator_name(self) -> str:
        """Return the operator's name in the registry."""
        return "generalise"

    def operator_type(self) -> OperatorType:
        """Return which registry it belongs to."""
        return OperatorType.Anonymize


@cache
def _registry() -> OperatorsFactory:
    registry = OperatorsFactory()  # type: ignore[no-untyped-call]
    registry.add_anonymize_operator(Pseudonym)
    registry.add_anonymize_operator(Generalise)
    return registry


def fill(template: str, own: str, general: str) -> str:
    """Put a person's own or general label into a rule's words."""
    return _FIELD.sub(lambda match: own if match[1] == "label" else general, template)


def replacement(
    action: Action,
    text: str,
    *,
    template: str,
    own: str,
    general: str,
    label: Label,
    times: Times,
    day: str | None = None,
) -> str:
    """Return what stands in a span's place; empty for KEEP.

    Args:
        action: what happens to the span.
        text: the span's text.
        template: the rule's words.
        own: the person's own label.
        general: the general word for such a person.
        label: what the span is.
        times: how the profile tells dates and ages.
        day: the date as the series tells it, where the profile moves or counts dates.
    """
    if action == Action.KEEP:
        return ""
    params: dict[str, Any] = {
        "template": template or "[{label}]",
        "own": own,
        "general": general,
        "label": label,
        "times": times,
        "day": day,
        "new_value": fill(template, own, general),
    }
    if action == Action.GENERALISE and template:
        return fill(template, own, general)
    if action in (Action.MASK, Action.REMOVE) and not template:
        return ""
    operator = _registry().create_operator_class(_BY_ACTION[action], OperatorType.Anonymize)
    operator.validate(params)
    return str(operator.operate(text, params))
