"""Promise 4: a web process holds no parser and no detector; the service behind it loads neither."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("redactor.detect", "redactor.pipeline", "redactor.ingest", "spacy", "presidio_analyzer", "onnxruntime")


def test_the_service_loads_no_detector() -> None:
    script = f"import sys, redactor.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
