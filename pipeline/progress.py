"""How far an extraction is: workers leave heartbeats beside their output, the command line reads them.

Heartbeats are small local files, so they work whatever process or machine of a shared disk a worker runs on. Where the
output is an object store there are none, and its committed splits are counted by a listing.
"""

from __future__ import annotations

import json
import os
import posixpath
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from pipeline.accounts import Tally
from pipeline.opener import no_link
from transforms.errors import FirsthandError

PREFIX = ".tmp-progress-"
_BEAT_S = 0.5


class Heartbeat:
    """What a worker says of the split it works on, at most twice a second."""

    def __init__(self, folder: str | None, split_id: str) -> None:
        self._path = None if folder is None else Path(folder) / f"{PREFIX}{split_id}"
        self._next = 0.0

    def beat(self, tally: Tally, *, done: int, last: bool = False) -> None:
        """Say that `done` bytes of the split are read. Losing a beat is no error."""
        now = time.monotonic()
        if self._path is None or (now < self._next and not last):
            return
        self._next = now + _BEAT_S
        try:
            with open(self._path, "w", encoding="ascii", opener=no_link) as file:
                json.dump([done, tally.responses, tally.rejections.total()], file)
        except OSError:
            self._path = None


@dataclass(frozen=True, slots=True)
class State:
    """Progress at one moment."""

    splits_done: int
    splits: int
    bytes_done: int  # or rows, where there are no archives
    bytes_total: int
    responses: int | None  # None where only whole splits are known of
    rejected: int | None  # None where nothing can be rejected
    seconds: float
    unit: str = "splits"

    def line(self) -> str:
        """One line: splits, pages, speed, rejections, time left."""
        rejected = "" if self.rejected is None else f"{self.rejected} rejected · "
        return f"{self.splits_done}/{self.splits} {self.unit} · {self._speed()}{rejected}{self._left()}"

    def _speed(self) -> str:
        if self.responses is None:
            return ""
        speed = self.responses / self.seconds if self.seconds > 0 else 0.0
        return f"{self.responses} pages · {speed:.1f} pages/s · "

    def _left(self) -> str:
        if self.bytes_done <= 0:
            return "estimating"
        left = self.seconds * (self.bytes_total - self.bytes_done) / self.bytes_done
        return f"ETA {duration(left)}"


def duration(seconds: float) -> str:
    """`3h07m`, `2m05s` or `9s`."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, seconds_left = divmod(rest, 60)
    if hours:
        return f"{hours}h{minutes:02d}m"
    return f"{minutes}m{seconds_left:02d}s" if minutes else f"{seconds_left}s"


def observe(folder: str, sizes: Mapping[str, int], *, seconds: float) -> State:
    """Progress of the splits in `sizes` (bytes by split id), from the heartbeats and documents files in `folder`."""
    names = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    finished = {split_id for split_id in sizes if f"{split_id}.parquet" in names}
    read = responses = rejected = 0
    for split_id, size in sizes.items():
        if f"{PREFIX}{split_id}" in names:
            done, pages, refused = _beat(Path(folder) / f"{PREFIX}{split_id}")
            read += 0 if split_id in finished else min(done, size)
            responses += pages
            rejected += refused
    read += sum(sizes[split_id] for split_id in finished)
    return State(len(finished), len(sizes), read, sum(sizes.values()), responses, rejected, seconds)


def observe_listed(documents: Iterable[str], sizes: Mapping[str, int], *, seconds: float) -> State:
    """Progress of the splits in `sizes` (bytes by split id), from the names of the documents files alone."""
    finished = sizes.keys() & {posixpath.basename(path).removesuffix(".parquet") for path in documents}
    read = sum(sizes[split_id] for split_id in finished)
    return State(len(finished), len(sizes), read, sum(sizes.values()), None, None, seconds)


def observe_rows(folder: str, sizes: Mapping[str, int], *, seconds: float) -> State:
    """Progress where documents are rewritten: of the splits in `sizes` (rows by id), from the heartbeats alone."""
    names = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    done = {s: _beat(Path(folder) / f"{PREFIX}{s}")[0] for s in sizes if f"{PREFIX}{s}" in names}
    finished = sum(rows >= sizes[split_id] for split_id, rows in done.items())
    rows = sum(done.values())
    return State(finished, len(sizes), rows, sum(sizes.values()), rows, None, seconds)


def _beat(path: Path) -> tuple[int, int, int]:
    try:
        read, pages, refused = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError):  # swept, or caught while it is being written
        return 0, 0, 0
    return int(read), int(pages), int(refused)


class ProgressLine:
    """Prints progress while the engine works: one line rewritten on a terminal, a line now and then elsewhere.

    `costly`: look every ten seconds on a terminal too. Where looking fails, that moment goes unsaid.
    """

    def __init__(self, look: Callable[[float], State], *, to: TextIO | None = None, costly: bool = False) -> None:
        self._look = look
        self._costly = costly
        self._given = to
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._to = self._given or sys.stderr
        self._terminal = self._to.isatty()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        if self._terminal:
            self._to.write("\r\x1b[K")
        text = self._line() if kind is None else None
        if text is not None:
            self._to.write(text + "\n")
        self._to.flush()

    def _line(self) -> str | None:
        try:
            return self._look(time.monotonic() - self._began).line()
        except FirsthandError:  # the store; workers that cannot do without it say so
            return None

    def _run(self) -> None:
        while not self._stop.wait(1.0 if self._terminal and not self._costly else 10.0):
            width = os.get_terminal_size(self._to.fileno()).columns if self._terminal else 0
            text = self._line()
            if text is None:
                continue
            self._to.write(f"\r\x1b[K{text[: width - 1]}" if self._terminal else text + "\n")
            self._to.flush()
