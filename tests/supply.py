"""The supply chain: a bill of materials of every pinned package, and a look at the known vulnerabilities.

``./run sbom`` writes CycloneDX JSON from the locks, without the network; ``./run audit`` asks pip-audit.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from redactor import __version__
from tests import advisories

ROOT = Path(__file__).resolve().parents[1]
LOCK, RUN_LOCK, FRONT_END = ROOT / "requirements.lock", ROOT / "requirements-run.lock", ROOT / "package-lock.json"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pins(lock: Path) -> dict[str, tuple[str, list[str]]]:
    """Return version and SHA-256 digests of every package in a lock."""
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in lock.read_text().splitlines():
        if pin := _PIN.match(line):
            name = pin["name"]
            found[name] = (pin["version"], [])
        if name:
            found[name][1].extend(_HASH.findall(line))
    return found


def components() -> Iterator[Component]:
    """Return what runs in the service: Python packages, front-end packages and the name model."""
    for name, (version, digests) in pins(RUN_LOCK).items():
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in digests]
        address = PackageURL("pypi", None, name, version)
        yield _library(name, version, address, hashes)
    for place, package in json.loads(FRONT_END.read_text())["packages"].items():
        if place:
            name = place.removeprefix("node_modules/")
            group, _, short = name.rpartition("/")
            address = PackageURL("npm", group or None, short, package["version"])
            yield _library(name, package["version"], address, [])
    for path in sorted((ROOT / "models" / "en_safeguarding").rglob("*.onnx")):
        kind = ComponentType.MACHINE_LEARNING_MODEL
        yield Component(type=kind, name=path.stem, version="shipped", bom_ref=f"model:{path.stem}")


def _library(name: str, version: str, address: PackageURL, hashes: list[HashType]) -> Component:
    return Component(
        type=ComponentType.LIBRARY, name=name, version=version, purl=address, hashes=hashes, bom_ref=str(address)
    )


def bill(made_at: datetime | None = None) -> str:
    """Return the bill of materials as CycloneDX 1.6 JSON; the same pins and moment give the same bytes."""
    parts = list(components())
    made = Bom(components=parts)
    made.metadata.timestamp = made_at or datetime.now(UTC)
    made.serial_number = uuid5(NAMESPACE_URL, " ".join(sorted(f"{part.name} {part.version}" for part in parts)))
    itself = {"name": "redactor", "version": __version__, "bom_ref": "redactor"}
    made.metadata.component = Component(type=ComponentType.APPLICATION, **itself)
    made.register_dependency(made.metadata.component, parts)
    return str(JsonV1Dot6(made).output_as_string(indent=1))


def main(verb: str, options: list[str]) -> int:
    """Write the bill, or look the pins up."""
    if verb == "sbom":
        target = ROOT / "build" / "sbom.cdx.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(bill())
        print(f"{target.relative_to(ROOT)}: {len(list(components()))} components")
        return 0
    if options[:1] == ["--database"]:
        return look_up(Path(options[1]))
    # --strict: a package that nobody could look up is no package without a finding
    line = [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "-r", str(RUN_LOCK)]
    return subprocess.run([*line, *options], check=False).returncode


def look_up(folder: Path) -> int:
    """Look the pins up in a folder of advisories; return 1 if one is named or the folder holds none."""
    versions = {name: version for name, (version, _) in pins(RUN_LOCK).items()}
    looked = advisories.look(folder, versions)
    for hit in looked.hits:
        print(f"{hit.package} {hit.version}: {hit.advisory}")
    print(
        f"{len(versions)} pins, {looked.advisories} advisories (newest of {looked.newest[:10]}), {looked.about} about "
        f"packages that are pinned, {len(looked.hits)} about a pinned version"
    )
    return int(bool(looked.hits) or looked.advisories == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
