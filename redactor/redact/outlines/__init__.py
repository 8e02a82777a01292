"""Font files of PDFs, cut down to the glyphs that are drawn: in an order of our own, so that no gap tells what went."""
