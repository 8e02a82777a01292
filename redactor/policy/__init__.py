"""What each reader may see, as data: profiles, reason codes, case and gate files, and how actions combine."""

from __future__ import annotations

from redactor.policy.casefile import find_reader, load_case
from redactor.policy.gatefile import load_gate
from redactor.policy.profile import Profile
from redactor.policy.reasons import Reason, load_reasons
from redactor.policy.shelf import load_profile, shipped_profiles

__all__ = [
    "Profile",
    "Reason",
    "find_reader",
    "load_case",
    "load_gate",
    "load_profile",
    "load_reasons",
    "shipped_profiles",
]
