"""End to end beside stock Presidio with PyMuPDF on the same files in the same run: ``./run bench peer --rival=PYTHON``.

PYTHON is that of an environment with presidio-analyzer, a spaCy model (``--rival-model=``) and PyMuPDF, none of which is
part of this project. Ours reads, finds, decides, redacts, adds cover and schedule, marks, proves and seals; theirs reads,
finds, redacts and looks again. What each leaves readable of the strings that the family's copy must not hold
(``samples/icpc_minutes/expect.yaml``) is counted as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from redactor.verify import sees
from tests.bench._minutes import minutes
from tests.bench._table import HERE, PROFILE, detector, heading, take

PAGES = (50,)
ROUNDS = 2


def main() -> None:
    """Print a row for each side, file and round."""
    options = dict(option.lstrip("-").split("=", 1) for option in sys.argv[1:] if "=" in option)
    heading("End to end, verification included")
    detector()
    lengths = tuple(map(int, options["pages"].split(","))) if "pages" in options else PAGES
    for pages in lengths:
        content = minutes(pages)
        for _ in range(ROUNDS):
            taken = take(content, "minutes.pdf", "icpc_minutes")
            print(taken.row(f"ours, text PDF of {pages} pages") + f" {left(taken.pdf)} |", flush=True)
            if "rival" in options:
                print(rival(options["rival"], options.get("rival-model", "en_core_web_md"), content), flush=True)


def rival(python: str, model: str, content: bytes) -> str:
    """Return the other side's row."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(content)
        command = [python, str(Path(__file__).with_name("rival_pdf.py")), model, str(source), str(target)]
        said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        readable = left(target.read_bytes())
    pages = said["pages"]
    return (
        f"| Presidio with PyMuPDF, the same | {said['seconds']:.1f} s, {said['cpu']:.1f} s of processor time, "
        f"{said['cpu'] / pages * 1000:.0f} ms a page, {pages / said['seconds'] * 60:.0f} pages a minute | {readable} |"
    )


def left(pdf: bytes) -> str:
    """Say how many of the strings that must go can still be found anywhere in a file."""
    must_go = yaml.safe_load((HERE / "icpc_minutes" / "expect.yaml").read_text())[PROFILE]["go"]
    return f"{sum(bool(places) for places in sees(pdf, must_go).values())} of {len(must_go)} still readable"


if __name__ == "__main__":
    main()
