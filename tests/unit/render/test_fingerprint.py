"""Promise 2: the right copy to the right person. A leaked copy can be traced from file, print and photograph."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from redactor import wire
from redactor.cli import group
from redactor.errors import Damaged
from redactor.model import CopyMark
from redactor.render import fingerprint, joining, tracing

MARK = CopyMark("Maria Okoye", "1 of 9", "2026-11-24", "OFFICIAL-SENSITIVE", "DC-2024-0117", draft=False)
CANDIDATES = {f"copy {number}": 900_001 + 7919 * number for number in range(50)}
LEAKED, KEPT = "copy 7", "copy 0"
SAID = "plan review school visit family agreed weekly health report teacher meeting contact support action"
WORDS = SAID.split()


@cache
def body() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    chosen = np.random.default_rng(3)
    for _ in range(2):
        for line in range(38):
            canvas.drawString(60, 780 - 18.5 * line, " ".join(chosen.choice(WORDS, size=int(chosen.integers(8, 12)))))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@cache
def copy(key: str | None) -> bytes:
    mark = replace(MARK, fingerprint=CANDIDATES[key] if key else None)
    return joining.run(wire.dump(mark), {"body": body()})[1]["pdf"]


def picture(pdf: bytes, page: int, dpi: int = 150) -> Image.Image:
    return pdfium.PdfDocument(pdf)[page].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def packed(image: Image.Image, noise: float, quality: int = 40) -> bytes:
    pixels = np.asarray(image).astype(float)
    if noise:
        pixels = pixels * 0.85 + 20 + np.random.default_rng(11).normal(0, noise, pixels.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype("uint8")).save(out, "JPEG", quality=quality)
    return out.getvalue()


def scanned(pdf: bytes, page: int) -> bytes:
    turned = picture(pdf, page).rotate(0.6, fillcolor=255, resample=Image.Resampling.BICUBIC, expand=True)
    return packed(turned.filter(ImageFilter.GaussianBlur(0.7)), 14)


def photographed(pdf: bytes, page: int) -> bytes:
    image = picture(pdf, page).rotate(-1.1, fillcolor=250, resample=Image.Resampling.BICUBIC, expand=True)
    slanted = (1.0, 0.004, -6, 0.003, 1.0, -5, 4e-6, 6e-6)
    image = image.transform(image.size, Image.Transform.PERSPECTIVE, slanted, Image.Resampling.BICUBIC, fillcolor=250)
    image = image.resize((int(image.width * 0.9), int(image.height * 0.9)), Image.Resampling.LANCZOS)
    return packed(image.filter(ImageFilter.GaussianBlur(1.0)), 20)


def traced(suspect: bytes, candidates: dict[str, int] = CANDIDATES) -> tracing.Traced:
    return tracing.compare(suspect, copy(KEPT), CANDIDATES[KEPT], candidates)


def test_the_file_itself_is_traced() -> None:
    found = traced(copy(LEAKED))
    assert found.copy == LEAKED
    assert found.lines >= 70


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("degraded", [scanned, photographed])
def test_one_page_is_traced_from_a_scan_and_a_photograph(page: int, degraded: object) -> None:
    assert traced(degraded(copy(LEAKED), page)).copy == LEAKED  # type: ignore[operator]


def test_a_copy_that_was_never_handed_out_is_not_blamed_on_anybody() -> None:
    others = {key: number for key, number in CANDIDATES.items() if key != LEAKED}
    assert traced(copy(LEAKED), others).copy is None
    assert traced(scanned(copy(LEAKED), 0), others).copy is None


def test_an_unmarked_copy_is_not_blamed_on_anybody() -> None:
    assert traced(copy(None)).copy is None


def test_the_text_and_its_order_stay_as_they_are() -> None:
    before = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(copy(None))]
    after = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(copy(LEAKED))]
    assert before == after


def test_no_line_moves_by_more_than_a_third_of_a_point() -> None:
    def heights(pdf: bytes) -> list[float]:
        text = pdfium.PdfDocument(pdf)[0].get_textpage()
        return [text.get_charbox(n)[1] for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]

    moved = np.abs(np.asarray(heights(copy(None))) - np.asarray(heights(copy(LEAKED))))
    assert moved.max() <= fingerprint.SHIFT + 0.01
    assert np.mean(moved > 0.3) > 0.9


def test_signs_are_the_numbers_own_and_balanced() -> None:
    first, second = fingerprint.signs(1, 0, 400), fingerprint.signs(2, 0, 400)
    assert np.array_equal(first, fingerprint.signs(1, 0, 400))
    assert abs(float(np.mean(first))) < 0.2
    assert abs(float(np.mean(first * second))) < 0.2


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(Damaged):
        tracing.trace(b"nothing", copy(KEPT), CANDIDATES[KEPT], CANDIDATES)


def test_the_sandboxed_face_says_how_sure_it_is() -> None:
    found = tracing.trace(copy(LEAKED), copy(KEPT), CANDIDATES[KEPT], CANDIDATES)
    assert found.copy == LEAKED
    assert found.likeness > 0.8
    assert found.sureness > 5


@pytest.mark.parametrize("made", ["file", "scan", "photograph"])
def test_the_command_line_names_the_copy(made: str, tmp_path: Path) -> None:
    leaked = {"file": lambda pdf, _: locked(pdf, "open"), "scan": scanned, "photograph": photographed}[made]
    (tmp_path / "leaked").write_bytes(leaked(copy(LEAKED), 0))
    (tmp_path / "kept.pdf").write_bytes(locked(copy(KEPT), "kept"))
    (tmp_path / "copies.json").write_text(json.dumps(CANDIDATES))
    (tmp_path / "password").write_text("open\n")
    (tmp_path / "kept-password").write_text("kept\n")
    options = ["--reference", "kept.pdf", "--reference-copy", KEPT, "--reference-password-file", "kept-password"]
    given = [str(tmp_path / o) if o in ("kept.pdf", "kept-password") else o for o in options]
    given += ["--candidates", str(tmp_path / "copies.json"), "--password-file", str(tmp_path / "password"), "--json"]
    answer = CliRunner().invoke(group, ["trace", str(tmp_path / "leaked"), *given])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["copy"] == LEAKED


def locked(pdf: bytes, password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="owner", user=password, R=6))
    return out.getvalue()
