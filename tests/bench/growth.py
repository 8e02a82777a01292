"""How cost grows with length: ``./run bench growth [--pages=1,10,100,300]``: minutes as PDF, from upload to proven draft."""

from __future__ import annotations

import sys

from tests.bench._minutes import minutes
from tests.bench._table import detector, heading, take

PAGES = (1, 10, 100, 300)


def main() -> None:
    """Print a row for each length."""
    asked = next((option.split("=")[1] for option in sys.argv[1:] if option.startswith("--pages=")), "")
    heading("Growth with length")
    detector()
    for pages in map(int, asked.split(",")) if asked else PAGES:
        print(take(minutes(pages), "minutes.pdf", "icpc_minutes").row(f"text PDF of {pages} pages"), flush=True)


if __name__ == "__main__":
    main()
