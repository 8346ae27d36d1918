"""docs/training.md as the reader runs it: the code of each section, one block after another."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from pipeline.cli import main

PAGE = Path(__file__).parent.parent.parent / "docs" / "training.md"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Names = dict[str, object]


def sections() -> dict[str, list[tuple[str, str]]]:
    """Language and text of the code blocks of each section that has any."""
    _, *parts = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    found = {title: _BLOCK.findall(text) for title, text in zip(parts[::2], parts[1::2], strict=True)}
    return {title: blocks for title, blocks in found.items() if blocks}


def run(title: str, *, names: Names | None = None, without: str = "nothing is left out") -> Names:
    """The names that a section's code leaves; blocks that import `without` are left out. It goes on with `names`."""
    defined: Names = {"__name__": "page"} | (names or {})
    for language, text in sections()[title]:
        if language == "sh":
            arguments = shlex.split(text)
            assert arguments[0] == "firsthand"
            assert main([*arguments[1:], "--workers", "1"]) == 0
        elif not re.search(rf"^(from|import) {without}\b", text, re.MULTILINE):
            exec(compile(text, f"{PAGE.name}: {title}", "exec"), defined)
    return defined
