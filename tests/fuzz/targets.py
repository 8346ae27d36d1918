"""The harnesses by name. Each is a module of this package with one function, `check`, that raises on a defect."""

from __future__ import annotations

import importlib
from collections.abc import Callable

TARGETS = (
    "addresses",
    "archives",
    "c2pa",
    "charsets",
    "codecs",
    "configuration",
    "dates",
    "declared",
    "footers",
    "frames",
    "headers",
    "licences",
    "lists",
    "manifests",
    "models",
    "pages",
    "ranges",
    "responses",
    "rows",
    "scores",
    "shards",
    "shingles",
    "signals",
    "splits",
    "terminal",
)


def load(target: str) -> Callable[[bytes], None]:
    """The `check` of a target; raises KeyError for a name that is none."""
    if target not in TARGETS:
        raise KeyError(target)
    check: Callable[[bytes], None] = importlib.import_module(f"tests.fuzz.{target}").check
    return check
