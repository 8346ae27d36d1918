"""The story of a corpus as lines of plain text."""
