"""What the measurements print: one heading with machine and date, rows of a Markdown table, and one way to take a file."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from redactor import detect, pipeline, policy
from redactor.library import copy_mark
from redactor.limits import MEBIBYTE
from samples import make as samples
from tests.bench._peak import Peak

HERE = Path(samples.HERE)
PROFILE = "family_copy"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one file took from upload to proven, sealed draft.

    Args:
        seconds: by the clock.
        cpu: seconds of processor time of this process and its children.
        peak: largest private resident memory of all of them at once, in bytes.
    """

    pages: int
    seconds: float
    cpu: float
    peak: int
    pdf: bytes

    def row(self, name: str) -> str:
        """Return the figures as a row."""
        shares = f"{self.cpu / self.pages * 1000:.0f} ms a page, {self.pages / self.seconds * 60:.0f} pages a minute"
        return f"| {name} | {self.seconds:.1f} s, {self.cpu:.1f} s of processor time, {shares}, {self.peak // MEBIBYTE} MiB |"


def heading(what: str) -> None:
    """Print what is measured, on which machine, when, and how busy it is: a busy one makes the clock an upper bound."""
    model = next((line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")), "")
    machine = f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"\n{what}: {machine}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f}\n")
    print("| what | figure |\n| --- | --- |", flush=True)


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


@cache
def detector() -> detect.Detector:
    """Load the detector once."""
    return detect.load()


def take(content: bytes, name: str, folder: str, *, hands: int | None = None) -> Taken:
    """Take one file the whole way: read, find, plan, redact, lay out, prove, seal.

    Args:
        folder: of the sample whose case it belongs to.
        hands: as ``pipeline.Tools`` has it.
    """
    tools = pipeline.Tools(detector()) if hands is None else pipeline.Tools(detector(), hands=hands)
    profile, case = policy.load_profile(PROFILE), policy.load_case((HERE / folder / "case.yaml").read_bytes())
    reader = policy.find_reader(case, PROFILE)
    begun = time.monotonic()
    with Peak() as peak:
        proposal = pipeline.propose(content, name, profile, case, reader, tools)
        order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
        copy, rendered = pipeline.release(proposal, proposal.plan, order, tools)
    first, end = rendered.body_pages
    return Taken(end - first, time.monotonic() - begun, peak.cpu, peak.bytes, copy.content)
