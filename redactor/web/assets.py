"""Copies the pinned front-end packages into the application's own static folder, at set-up.

GOV.UK's crown and the GDS Transport font may be used on gov.uk only, so neither is copied and the style sheets lose
every mention of them. Run as ``python -m redactor.web.assets`` after ``npm ci --ignore-scripts``.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from redactor.errors import MissingDependency, RedactorError

STATIC = Path(__file__).resolve().parent / "static"
VENDOR = STATIC / "vendor"
_PACKAGES = Path("node_modules")
_GOVUK = Path("govuk-frontend/dist/govuk")
_MOJ = Path("@ministryofjustice/frontend/moj")
_SCRIPTS = (_GOVUK / "govuk-frontend.min.js", _MOJ / "moj-frontend.min.js")
_STYLES = (_GOVUK / "govuk-frontend.min.css", _MOJ / "moj-frontend.min.css")
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_SOURCE_MAP = re.compile(r"/[*/]# sourceMappingURL=\S+?(?:\s*\*/|$)", re.MULTILINE)
_CREST = re.compile(r"url\([\"']?/assets/images/govuk-crest\.svg[\"']?\)")
_NOT_OURS = ("govuk", "moj-", "favicon")


def own_style(css: str) -> str:
    """Return a style sheet without GOV.UK's font and crest, pointing at our own copies of its icons."""
    css = _FONT_FACE.sub("", css)
    css = _CREST.sub("none", css)
    css = re.sub(r"[\"']?GDS Transport[\"']?\s*,\s*arial", "arial", css)
    css = css.replace("/assets/images/", "images/")
    return _SOURCE_MAP.sub("", css)


def copy(packages: Path = _PACKAGES, vendor: Path = VENDOR) -> list[str]:
    """Copy scripts, style sheets and icons; return the names of the files made.

    Raises:
        MissingDependency: if the npm packages are not installed.
    """
    if not all((packages / source).is_file() for source in (*_SCRIPTS, *_STYLES)):
        raise MissingDependency(
            "The front-end packages are not installed.", next_step="Run 'npm ci --ignore-scripts' and try again."
        )
    shutil.rmtree(vendor, ignore_errors=True)
    (vendor / "images").mkdir(parents=True)
    for source in _SCRIPTS:
        script = (packages / source).read_text(encoding="utf-8")
        (vendor / source.name).write_text(_SOURCE_MAP.sub("", script), encoding="utf-8")
    for source in _STYLES:
        (vendor / source.name).write_text(own_style((packages / source).read_text(encoding="utf-8")), encoding="utf-8")
    for image in sorted((packages / _MOJ / "assets/images").glob("*.svg")):
        if not image.name.startswith(_NOT_OURS):
            shutil.copyfile(image, vendor / "images" / image.name)
    return sorted(str(made.relative_to(vendor)) for made in vendor.rglob("*") if made.is_file())


def main() -> int:
    """Copy the packages and say how many files were made."""
    try:
        made = copy()
    except RedactorError as problem:
        sys.stderr.write(f"{problem}\n")
        return int(problem.exit_code)
    sys.stdout.write(f"Front end: {len(made)} files in redactor/web/static/vendor\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
