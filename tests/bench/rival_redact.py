"""PyMuPDF, run by the Python of another environment: ``PYTHON rival_redact.py FILE <BOXES >RESULT``.

BOXES is JSON: for each page number, from 0, the boxes to take out, in points from the lower left corner.
"""

import json
import sys
import time


def main() -> None:
    """Take the boxes out, keep the file in memory, and print CPU-seconds and size."""
    import pymupdf

    boxes = json.load(sys.stdin)
    with open(sys.argv[1], "rb") as source:  # noqa: PTH123 - runs where nothing but PyMuPDF is installed
        content = source.read()
    began = time.process_time()
    document = pymupdf.open(stream=content, filetype="pdf")
    for number, found in boxes.items():
        page = document[int(number)]
        height = page.mediabox.height
        for left, bottom, right, top in found:
            page.add_redact_annot(pymupdf.Rect(left, height - top, right, height - bottom), fill=(0, 0, 0))
        page.apply_redactions()
    made = document.tobytes(garbage=3, deflate=True)
    seconds = time.process_time() - began
    json.dump({"seconds": seconds, "bytes": len(made), "program": f"PyMuPDF {pymupdf.VersionBind}"}, sys.stdout)


if __name__ == "__main__":
    main()
