"""Promise 4: how many children share a file's pages changes neither what is proposed nor what is released."""

from __future__ import annotations

import io
import subprocess
from functools import cache

import pikepdf
import pytest

from redactor import detect, pipeline, policy
from redactor.library import copy_mark
from tests.conftest import ROOT

SAMPLE, PROFILE, PAGES = "social_work_report", "family_copy", 9


@cache
def made(hands: int) -> tuple[str, str]:
    """Return the plan's digest and the text of the proven copy."""
    folder, content = ROOT / "samples" / SAMPLE, io.BytesIO()
    with pikepdf.open(folder / f"{SAMPLE}.pdf") as one, pikepdf.new() as many:
        for _ in range(PAGES):
            many.pages.extend(one.pages)
        many.save(content, deterministic_id=True)
    profile, case = policy.load_profile(PROFILE), policy.load_case((folder / "case.yaml").read_bytes())
    reader, tools = policy.find_reader(case, PROFILE), pipeline.Tools(detect.load(), hands=hands)
    proposal = pipeline.propose(content.getvalue(), "report.pdf", profile, case, reader, tools)
    order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
    copy, _ = pipeline.release(proposal, proposal.plan, order, tools)
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=copy.content, capture_output=True, check=True)
    return proposal.plan.digest, text.stdout.decode()


@pytest.mark.slow
@pytest.mark.parametrize("hands", [2, 3])
def test_the_same_plan_and_the_same_text_however_many_share_the_pages(hands: int) -> None:
    assert made(hands) == made(1)
    assert len(made(1)[1]) > PAGES * 500
