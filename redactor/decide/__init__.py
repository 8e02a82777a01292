"""What happens to each detail, and why: the plan, its checks, and how much it takes away."""

from __future__ import annotations

from redactor.decide.check import check
from redactor.decide.examples import check as check_profile
from redactor.decide.examples import describe, diff
from redactor.decide.explain import explain, told
from redactor.decide.plan import plan
from redactor.decide.shares import Share, shares

__all__ = ["Share", "check", "check_profile", "describe", "diff", "explain", "plan", "shares", "told"]
