"""Memory that is free, back to the system: allocators keep it, and one process of several keeps it from the others."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import pyarrow as pa


def give_back() -> None:
    """Have Arrow and the C library return the pages that nothing lies in; a few milliseconds.

    The C library (glibc) otherwise keeps what lies below anything that is still used: after a stage of curation over a
    million documents some hundred MB.
    """
    pa.default_memory_pool().release_unused()
    _trim()(0)


@cache
def _trim() -> Callable[[int], int]:
    """glibc's `malloc_trim`; where there is none, nothing is done."""
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim or int
