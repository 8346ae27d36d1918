"""filter: the language of a text, the published quality rules as signals, block lists."""
