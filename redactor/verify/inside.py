"""What runs behind the sandbox's wall: the finished bytes are opened here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from redactor import wire
from redactor.model import Document, Rendered, Written
from redactor.verify import examination, proof, sightings, written

PDF, COPY, DOCUMENT = "pdf", "copy", "document"


def prove(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Check a finished copy; the request is the ``Rendered`` without its bytes."""
    rendered = replace(wire.load(Rendered, request), pdf=files[PDF])
    return wire.dump(proof.prove(rendered, wire.load(Document, files[DOCUMENT]))), {}


def prove_written(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Check a finished copy that flows; the request is the ``Written`` without its bytes."""
    copy = replace(wire.load(Written, request), content=files[COPY])
    return wire.dump(written.prove(copy, wire.load(Document, files[DOCUMENT]))), {}


def examine(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Look through any PDF for bad redactions; the request is ``{"password": ...}``."""
    password = json.loads(request).get("password")
    return wire.dump(examination.examine(files[PDF], password)), {}


def sees(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Look for needles everywhere in a PDF; the request is ``{"needles": [...]}``."""
    found = sightings.sees(files[PDF], tuple(json.loads(request)["needles"]))
    return json.dumps(found).encode(), {}
