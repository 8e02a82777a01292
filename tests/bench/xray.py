"""Prints, for each PDF of freelawproject/x-ray's own tests in the shared corpus, what the examination finds.

Run: python -m tests.bench.xray [folder of PDFs]
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from redactor.verify import examination

PREFIX = "xray__tests__assets__"


def main(folder: Path) -> None:
    """Print one line a file: verdict, kinds of fault with recoverable characters, seconds."""
    os.environ.setdefault("REDACTOR_CONTAINED", "1")
    flagged = 0
    files = sorted(folder.glob(f"{PREFIX}*.pdf"))
    for file in files:
        begun = time.perf_counter()
        report = examination.examine(file.read_bytes(), None)
        seconds = time.perf_counter() - begun
        characters: Counter[str] = Counter()
        for sighting in report.findings:
            characters[sighting.what] += sighting.characters
        flagged += not report.passed
        verdict = "sound" if report.passed else "bad  "
        print(f"{file.stem.removeprefix(PREFIX):38} {verdict} {dict(characters)!s:36} {seconds:5.2f} s")
    print(f"{len(files)} files, {flagged} flagged")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/corpus/pdf"))
