"""Stock Presidio with PyMuPDF, run by the Python of another environment: find on each page, black out, look again.

Usage: PYTHON rival_pdf.py MODEL IN.pdf OUT.pdf >RESULT; MODEL is a spaCy package or folder. The way is the usual one:
each page's text through the analyser, a redaction mark wherever the page is said to hold a found string, all applied;
then the saved file is opened again, and strings that can still be read are counted.
"""

import json
import sys
import time


def main() -> None:
    """Print seconds by the clock and of processor time, without loading, and what can still be read."""
    import pymupdf
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model, source, target = sys.argv[1:]
    begun = time.monotonic()
    models = [{"lang_code": "en", "model_name": model}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    loaded = time.monotonic() - begun
    begun, processor = time.monotonic(), time.process_time()
    document = pymupdf.open(source)
    found = []
    for page in document:
        text = page.get_text()
        strings = {text[each.start : each.end] for each in analyzer.analyze(text=text, language="en")}
        for string in strings:
            for place in page.search_for(string):
                page.add_redact_annot(place, fill=(0, 0, 0))
        page.apply_redactions()
        found.append(strings)
    document.save(target, garbage=4, deflate=True)
    again = pymupdf.open(target)
    texts = [page.get_text() for page in again]
    left = sum(string in text for strings, text in zip(found, texts, strict=True) for string in strings)
    json.dump(
        {
            "load": loaded,
            "seconds": time.monotonic() - begun,
            "cpu": time.process_time() - processor,
            "pages": len(texts),
            "found": sum(map(len, found)),
            "left": left,
            "text": "\f".join(texts),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
