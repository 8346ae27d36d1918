"""Results as JSON lines, one a generation, and the pages that the next one needs: a study killed anywhere goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from training.collapse.arms import Arm
from training.collapse.model import Ids
from transforms.errors import InputError

FILE = "results.jsonl"

Settings = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Record:
    """One generation of one lineage."""

    arm: Arm
    seed: int
    generation: int  # 0 is fitted to people's text only
    perplexity: float
    tail: float
    minority: float  # NaN if the texts have no minority register
    types: int  # distinct tokens in a sample of fixed size
    synthetic_before: float  # share of machine-written tokens, as found
    synthetic: float  # the same, weighted
    effective: float  # Kish effective sample size over size
    auroc: float  # of the detector between this generation's people and its machine; NaN without a detector


def put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


@dataclass(slots=True, eq=False)
class Store:
    """A folder of results. Several processes may add to it, each its own lineages."""

    folder: Path
    _last: dict[tuple[Arm, int], int] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, folder: Path, settings: Settings) -> Store:
        """The store in a folder, made if it is new, and mended if it was left within a line: nobody else may use it.

        Raises InputError if it holds a study of other settings.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        if not path.exists():
            put(path, (json.dumps(settings) + "\n").encode())
        content = path.read_bytes()
        found = json.loads(content.split(b"\n", 1)[0])
        if found != settings:
            other = {name: value for name, value in settings.items() if found.get(name) != value}
            raise InputError(f"{path} is of another study, whose settings are not {other}: name another --out")
        os.truncate(path, content.rfind(b"\n") + 1)
        return cls.join(folder)

    @classmethod
    def join(cls, folder: Path) -> Store:
        """The store in a folder that was opened, for one of several processes that add to it."""
        store = cls(folder)
        for record in cls.read(folder):
            key = (record.arm, record.seed)
            store._last[key] = max(record.generation, store._last.get(key, -1))
        return store

    @staticmethod
    def read(folder: Path) -> Iterator[Record]:
        """All that a folder holds, in the order it was stored."""
        with (folder / FILE).open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                values = json.loads(line)
                yield Record(**{**values, "arm": Arm(**values["arm"])})

    def last(self, arm: Arm, seed: int) -> int:
        """The last generation of a lineage that is stored, −1 if none is."""
        return self._last.get((arm, seed), -1)

    def pages(self, arm: Arm, generation: int, seed: int) -> list[Ids]:
        """What this generation of the lineage wrote."""
        with np.load(self._path(arm, generation, seed), allow_pickle=False) as stored:
            return list(np.split(stored["ids"], stored["ends"][:-1]))

    def add(self, record: Record, pages: Sequence[Ids]) -> None:
        """Store a generation: first what it wrote, then its line, then the pages of the last but one may go."""
        path = self._path(record.arm, record.generation, record.seed)
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, ids=np.concatenate(pages), ends=np.cumsum([page.size for page in pages]))
        unfinished.rename(path)
        with (self.folder / FILE).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(record)) + "\n")
            lines.flush()
            os.fsync(lines.fileno())
        self._last[(record.arm, record.seed)] = record.generation
        if record.generation > 1:
            self._path(record.arm, record.generation - 1, record.seed).unlink(missing_ok=True)

    def _path(self, arm: Arm, generation: int, seed: int) -> Path:
        words = f"{arm.human!r} human, {arm.rule}, {arm.detector}"
        name = "".join(c if c.isalnum() else "-" for c in words)
        return self.folder / "pages" / f"{name}-{seed}-{generation}.npz"
