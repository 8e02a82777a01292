"""What every reader of English safeguarding minutes knows: names, words, titles, roles, and how lines hang together."""
