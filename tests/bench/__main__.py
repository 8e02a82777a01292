"""``./run bench [NAME ...]``: run the named measurements; without a name, the short table of the README."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

SHORT = ("startup", "growth", "workers", "end_to_end", "peer")


def main() -> None:
    """Run each measurement asked for as its own program would."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    options = [name for name in sys.argv[1:] if name.startswith("-")]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"There is no measurement called {', '.join(unknown)}. Choose from {', '.join(known)}.")
    for name in names or SHORT:
        sys.argv = [f"bench {name}", *options]
        runpy.run_module(f"tests.bench.{name}", run_name="__main__")


main()
