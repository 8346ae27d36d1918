"""The seeds that are stored, made anew: `python -m tests.fuzz.plant`. Inputs that once showed a defect are left alone.

A seed is a small thing that works, so that a fuzzer starts behind the first checks. The first bytes of most are what
the harness chooses by (`choices.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.fuzz import seeds
from tests.fuzz.seeding import archives, inputs, outputs, pages, texts

MADE: dict[str, Callable[[], dict[str, bytes]]] = {
    "addresses": inputs.addresses,
    "archives": archives.archives,
    "c2pa": pages.c2pa,
    "charsets": pages.charsets,
    "codecs": archives.codecs,
    "configuration": outputs.configuration,
    "dates": pages.dates,
    "declared": pages.declared,
    "frames": outputs.frames,
    "headers": archives.headers,
    "licences": pages.licences,
    "lists": inputs.lists,
    "manifests": outputs.manifests,
    "pages": pages.pages,
    "ranges": inputs.ranges,
    "responses": archives.responses,
    "rows": pages.rows,
    "scores": texts.scores,
    "shingles": texts.shingles,
    "signals": texts.signals,
    "splits": archives.splits,
    "terminal": texts.terminal,
}


def main() -> int:
    """Write every seed; its name is what the input does."""
    for target, make in MADE.items():
        folder = seeds.DATA / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in make().items():
            (folder / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
