"""The files of the detector, as anybody may have left them: a model and its calibration, or what is wrong with them."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fuzz.choices import Choices
from tests.fuzz.edits import edit
from transforms.errors import InputError
from transforms.score import calibration, linear

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-models-")
_DIGEST_BYTES = 32


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
    length = len(raw).to_bytes(4, "little")
    for body in (raw, linear.MAGIC + linear.VERSION.to_bytes(4, "little") + length + raw):
        digest = hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()
        with suppress(InputError):
            linear.decode(body + digest, "linear.bin")
