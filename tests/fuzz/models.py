"""The files of the detector, as anybody may have left them: a model and its calibration, or what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np

from tests.fuzz.choices import Choices
from tests.fuzz.edits import edit
from transforms.errors import InputError
from transforms.score import calibration, linear
from transforms.score.features import BITS, VIEWS
from transforms.score.style import BINS, MEASURES

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-models-")
_DIGEST_BYTES = 32
_MOST_WORDS = 64
_TABLES = (len(VIEWS) << BITS) + len(MEASURES) * (4 * (BINS - 1) + BINS)
"""Bytes of a model behind its function words: 6.3 MB, which no fuzzer writes."""


def check(data: bytes) -> None:
    """Edit the input as its first bytes say; it is a calibration, and the header of a model whose digest is right."""
    raw = edit(Choices(data))
    path = Path(_FOLDER.name) / "calibration.json"
    path.write_bytes(raw)
    with suppress(InputError):
        found = calibration.load(path)
        path.write_text(calibration.encode(found), encoding="utf-8")
        assert calibration.load(path) == found
        assert all(found.p_null([-1e9, 0.0, 1e9], language, "Latn").size == 3 for language in found.lines)
    for content in (raw, padded(raw)):
        with suppress(InputError):
            model, _ = linear.decode(content, "linear.bin")
            assert math.isfinite(model.score((np.arange(1, dtype=np.uint32),) * len(VIEWS), None))


def padded(header: bytes) -> bytes:
    """A model of this header, of zeros and with the right digest."""
    length = len(header).to_bytes(4, "little")
    body = linear.MAGIC + linear.VERSION.to_bytes(4, "little") + length + header + bytes(_missing(header))
    return body + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()


def _missing(header: bytes) -> int:
    """How many bytes a header wants behind it: none if it is no header, or wants many words."""
    try:
        words = json.loads(header)["function_words"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return 8 * words + _TABLES if isinstance(words, int) and 0 <= words <= _MOST_WORDS else 0
