"""The largest resident memory of the parsers of a process, while they live.

Not RUSAGE_CHILDREN: a child begins in the memory of its parent and counts that as its own, however small it is after.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_EVERY_S = 0.01  # what a parser takes in the last so many seconds of its life is not seen
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_PARSER = b"\0transforms.extract.child\0"  # before it is a program of its own, its memory is the parent's


class ParserPeak:
    """Looks at the children of this process until the block ends; Linux alone. `mib` is the largest that any had."""

    def __init__(self) -> None:
        self.mib = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=[os.getpid()])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self, parent: int) -> None:
        last = False
        while not last:
            last = self._ended.wait(_EVERY_S)
            for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
                self.mib = max(self.mib, _peak(pid))


def _peak(pid: str) -> float:
    """MiB of a parser, 0 of another process or one that has ended."""
    try:
        if _PARSER not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return 0.0
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
