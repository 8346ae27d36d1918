"""The seeds of tests/data, made anew: `python -m tests.fuzz.plant`. Inputs that once showed a defect are left alone.

A seed is a small thing that works, so that a fuzzer starts behind the first checks. The first bytes of most are what
the harness chooses by (`choices.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.fuzz import targets
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
    "footers": outputs.footers,
    "frames": outputs.frames,
    "headers": archives.headers,
    "licences": pages.licences,
    "lists": inputs.lists,
    "manifests": outputs.manifests,
    "models": outputs.models,
    "pages": pages.pages,
    "ranges": inputs.ranges,
    "responses": archives.responses,
    "rows": pages.rows,
    "scores": texts.scores,
    "shards": outputs.shards,
    "shingles": texts.shingles,
    "signals": texts.signals,
    "splits": archives.splits,
    "terminal": texts.terminal,
}


def main() -> int:
    """Write every seed; its name is what the input does."""
    for target in targets.TARGETS:
        folder = targets.DATA / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in MADE[target]().items():
            (folder / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
