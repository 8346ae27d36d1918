"""A damaged or forged documents file: its account, its columns and its rows are read, or it is said to be damaged."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from pipeline.output import Output
from tests.fuzz.choices import Choices
from transforms.dedup.documents import read_band_entries, read_members
from transforms.dedup.params import DedupParams
from transforms.errors import ConfigError, FirsthandError, InputError, naming_damage
from transforms.write.parquet import read_accounts, rewrite

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-footers-")
_NAME = "x.parquet"


def check(data: bytes) -> None:
    """Flip some bytes of the rest, as many as the first byte says, and read it as each command would."""
    choices = Choices(data)
    flips = [(choices.number(1 << 24), choices.number(255)) for _ in range(choices.number(3))]
    raw = bytearray(choices.rest())
    for place, flip in flips:
        if raw:
            raw[place % len(raw)] ^= flip
    _check_account(bytes(raw))
    _check_columns(bytes(raw))


def _check_account(raw: bytes) -> None:
    output = Output(_FOLDER.name)
    for folder in ("documents", "rejections"):
        (Path(_FOLDER.name) / folder).mkdir(exist_ok=True)
        (Path(_FOLDER.name) / folder / _NAME).write_bytes(raw)
    for account in output.accounts().values():
        with suppress(FirsthandError):
            account.check()


def _check_columns(raw: bytes) -> None:
    with suppress(InputError, ConfigError), naming_damage(_NAME):
        read_accounts(io.BytesIO(raw))
        sum(len(block) for block in read_members(io.BytesIO(raw), 0))
        sum(len(block) for block in read_band_entries(io.BytesIO(raw), 0, DedupParams()))
        rewrite(io.BytesIO(raw), io.BytesIO(), _same, accounts={}, name=_NAME)


def _same(group: pa.Table) -> pa.Table:
    return group
