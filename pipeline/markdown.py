"""What the generated pages share: their first line and their tables."""

from __future__ import annotations

from collections.abc import Iterable

MADE = "<!-- made by `make docs`; edit the source, not this page -->\n\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a Markdown table; a bar in a cell stays a bar."""
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
