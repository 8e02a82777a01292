"""What surgery does not understand: the page then goes as a picture, and the reason is told."""

from __future__ import annotations


class Unsupported(Exception):
    """Raised inside surgery only; never crosses the room's door.

    Args:
        reason: a short plain phrase without document text.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
