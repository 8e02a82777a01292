"""All that must hold before a change lands, in the order in which it is quickest to fail: ./run test."""

from __future__ import annotations

import subprocess
import sys
import time

BIN = sys.prefix + "/bin/"
QUICK = (
    ("lint", [BIN + "ruff", "check", "--quiet", "."]),
    ("format", [BIN + "ruff", "format", "--check", "--quiet", "."]),
    ("types", [BIN + "mypy", "--no-error-summary"]),
    ("import contracts", [BIN + "lint-imports", "--no-cache"]),
    ("dead code", [BIN + "vulture"]),
)


def main() -> int:
    """Run every check; stop at the first that fails; end with pytest's own line."""
    if len(sys.argv) == 1:
        for name, command in QUICK:
            begun = time.monotonic()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(done.stdout + done.stderr)
                print(f"{name}: failed")
                return done.returncode
            print(f"{name}: ok ({time.monotonic() - begun:.1f} s)", flush=True)
    wanted = sys.argv[1:] or ["-n", "2", "--dist", "worksteal", "-q"]
    return subprocess.run([sys.executable, "-m", "pytest", *wanted], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
