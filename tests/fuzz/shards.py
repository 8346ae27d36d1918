"""A damaged or forged shard of a corpus, through Arrow and the database: figures, or it is said to be damaged."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fuzz.choices import Choices
from transforms.errors import FirsthandError
from transforms.report.folder import Folder
from transforms.report.sources import sources_csv, sources_of

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-shards-")
_CORPUS = Path(_FOLDER.name) / "corpus"


def check(data: bytes) -> None:
    """Flip some bytes of the rest, as many as the first byte says, and count its sources."""
    choices = Choices(data)
    flips = [(choices.number(1 << 24), choices.number(255)) for _ in range(choices.number(3))]
    raw = bytearray(choices.rest())
    for place, flip in flips:
        if raw:
            raw[place % len(raw)] ^= flip
    _CORPUS.mkdir(exist_ok=True)
    (_CORPUS / "part-00000.parquet").write_bytes(raw)
    folder = Folder(_FOLDER.name)
    with suppress(FirsthandError):
        sources_csv(sources_of(folder)).decode()
