"""A long born-digital PDF from upload to proven draft: seconds a stage, CPU and peak memory: ``./run bench large``.

Reach: 300 pages within 150 s on two cores and 800 MB. Option: --pages=N.
"""

from __future__ import annotations

import os
import platform
import sys

from redactor import detect, pipeline
from tests.bench._minutes import SOURCES, minutes
from tests.bench.end_to_end import measure

PAGES = 300


def main() -> None:
    """Print the table."""
    asked = dict(option[2:].partition("=")[::2] for option in sys.argv[1:])
    pages = int(asked.get("pages", PAGES))
    content = minutes(pages)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    print("| document | stage | figure |\n| --- | --- | --- |")
    measure(f"{pages}-page PDF", content, pipeline.Tools(detect.load()), SOURCES[0])


if __name__ == "__main__":
    main()
