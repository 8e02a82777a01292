"""Promise 1: what stands for a removed word is clear of its box, so that the proof can tell it from leftovers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from redactor.redact.places import Change
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


@pytest.mark.parametrize("pitch", range(24, 48, 4))
def test_lines_that_stand_tight_leave_one_anothers_tokens_whole(pitch: int) -> None:
    """Boxes of lines may overlap: what is set anew on one line cuts into no token of the next."""
    image = Image.new("L", (600, 400), 255)
    lines = Relining(image, 200, False, lambda x, y, width, height: image.crop((int(x), y, int(x) + width, y + height)))
    tall, changes, kept = 34, [], []
    for number in range(6):
        top = 40.0 + number * pitch
        changes.append((Change(0, (), "[a person]", number), (40.0, top, 200.0, top + tall)))
        kept += [(210.0, top, 300.0, top + tall)] if number % 2 else []
    lines.run(changes, kept)
    assert len(lines.put) == 6
    for put in lines.put:
        left, top, right, bottom = put.box
        inside = np.asarray(image)[top + EDGE_PIXELS : bottom - EDGE_PIXELS, left + EDGE_PIXELS : right - EDGE_PIXELS]
        assert (inside < 128).any()
        assert not (inside[[0, -1]] < 128).any()


def test_tokens_that_came_to_lie_on_one_another_become_one_plain_box() -> None:
    image = Image.new("L", (600, 100), 255)
    lines = Relining(image, 200, False, lambda x, y, width, height: image.crop((int(x), y, int(x) + width, y + height)))
    draw = ImageDraw.Draw(image)
    for box in ((20, 10, 200, 44), (150, 30, 320, 64), (400, 10, 580, 44)):
        lines._write(draw, "[a person]", box)
    lines._part_tokens()
    assert [(put.text, put.box) for put in lines.put] == [("", (20, 10, 320, 64)), ("[a person]", (400, 10, 580, 44))]
    assert not np.asarray(image)[10:64, 20:320].any()


def test_a_place_too_low_for_letters_is_a_plain_box() -> None:
    image = Image.new("L", (600, 100), 255)
    lines = Relining(image, 200, False, lambda x, y, width, height: image.crop((int(x), y, int(x) + width, y + height)))
    lines._write(ImageDraw.Draw(image), "[a person]", (20, 10, 120, 20))
    assert not np.asarray(image)[10:20, 20:120].any()
