"""How alike two texts are, by a small sample of their shingles (Broder 1997): nothing of the text can be read from it.

A shingle is five words in a row, without marks and case of letters, as a hash of eight bytes. The lowest hashes of all
shingles are the sample; the share of them that two texts have in common tells how alike the texts are.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from dataclasses import dataclass

SHINGLE_WORDS = 5
SAMPLE = 256
NEARLY_THE_SAME = 0.8
_HASH_BYTES = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The lowest hashes of a text's shingles, in order."""

    hashes: tuple[int, ...]


def sketch(text: str) -> Sketch:
    """Return the sample of a text's shingles; empty for a text of fewer words than one shingle has."""
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    shingles = {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}
    hashes = {
        int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=_HASH_BYTES).digest()) for shingle in shingles
    }
    return Sketch(tuple(heapq.nsmallest(SAMPLE, hashes)))


def alike(first: Sketch, second: Sketch) -> float:
    """Return the share of shingles that two texts have in common, as their samples tell it: 0 to 1."""
    both = sorted({*first.hashes, *second.hashes})[:SAMPLE]
    common = {*first.hashes} & {*second.hashes}
    return sum(one in common for one in both) / len(both) if both else 0.0
