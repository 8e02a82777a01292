"""Makes the sample files and their truth from the tagged sources: ``python -m samples.make``.

Each folder's ``source.yaml`` holds the text with inline tags ``{{LABEL|person|words}}``. Everybody in it is invented.
The result is deterministic but for LibreOffice's own bytes, so the made files are committed beside their sources.
"""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2
import yaml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageFilter

HERE = Path(__file__).resolve().parent
TAG = re.compile(r"\{\{([A-Z_]+)\|([^|]+)\|([^}]+)\}\}")
STAMP = "2026-06-09T09:00:00Z"


def plain(raw: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text without tags, and the spans that were tagged."""
    text, spans, last = "", [], 0
    for match in TAG.finditer(raw):
        text += raw[last : match.start()]
        spans.append({"start": len(text), "label": match[1], "person": match[2], "text": match[3]})
        text += match[3]
        last = match.end()
    return text + raw[last:], spans


def main() -> None:
    """Make every sample."""
    for source in sorted(HERE.glob("*/source.yaml")):
        content = yaml.safe_load(source.read_text())
        folder, form = source.parent, content["form"]
        truth: list[dict[str, Any]] = []
        if form == "eml":
            (folder / "email.eml").write_bytes(_email(content, truth))
        else:
            made = _docx(content, truth)
            if form == "docx":
                (folder / f"{folder.name}.docx").write_bytes(made)
            else:
                pdf = _pdf(made)
                (folder / f"{folder.name}.pdf").write_bytes(pdf if form == "pdf" else _scan(pdf))
        (folder / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
        print(folder.name, form, len(truth), "units")


def _docx(content: dict[str, Any], truth: list[dict[str, Any]]) -> bytes:
    made = docx.Document()
    made.core_properties.title = content["title"]
    made.core_properties.author = "Minute taker"
    made.add_heading(content["title"], level=0)
    section, last = "open", None

    def put(where: str, raw: str) -> str:
        text, spans = plain(raw)
        truth.append({"where": where, "section": section, "text": text, "spans": spans})
        return text

    for block in content["blocks"]:
        (kind, value), *_ = block.items()
        if kind == "section":
            section = value
        elif kind in ("header", "footer"):
            getattr(made.sections[0], kind).paragraphs[0].text = put(kind, value)
        elif kind == "heading":
            last = made.add_heading(put(kind, value), level=1)
        elif kind == "p":
            last = made.add_paragraph()
            _in_uneven_runs(last, put(kind, value))
        elif kind == "list":
            for item in value:
                last = made.add_paragraph(put("list", item), style="List Bullet")
        elif kind == "table":
            table = made.add_table(rows=0, cols=len(value[0]))
            table.style = "Table Grid"
            for row in value:
                for cell, raw in zip(table.add_row().cells, row, strict=True):
                    cell.text = put("cell", raw)
        elif kind == "deleted":
            _tracked(last, put(kind, value))
        elif kind == "comment":
            author, text = put("comment author", value["author"]), put("comment", value["text"])
            made.add_comment(runs=last.runs, text=text, author=author, initials="")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _in_uneven_runs(paragraph: Any, text: str) -> None:
    """Split the text into runs as Word does after edits."""
    cuts = sorted({len(text) // 5, len(text) // 2, (len(text) * 3) // 4, len(text)})
    for start, end in zip([0, *cuts], cuts, strict=False):
        if end > start:
            paragraph.add_run(text[start:end])


def _tracked(paragraph: Any, text: str) -> None:
    mark = OxmlElement("w:del")
    for name, value in (("w:id", "901"), ("w:author", "Minute taker"), ("w:date", STAMP)):
        mark.set(qn(name), value)
    run, deleted = OxmlElement("w:r"), OxmlElement("w:delText")
    deleted.text = text
    deleted.set(qn("xml:space"), "preserve")
    run.append(deleted)
    mark.append(run)
    paragraph._p.append(mark)


def _pdf(content: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.docx"
        source.write_bytes(content)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                source.name,
            ],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return (Path(folder) / "report.pdf").read_bytes()


def _scan(pdf: bytes) -> bytes:
    """Print and scan: grey, slightly turned, soft and noisy, 200 dots per inch."""
    noise = np.random.default_rng(7)
    random.seed(7)
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")
        picture = picture.rotate(random.uniform(-0.6, 0.6), fillcolor=250, resample=Image.Resampling.BICUBIC)
        picture = picture.filter(ImageFilter.GaussianBlur(0.6))
        pixels = np.asarray(picture).astype(float) + noise.normal(0, 9, (picture.height, picture.width))
        pages.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=200, save_all=True, append_images=pages[1:], quality=70)
    return stream.getvalue()


def _email(content: dict[str, Any], truth: list[dict[str, Any]]) -> bytes:
    message, lines = EmailMessage(), []
    message["Subject"] = content["title"]
    message["Date"] = "Wed, 27 May 2026 16:20:00 +0100"
    for block in content["blocks"]:
        text, spans = plain(block["p"])
        truth.append({"where": "p", "section": "open", "text": text, "spans": spans})
        name, _, value = text.partition(": ")
        if name in ("From", "To"):
            message[name] = value
        else:
            lines.append(text)
    message.set_content("\n\n".join(lines) + "\n")
    return bytes(message)


if __name__ == "__main__":
    main()
