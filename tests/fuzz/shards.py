"""A damaged or forged shard of a corpus, through Arrow and the database: figures, or it is said to be damaged."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fuzz.choices import Choices
from tests.fuzz.edits import flip
from transforms.errors import FirsthandError
from transforms.report.folder import Folder
from transforms.report.sources import sources_csv, sources_of

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-shards-")
_CORPUS = Path(_FOLDER.name) / "corpus"


def check(data: bytes) -> None:
    """Flip some bytes of the rest, as many as the first byte says, and count its sources."""
    raw = flip(Choices(data))
    _CORPUS.mkdir(exist_ok=True)
    (_CORPUS / "part-00000.parquet").write_bytes(raw)
    folder = Folder(_FOLDER.name)
    with suppress(FirsthandError):
        sources_csv(sources_of(folder)).decode()
