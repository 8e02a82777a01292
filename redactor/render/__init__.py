"""Turns redacted content into the pages that a reader gets: layout, furniture, marks."""
