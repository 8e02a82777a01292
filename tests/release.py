"""A release: wheel, source, bill of materials and pins, listed with their digests, signed with an offline key.

``./run release build`` makes the files; ``sign --key FILE`` signs them on the machine that holds the key; ``verify
--public FILE FOLDER`` says whether a folder is exactly what was signed. The signature is plain Ed25519 (RFC 8032) over
``SHA256SUMS``, so ``openssl pkeyutl`` and ``sha256sum`` check it without this project.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests import supply

SUMS, SIGNATURE, BILL = "SHA256SUMS", "SHA256SUMS.sig", "redactor.cdx.json"
PRIVATE_MODE = 0o600
HOME = supply.ROOT / "build" / "release"


class NotAsSigned(Exception):
    """The folder is not what was signed; the message says in what."""


def build(folder: Path) -> None:
    """Make the files of a release and list their digests; the same commit gives the same bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    moment = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=supply.ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    hooks = "import sys, hatchling.build as b; b.build_wheel(sys.argv[1]); b.build_sdist(sys.argv[1])"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": moment}
    subprocess.run(
        [sys.executable, "-c", hooks, str(folder)], cwd=supply.ROOT, env=environment, check=True, capture_output=True
    )
    (folder / BILL).write_text(supply.bill(datetime.fromtimestamp(int(moment), UTC)))
    shutil.copy(supply.RUN_LOCK, folder)
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in digests(folder).items()))


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a release, by name."""
    files = sorted(path for path in folder.iterdir() if path.name not in (SUMS, SIGNATURE))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def make_key(private: Path, public: Path, passphrase: bytes) -> None:
    """Make a signing key, locked with a passphrase, and the public half that is published."""
    key = Ed25519PrivateKey.generate()
    locked = serialization.BestAvailableEncryption(passphrase)
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.touch(PRIVATE_MODE, exist_ok=False)
    private.write_bytes(key.private_bytes(pem, form, locked))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))


def sign(folder: Path, private: Path, passphrase: bytes) -> None:
    """Sign the list of digests, after looking that it is true."""
    _require_listed(folder)
    key = serialization.load_pem_private_key(private.read_bytes(), passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise NotAsSigned("The key is not an Ed25519 key.")
    (folder / SIGNATURE).write_bytes(key.sign((folder / SUMS).read_bytes()))


def verify(folder: Path, public: Path) -> int:
    """Return how many files are exactly as they were signed.

    Raises:
        NotAsSigned: if the signature does not hold, or a file was altered, added or taken away.
    """
    key = serialization.load_pem_public_key(public.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise NotAsSigned("The key is not an Ed25519 key.")
    try:
        key.verify((folder / SIGNATURE).read_bytes(), (folder / SUMS).read_bytes())
    except (InvalidSignature, FileNotFoundError):
        raise NotAsSigned("The signature does not hold.") from None
    return _require_listed(folder)


def _require_listed(folder: Path) -> int:
    listed = {}
    with contextlib.suppress(FileNotFoundError):
        for line in (folder / SUMS).read_text().splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
    found = digests(folder)
    wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
    if wrong or not listed:
        raise NotAsSigned(f"Not as listed: {', '.join(wrong) or 'nothing is listed'}.")
    return len(listed)


def main(given: list[str]) -> int:
    """Run one step."""
    parser = argparse.ArgumentParser(prog="./run release", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name in ("build", "sign", "verify"):
        steps.add_parser(name).add_argument("folder", nargs="?", type=Path, default=HOME)
    steps.choices["sign"].add_argument("--key", type=Path, required=True)
    steps.choices["verify"].add_argument("--public", type=Path, required=True)
    keys = steps.add_parser("key")
    keys.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(given)
    try:
        if asked.step == "build":
            build(asked.folder)
            print(f"{len(digests(asked.folder))} files in {asked.folder}; sign them where the key is")
        elif asked.step == "key":
            make_key(asked.out, asked.out.with_suffix(".pub"), _passphrase())
            print(f"publish {asked.out.with_suffix('.pub')}; keep {asked.out} offline")
        elif asked.step == "sign":
            sign(asked.folder, asked.key, _passphrase())
            print(f"signed: {asked.folder / SIGNATURE}")
        else:
            print(f"{verify(asked.folder, asked.public)} files are exactly as they were signed")
    except NotAsSigned as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _passphrase() -> bytes:
    """Ask for the passphrase, or take the first line of what is piped in."""
    return (getpass.getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
