"""Boosted trees that say of each block whether it is main text, in a file that is only data.

File, all integers little-endian:
    8 bytes   magic `FHBLOCKS`
    4 bytes   uint32, format version
    4 bytes   uint32, length of the header
    header    JSON (UTF-8, keys sorted): measures, trees, scale
    body      NODES × trees × uint8, the measure each node asks for; NODES × trees × float32, its threshold; NODES ×
              trees × uint16, the leaves it rules out; trees × LEAVES × int16, their values
    32 bytes  BLAKE2b-256 of everything before

A node whose measure is greater than its threshold rules out the leaves on its left; the first leaf that is left over is
the one a walk from the root would reach (Lucchese and others, QuickScorer, SIGIR 2015). Values are integers, so that
their sum is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.errors import InputError
from transforms.extract.measures import MEASURES

MODEL = Path(__file__).parent / "model" / "blocks.bin"
MAGIC = b"FHBLOCKS"
VERSION = 1
LEAVES = 16
NODES = LEAVES - 1
MAX_BYTES = 1 << 20
"""No model file is larger."""

_PREFIX = struct.Struct("<8sII")
_DIGEST_BYTES = 32
_TREE_BYTES = NODES * (1 + 4 + 2) + LEAVES * 2
_ALL = (1 << LEAVES) - 1
_ROWS = 256  # scored at a time: their comparisons stay in the cache, and memory is bounded
_CURE = "; reinstall the package, or train it again with `make extractor`"


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A forest of trees with up to LEAVES leaves; a node that is not used has the threshold inf."""

    measures: NDArray[np.uint8]  # [NODES, trees] column of MEASURES
    thresholds: NDArray[np.float32]  # [NODES, trees]
    ruled_out: NDArray[np.uint16]  # [NODES, trees] bits of leaves, the leftmost leaf the lowest
    values: NDArray[np.int16]  # [trees, LEAVES]
    scale: float  # log-odds that a value of 1 is worth
    digest: str = ""  # of the file, in hex

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """[blocks] the share of each block's words that is main text, as the trees expect it; 0 to 1.

        `rows` [blocks, MEASURES], without NaN.
        """
        odds = [self._sums(rows[start : start + _ROWS]) for start in range(0, len(rows), _ROWS)]
        return np.asarray(1 / (1 + np.exp(-self.scale * np.concatenate(odds))), np.float64)

    def _sums(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        columns, trees = np.ascontiguousarray(rows.T), len(self.values)
        lost = np.zeros((trees, len(rows)), np.uint16)
        for asked, threshold, ruled_out in zip(self.measures, self.thresholds, self.ruled_out, strict=True):
            lost |= (columns[asked] > threshold[:, None]) * ruled_out[:, None]
        leaves = _FIRST_LEFT.take(lost) + np.arange(0, trees * LEAVES, LEAVES, dtype=np.int32)[:, None]
        return np.asarray(self.values.take(leaves).sum(axis=0, dtype=np.int64))


_PATTERNS = ~np.arange(_ALL, dtype=np.int32)
_FIRST_LEFT: NDArray[np.uint8] = np.log2(_PATTERNS & -_PATTERNS).astype(np.uint8)
"""[all patterns but that of all leaves] the leftmost leaf that is not ruled out."""


def encode(trees: Trees) -> bytes:
    """The trees as the bytes of their file."""
    header = json.dumps(
        {"measures": MEASURES, "trees": len(trees.values), "scale": trees.scale}, sort_keys=True
    ).encode()
    body = (
        trees.measures.astype("u1"),
        trees.thresholds.astype("<f4"),
        trees.ruled_out.astype("<u2"),
        trees.values.astype("<i2"),
    )
    content = b"".join([_PREFIX.pack(MAGIC, VERSION, len(header)), header, *(part.tobytes() for part in body)])
    return content + hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def decode(content: bytes, name: str) -> Trees:
    """The trees in the bytes of a file. Raises InputError, naming the file, if it is damaged or of other measures."""
    if not _PREFIX.size + _DIGEST_BYTES <= len(content) <= MAX_BYTES:
        raise InputError(f"{name}: expected a model of at most {MAX_BYTES} bytes, got {len(content)}{_CURE}")
    magic, version, length = _PREFIX.unpack_from(content)
    if magic != MAGIC or version != VERSION:
        raise InputError(f"{name}: expected {MAGIC!r} version {VERSION}, got {magic!r} version {version}{_CURE}")
    body = content[:-_DIGEST_BYTES]
    if hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != content[-_DIGEST_BYTES:]:
        raise InputError(f"{name}: its digest does not match its content, the file is damaged{_CURE}")
    return replace(_parse(body, _PREFIX.size + length, name), digest=content[-_DIGEST_BYTES:].hex())


def _parse(body: bytes, start: int, name: str) -> Trees:
    try:
        header = json.loads(body[_PREFIX.size : start])
        count, scale, measures = int(header["trees"]), float(header["scale"]), tuple(header["measures"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"{name}: its header cannot be read ({error}){_CURE}") from error
    if measures != MEASURES or count < 1 or len(body) != start + count * _TREE_BYTES or not math.isfinite(scale):
        raise InputError(f"{name}: expected trees over this version's measures, got {len(body)} bytes{_CURE}")
    nodes = count * NODES
    asked = np.frombuffer(body, "u1", nodes, start).reshape(NODES, count)
    thresholds = np.frombuffer(body, "<f4", nodes, start + nodes).reshape(NODES, count)
    ruled_out = np.frombuffer(body, "<u2", nodes, start + 5 * nodes).reshape(NODES, count)
    values = np.frombuffer(body, "<i2", count * LEAVES, start + 7 * nodes).reshape(count, LEAVES)
    if asked.max() >= len(MEASURES) or np.isnan(thresholds).any() or np.bitwise_or.reduce(ruled_out).max() == _ALL:
        raise InputError(f"{name}: a node asks for what is not measured, or rules out all leaves{_CURE}")
    return Trees(asked, thresholds, ruled_out, values, scale)


@lru_cache(maxsize=1)
def shipped() -> Trees:
    """The trees of the package, read once. Raises InputError if their file is missing or damaged."""
    try:
        with MODEL.open("rb") as file:
            return decode(file.read(MAX_BYTES + 1), str(MODEL))
    except OSError as error:
        raise InputError(f"{MODEL}: the model cannot be read ({error.strerror}){_CURE}") from error
