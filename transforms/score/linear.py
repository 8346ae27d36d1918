"""The linear model: an int8 weight for each bucket of n-grams and each bin of style, in a file that is only data.

File, all integers little-endian:
    8 bytes   magic `FHLINEAR`
    4 bytes   uint32, format version
    4 bytes   uint32, length of the header
    header    JSON (UTF-8, keys sorted): bits, views, scales, bias, function_words, measures, bins, style_scale
    body      function_words × uint64, ascending; 2^bits × int8 for each view; then for the measures of style
              (bins − 1) × float32 a measure, and bins × int8 a measure
    32 bytes  BLAKE2b-256 of everything before
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.errors import InputError
from transforms.score.features import BITS, VIEWS
from transforms.score.hashing import U64, HashSet
from transforms.score.row import Found
from transforms.score.style import BINS, MEASURES, Curves

FILE = "linear.bin"
MAGIC = b"FHLINEAR"
VERSION = 2
MAX_BYTES = 8 << 20
"""No model file is larger: the package stays small, and a hostile file cannot fill the memory."""

_PREFIX = struct.Struct("<8sII")
_DIGEST_BYTES = 32
_ONE = float(1 << 32)  # stands for one bucket: a row has fewer than 2^20, and their weights come to less than this / 2
_CURE = "; reinstall the package, or train it again with `python -m training.train`"


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Weights of the hashed n-grams; positive weights point to a machine."""

    weights: tuple[NDArray[np.int8], ...]  # for each of VIEWS [2^BITS]
    scales: tuple[float, ...]  # for each of VIEWS: what a weight of 1 is worth
    bias: float
    function_words: U64  # hashes of the words that skeleton and frame show, ascending
    curves: Curves
    known: HashSet = field(init=False, repr=False)  # the function words, as features takes them

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", HashSet.of(self.function_words))

    def score(self, found: tuple[NDArray[np.uint32], ...], style: NDArray[np.float32] | None) -> float:
        """Log-odds that a machine wrote the text, uncalibrated; higher is more machine.

        The specification: `score_row`, which pages are scored by, is held to it by tests, bit by bit.

        `found`: buckets of each view (features.extract). bias + Σ_views scale·Σ weights[found]/√len(found): the root
        makes long texts surer, but not in proportion to their length. The inner sums are of integers: exact.
        `style`: style.measure of the text; None in a language that is not in style.LANGUAGES, where it adds nothing.
        """
        sums = [
            int(weights.take(index).sum(dtype=np.int64)) for weights, index in zip(self.weights, found, strict=True)
        ]
        return self._fuse(sums, [index.size for index in found], style)

    def score_row(self, found: Sequence[Found], styles: Sequence[NDArray[np.float32] | None]) -> list[float]:
        """`score` of each text of a row. `found`: what each view finds in it; `styles`: of each text."""
        count = len(styles)
        sums, sizes = [], []
        for weights, view in zip(self.weights, found, strict=True):
            # Sum and size at once, of whole numbers below 2^53: exact.
            both = np.bincount(view.texts, weights.take(view.buckets) + _ONE, count)
            size = np.rint(both / _ONE)
            sums.append((both - size * _ONE).astype(np.int64).tolist())
            sizes.append(size.astype(np.int64).tolist())
        texts = zip(zip(*sums, strict=True), zip(*sizes, strict=True), styles, strict=True)
        return [self._fuse(sums, sizes, style) for sums, sizes, style in texts]

    def _fuse(self, sums: Sequence[int], sizes: Sequence[int], style: NDArray[np.float32] | None) -> float:
        """`sums`: of the weights of the buckets that each view finds, of which there are `sizes`."""
        total = self.bias if style is None else self.bias + self.curves.score(style)
        for scale, found, size in zip(self.scales, sums, sizes, strict=True):
            if size:
                total += scale * found / math.sqrt(size)
        return total


def encode(model: LinearModel) -> bytes:
    """The model as the bytes of its file."""
    header = {
        "bits": BITS,
        "views": list(VIEWS),
        "scales": list(model.scales),
        "bias": model.bias,
        "function_words": int(model.function_words.size),
        "measures": list(MEASURES),
        "bins": BINS,
        "style_scale": model.curves.scale,
    }
    text = json.dumps(header, sort_keys=True).encode()
    parts = [_PREFIX.pack(MAGIC, VERSION, len(text)), text, model.function_words.astype("<u8").tobytes()]
    parts += [weights.tobytes() for weights in model.weights]
    content = b"".join([*parts, model.curves.edges.astype("<f4").tobytes(), model.curves.weights.tobytes()])
    return content + hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def decode(content: bytes, name: str) -> tuple[LinearModel, str]:
    """The model in the bytes of a file, and its digest in hex. Raises InputError, naming the file, if it is damaged."""
    if len(content) < _PREFIX.size + _DIGEST_BYTES:
        raise InputError(f"{name}: expected a model, got {len(content)} bytes{_CURE}")
    magic, version, length = _PREFIX.unpack_from(content)
    if magic != MAGIC or version != VERSION:
        raise InputError(f"{name}: expected {MAGIC!r} version {VERSION}, got {magic!r} version {version}{_CURE}")
    body, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != digest:
        raise InputError(f"{name}: its digest does not match its content, the file is damaged{_CURE}")
    return _parse(body, _PREFIX.size + length, name), digest.hex()


def _parse(body: bytes, start: int, name: str) -> LinearModel:
    try:
        header = json.loads(body[_PREFIX.size : start])
        scales = tuple(float(scale) for scale in header["scales"])
        count, bias, style_scale = int(header["function_words"]), float(header["bias"]), float(header["style_scale"])
        layout = (header["bits"], header["views"], header["measures"], header["bins"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"{name}: its header cannot be read ({error}){_CURE}") from error
    cells = len(MEASURES) * BINS
    expected = start + 8 * count + len(VIEWS) * (1 << BITS) + 4 * (cells - len(MEASURES)) + cells
    known = layout == (BITS, list(VIEWS), list(MEASURES), BINS)
    if not known or len(scales) != len(VIEWS) or count < 1 or len(body) != expected:
        raise InputError(
            f"{name}: expected {expected} bytes of this version's views and measures, got {len(body)}{_CURE}"
        )
    if not all(map(math.isfinite, (*scales, bias, style_scale))):
        raise InputError(f"{name}: expected finite scales and bias, got {scales}, {style_scale}, {bias}{_CURE}")
    words = np.frombuffer(body, dtype="<u8", count=count, offset=start)
    start += 8 * count
    weights = np.frombuffer(body, dtype=np.int8, count=len(VIEWS) << BITS, offset=start).reshape(len(VIEWS), 1 << BITS)
    start += weights.size
    edges = np.frombuffer(body, dtype="<f4", count=cells - len(MEASURES), offset=start).reshape(len(MEASURES), BINS - 1)
    bins = np.frombuffer(body, dtype=np.int8, offset=start + edges.nbytes).reshape(len(MEASURES), BINS)
    try:
        return LinearModel(tuple(weights), scales, bias, words, Curves(edges, bins, style_scale))
    except ValueError as error:
        raise InputError(f"{name}: its function words cannot be used ({error}){_CURE}") from error


def load(path: Path) -> tuple[LinearModel, str]:
    """The model in a file, and its digest in hex. Raises InputError if the file is missing, too large or damaged."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: the model cannot be read ({error.strerror}){_CURE}") from error
    if len(content) > MAX_BYTES:
        raise InputError(f"{path}: expected at most {MAX_BYTES} bytes, got more{_CURE}")
    return decode(content, str(path))
