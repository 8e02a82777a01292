"""Promises 1 and 3: for every sample and profile, what must go is in no stream of the copy, what must stay is there."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from redactor import detect, pipeline, policy
from redactor.cli.demo import PROFILES, Sample, samples
from redactor.library import copy_mark

CASES = [(sample, profile) for sample in samples() for profile in PROFILES]


@pytest.fixture(scope="session")
def tools() -> pipeline.Tools:
    return pipeline.Tools(detector=detect.load())


def folded(text: str) -> str:
    """Blind to case, white space and the shape of dashes and quotes, as a reader is."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").replace("\u00ad", "")
    return re.sub(r"[\s\u2010-\u2015-]+", " ", text)


def occurs(needle: str, text: str) -> bool:
    words = r"\s*".join(re.escape(word) for word in folded(needle).split())
    return re.search(rf"(?<!\w){words}(?!\w)", folded(text)) is not None


def released_text(pdf: Path) -> str:
    """Return the words line by line, and cell by cell: a passage wrapped in a narrow cell is whole only there."""
    readings = [
        subprocess.run(["pdftotext", *order, str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        for order in ([], ["-raw"])
    ]
    return "\n".join(readings)


def everything(content: bytes, folder: Path) -> str:
    """Return all strings, names and decoded streams of the file, whatever they are for."""
    seen = []
    with pikepdf.open(content if isinstance(content, Path) else _stored(content, folder)) as pdf:
        for number in range(1, len(pdf.objects)):
            entry: Any = pdf.get_object(number, 0)
            seen.append(entry.unparse(resolved=True).decode("latin-1") if entry is not None else "")
            if isinstance(entry, pikepdf.Stream):
                seen.append(_content(entry).decode("latin-1"))
    return "\n".join(seen)


def _content(stream: pikepdf.Stream) -> bytes:
    """Return a stream's bytes, decoded but for pictures."""
    picture = stream.get("/Filter") in ("/CCITTFaxDecode", "/DCTDecode")
    return stream.read_raw_bytes() if picture else stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)


def _stored(content: bytes, folder: Path) -> Path:
    target = folder / "copy.pdf"
    target.write_bytes(content)
    return target


@pytest.mark.slow
@pytest.mark.parametrize(("sample", "profile_name"), CASES, ids=[f"{s.name}-{p}" for s, p in CASES])
def test_each_reader_gets_what_is_theirs_and_nothing_else(
    sample: Sample, profile_name: str, tools: pipeline.Tools, tmp_path: Path
) -> None:
    expected = yaml.safe_load((sample.document.parent / "expect.yaml").read_text())[profile_name]
    profile, case = policy.load_profile(profile_name), policy.load_case(sample.case.read_bytes())
    reader = policy.find_reader(case, profile_name)
    proposal = pipeline.propose(sample.document.read_bytes(), sample.document.name, profile, case, reader, tools)
    order = pipeline.Order(case, profile, reader, copy_mark(profile, case, reader, draft=True))
    sealed, _ = pipeline.release(proposal, proposal.plan, order, tools)

    text = released_text(_stored(sealed.content, tmp_path))
    streams = everything(sealed.content, tmp_path)
    readable = [gone for gone in expected["go"] if occurs(gone, text) or gone.casefold() in streams.casefold()]
    missing = [kept for kept in expected["stay"] if not occurs(kept, text)]
    assert readable == []
    assert missing == []
