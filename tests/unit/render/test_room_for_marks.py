"""A footer that names somebody is redacted too: the copy's own marks do not cover what then stands there."""

from __future__ import annotations

import pikepdf
import pytest

from redactor.render.watermark import make_room

A4 = (0.0, 0.0, 595.0, 842.0)


@pytest.mark.parametrize(
    ("turn", "box", "grown"),
    [
        (0, (60, 12, 200, 24), 1),
        (0, (60, 830, 200, 840), 3),
        (90, (580, 60, 590, 200), 2),
        (180, (60, 830, 200, 840), 3),
        (270, (4, 60, 14, 200), 0),
    ],
)
def test_a_page_grows_at_the_edge_where_something_was_removed(
    turn: int, box: tuple[float, float, float, float], grown: int
) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4[2:])
    page.obj.Rotate = turn
    for _ in range(2):
        make_room(page, box)
    visible = tuple(float(edge) for edge in page.cropbox)
    assert [edge for edge in range(4) if visible[edge] != A4[edge]] == [grown]
    assert abs(visible[grown] - box[grown]) >= 22
    media = tuple(float(edge) for edge in page.mediabox)
    assert media[0] <= visible[0] and media[1] <= visible[1] and media[2] >= visible[2] and media[3] >= visible[3]


@pytest.mark.parametrize("box", [(60, 300, 200, 312), (60, -300, 200, -280)])
def test_it_stays_as_it_is_where_nothing_is_in_the_way(box: tuple[float, float, float, float]) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4[2:])
    make_room(page, box)
    assert tuple(float(edge) for edge in page.cropbox) == A4
