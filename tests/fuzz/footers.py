"""A damaged or forged documents file: its account, its columns and its rows are read, or it is said to be damaged."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.accounts import total, total_cpu
from pipeline.committed import SplitFiles, read_account
from tests.fuzz.choices import Choices
from tests.fuzz.edits import edit, flip
from transforms.dedup.documents import DocumentsFile, read_band_entries, read_members
from transforms.dedup.params import DedupParams
from transforms.errors import ConfigError, FirsthandError, InputError, naming_damage
from transforms.schema import DOCUMENTS, arrow_schema
from transforms.write.parquet import ACCOUNTS, read_accounts, rewrite

_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-footers-")
_NAME = "x.parquet"


def check(data: bytes) -> None:
    """Read the rest as each command would: with some bytes flipped, or as accounts in the footer of a sound file."""
    choices = Choices(data)
    forged = choices.number(1)
    raw = _forge(edit(choices)) if forged else flip(choices)
    _check_account(raw)
    _check_columns(raw)


def _forge(accounts: bytes) -> bytes:
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, arrow_schema(DOCUMENTS)) as writer:
        writer.add_key_value_metadata({ACCOUNTS: accounts.decode("utf-8", "replace")})
    return sink.getvalue()


def _check_account(raw: bytes) -> None:
    path = Path(_FOLDER.name) / _NAME
    path.write_bytes(raw)
    files = SplitFiles(str(path), str(path))
    account = read_account(files.documents)
    if account is not None:
        account.all_rejections()
        with suppress(FirsthandError):
            account.check()
        total([account])
        total_cpu([account])
        with suppress(FirsthandError):
            files.damaged(account)
    files.account()


def _check_columns(raw: bytes) -> None:
    with suppress(InputError, ConfigError), naming_damage(_NAME):
        read_accounts(io.BytesIO(raw))
        file = DocumentsFile(_NAME, 0, pq.read_metadata(io.BytesIO(raw)).num_rows)
        sum(len(block) for block in read_members(io.BytesIO(raw), file))
        sum(len(block) for block in read_band_entries(io.BytesIO(raw), file, DedupParams()))
        rewrite(io.BytesIO(raw), io.BytesIO(), _same, accounts={}, name=_NAME)


def _same(group: pa.Table) -> pa.Table:
    return group
