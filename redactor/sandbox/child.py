"""The inside of the wall: reads one request, calls one named function, writes one answer, ends."""

from __future__ import annotations

import importlib
import os
import resource
import sys
from collections.abc import Callable, Mapping

from redactor.errors import RedactorError
from redactor.sandbox import frames, landlock
from redactor.sandbox.containment import FILTER_CALLS

Entry = Callable[[bytes, Mapping[str, bytes]], tuple[bytes, Mapping[str, bytes]]]

REQUEST, ANSWER = "request", "answer"


def main() -> None:
    """Serve one call on standard input and output."""
    if os.environ.get(FILTER_CALLS):
        landlock.refuse_calls()
    inbound, outbound = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not mix with the answer
    head, blobs = frames.read(inbound, most_bytes=sys.maxsize)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        value, files = _entry(str(head["function"]))(blobs.pop(REQUEST), blobs)
    except RedactorError as refusal:
        described = {"error": refusal.slug, "message": refusal.message, "next_step": refusal.next_step}
        frames.write(outbound, {**described, "checks": list(getattr(refusal, "checks", ()))}, {})
    except MemoryError:
        frames.write(outbound, {"error": "too-large", "message": "The file needs more memory than is allowed."}, {})
    except RecursionError:
        frames.write(outbound, {"error": "hostile", "message": "The file is nested too deeply to be genuine."}, {})
    else:
        frames.write(outbound, {}, {ANSWER: value, **files})


def _entry(dotted: str) -> Entry:
    module, _, function = dotted.partition(":")
    if not module.startswith("redactor."):
        raise ValueError("only functions of this package can be called")
    found: Entry = getattr(importlib.import_module(module), function)
    return found
