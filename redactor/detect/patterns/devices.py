"""Things that stand for their owner: devices, network addresses, three-word places."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label


class NetworkAddress(Identifier):
    """IPv4 and IPv6."""

    label = Label.IP
    forms = (
        form(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)", 0.9),
        form(r"(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])", 0.9, flags=re.IGNORECASE),
        form(
            r"(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}(?![\w:])", 0.8, flags=re.IGNORECASE
        ),
    )
    why = "written like a network address"


class Device(Identifier):
    """IMEI (Luhn), MAC address, serial number where one is spoken of."""

    label = Label.DEVICE
    forms = (
        form(r"(?<![\w-])\d{15}(?![\w-])", 0.5),
        form(r"(?<![\w-])\d{2}[ -]\d{6}[ -]\d{6}[ -]\d(?![\w-])", 0.7),
        form(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])", 0.95),
        form(
            r"\b(?i:IMEI|serial|S/N|SIM|ICCID|IMSI|device)(?: (?i:no|number|id))?[.:]? ?(?P<v>(?=[\w-]*\d)[A-Z0-9][A-Z0-9-]{5,24})(?!\w)",
            0.85,
        ),
    )
    context_words = r"\b(?:IMEI|serial|handset|device|SIM|phone)\b"
    why = "written like a device number"

    def check(self, found: str) -> bool | None:
        """Luhn, for fifteen digits."""
        digits = re.sub(r"[ -]", "", found)
        if not (digits.isdigit() and len(digits) == 15):
            return None
        doubled = [int(digit) * 2 for digit in digits[-2::-2]]
        total = sum(int(digit) for digit in digits[-1::-2]) + sum(
            value - 9 if value > 9 else value for value in doubled
        )
        return total % 10 == 0


class ThreeWords(Identifier):
    """A what3words place, and map coordinates."""

    label = Label.LOCATION
    forms = (
        form(r"(?<!\w)///[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}(?!\w)", 0.98),
        form(r"(?:what3words|w3w)\W{1,4}(?P<v>/{0,3}[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,})(?!\w)", 0.95, flags=re.IGNORECASE),
        form(r"(?<![\w./])(?P<v>[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,})(?= ?[,(]? ?(?i:what3words|w3w))", 0.95),
        form(r"(?<![\w.])-?\d{1,2}\.\d{4,8}, ?-?\d{1,3}\.\d{4,8}(?!\w)", 0.85),
        form(
            r"(?<!\w)(?:grid(?: ref(?:erence)?)?)[: ]{1,2}(?P<v>[A-Z]{2} ?\d{3,5} ?\d{3,5})(?!\w)",
            0.8,
            flags=re.IGNORECASE,
        ),
    )
    why = "names a spot on the map"
