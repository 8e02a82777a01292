"""Promise 1: what stands for a removed word is clear of its box, so that the proof can tell it from leftovers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from redactor.redact.relining import Relining

EDGE_PIXELS = 2  # what the proof leaves aside at each side of a box


@pytest.mark.parametrize("tall", range(16, 64, 3))
@pytest.mark.parametrize("token", ["[a person]", "[Åsa]", "[age]"])
def test_a_token_touches_no_edge_of_its_place(token: str, tall: int) -> None:
    image = Image.new("L", (600, 100), 255)
    lines = Relining(image, 200, False, lambda left, top, width, height: image.crop((left, top, width, height)))
    lines._write(ImageDraw.Draw(image), token, (20, 10, 580, 10 + tall))
    inside = np.asarray(image)[10 + EDGE_PIXELS : 10 + tall - EDGE_PIXELS, 20:580] < 128
    assert inside.any()
    assert not inside[0].any()
    assert not inside[-1].any()
