"""From trained weights to the folder that ships: int8 ONNX, word pieces, settings, spaCy's files, manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch

from models.training.labels import TAGS
from models.training.network import Net, Plain
from redactor.detect.names import COMPONENT, INPUTS, register

CORE, MARGIN = 152, 24


def to_onnx(net: Net, target: Path, whole: bool = False) -> None:
    """Write the network with int8 weights, or with whole ones for comparison."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net.eval()
    ids = torch.tensor([[101, 2198, 3044, 2003, 2182, 102]])
    axes = {name: {0: "batch", 1: "pieces"} for name in [*INPUTS, "scores"]}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            Plain(net).eval(),
            (ids, torch.zeros_like(ids)),
            str(plain),
            input_names=list(INPUTS),
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        if whole:
            shutil.copy(plain, target)
        else:
            quantize_dynamic(str(plain), str(target), weight_type=QuantType.QInt8, per_channel=True)


def slim_pieces(base: Path, target: Path) -> None:
    """The tokenizer without truncation, padding or special frames."""
    raw = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    raw["truncation"] = raw["padding"] = raw["post_processor"] = None
    target.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_settings(target: Path, bias: dict[str, float]) -> None:
    """Tags, thresholds and window sizes."""
    settings = {"tags": list(TAGS), "bias": bias, "core": CORE, "margin": MARGIN}
    target.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def write_pipeline(folder: Path) -> None:
    """spaCy's own files, so that `spacy.load` reads the folder."""
    import spacy

    register()
    nlp = spacy.blank("en", meta={"name": "safeguarding", "version": "1.0.0", "license": "Apache-2.0"})
    nlp.meta["description"] = "Names and other details of people in UK safeguarding documents"
    nlp.add_pipe(COMPONENT)
    nlp.to_disk(folder)


def write_manifest(folder: Path) -> None:
    """SHA-256 of every file of the folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "MANIFEST")
    rows = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "MANIFEST").write_text("".join(rows), encoding="utf-8")


def export(net: Net, base: Path, folder: Path, bias: dict[str, float]) -> None:
    """Write the whole folder."""
    part = folder / COMPONENT
    shutil.rmtree(folder, ignore_errors=True)
    write_pipeline(folder)
    part.mkdir(exist_ok=True)
    to_onnx(net, part / "model.onnx")
    slim_pieces(base, part / "tokenizer.json")
    write_settings(part / "settings.json", bias)
    write_manifest(folder)
