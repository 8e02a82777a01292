"""Stock Presidio, run by the Python of another environment, which needs presidio-analyzer and a spaCy model only.

Usage: PYTHON rival.py MODEL <TEXTS >RESULT; MODEL is a spaCy package or folder, TEXTS a JSON list of strings.
"""

import json
import sys
import time


def main() -> None:
    """Print the (start, end) pairs found in each text, and the CPU-seconds spent without loading."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": sys.argv[1]}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    texts = json.load(sys.stdin)
    began = time.process_time()
    found = [[(each.start, each.end) for each in analyzer.analyze(text=text, language="en")] for text in texts]
    json.dump({"found": found, "seconds": time.process_time() - began}, sys.stdout)


if __name__ == "__main__":
    main()
