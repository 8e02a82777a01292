"""The order of actions and how two of them combine: KEEP < GENERALISE < PSEUDONYM < MASK < REMOVE."""

from __future__ import annotations

from collections.abc import Iterable

from redactor.model import Action


def join(*actions: Action) -> Action:
    """Return the strictest of some actions; KEEP if there are none."""
    return strictest(actions)


def strictest(actions: Iterable[Action]) -> Action:
    """Return the greatest action of a collection; KEEP if it is empty."""
    return max(actions, default=Action.KEEP)
