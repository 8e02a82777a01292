"""Runs a named function on hostile bytes in a child that can be killed: limits, no network, JSON back, never pickle."""

from __future__ import annotations

from redactor.sandbox.call import Answer, call, end_all, free_hands, spread
from redactor.sandbox.programs import run_program

__all__ = ["Answer", "call", "end_all", "free_hands", "run_program", "spread"]
