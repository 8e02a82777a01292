"""The labels of the model and the encoding of text that training and the runtime share."""

from __future__ import annotations

LABELS = ("PERSON", "DOB", "AGE", "DATE", "ADDRESS", "LOCATION", "SCHOOL", "ORG", "SPECIAL", "USERNAME", "ID")
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
TAG_ID = {tag: i for i, tag in enumerate(TAGS)}
NO_LOSS = -100
EVERY = frozenset(LABELS)


def free_tags(annotated: frozenset[str]) -> tuple[int, ...]:
    """What an unlabelled token may be in a set that annotates only these labels."""
    return (0, *(TAG_ID[f"{p}-{label}"] for label in LABELS if label not in annotated for p in "BI"))
