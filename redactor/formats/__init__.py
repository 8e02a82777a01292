"""File formats as ingest and redact both need them: the zip package, safe XML, and one walker over a Word document.

One walker gives both stages their text, so an offset in a plan and a place in the file agree by construction.
"""
