"""Surgery on born-digital PDF pages: glyphs are taken out of the content by geometry, and their line is re-set."""
