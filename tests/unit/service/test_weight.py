"""Promise 4 and issue 7.7: a web process holds no parser and no detector, and stays within its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from redactor.limits import MEBIBYTE

HEAVY = (
    "redactor.detect", "redactor.pipeline", "redactor.ingest", "spacy", "presidio_analyzer", "onnxruntime", "celery",
)  # fmt: skip
WEB_BYTES = 250 * MEBIBYTE
SCRIPT = r"""
import re, sys
from pathlib import Path
from redactor.settings import Settings
from redactor.web import create_app
app = create_app(settings=Settings(data=Path(sys.argv[1])))
client = app.test_client()
assert {client.get(page).status_code for page in ("/health", "/ready", "/sign-in", "/help")} == {200}
print([name for name in sys.argv[2:] if name in sys.modules])
# The peak of this program alone: the figure of getrusage carries over from the process that started it.
print(int(re.search(r'VmHWM:\s+(\d+) kB', Path('/proc/self/status').read_text())[1]) * 1024)
"""


def test_the_service_loads_no_detector() -> None:
    script = f"import sys, redactor.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_web_process_loads_no_detector_and_stays_small(tmp_path: Path) -> None:
    line = [sys.executable, "-c", SCRIPT, str(tmp_path / "var"), *HEAVY]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    loaded, most = done.stdout.split("\n")[:2]
    assert loaded == "[]"
    assert int(most) < WEB_BYTES
