"""The JSON an output holds, as somebody else may have left it: plans, manifests, cells, and accounts of splits."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import BinaryIO

from pipeline.accounts import SplitAccount
from pipeline.plan import Plan
from pipeline.verify.claim import is_sealed, read_claim
from pipeline.why.run import read_run
from tests.fuzz.choices import Choices
from tests.fuzz.edits import edit
from transforms.errors import FirsthandError, InputError, OutputError
from transforms.report.cells import read_cells, read_early
from transforms.report.folder import Folder
from transforms.report.manifest import read_manifest


def check(data: bytes) -> None:
    """Edit the input as its first bytes say, and read it as each of these files."""
    raw = edit(Choices(data))

    def opened(path: str) -> BinaryIO:
        return io.BytesIO(raw)

    folder = Folder("/out", lambda folder, pattern: [], opened)
    for read in (read_manifest, read_cells, read_early, read_run):
        with suppress(InputError):
            read(folder)
    _check_claim(folder)
    _check_plan(raw)
    _check_account(raw)


def _check_claim(folder: Folder) -> None:
    with suppress(InputError):
        claim = read_claim(folder)
        assert claim.rows() >= -1
        is_sealed(claim)


def _check_plan(raw: bytes) -> None:
    try:
        plan = Plan.from_json(raw, "/out/extract.json")
    except OutputError:
        return
    assert Plan.from_json(plan.to_json(), "/out/extract.json") == plan
    assert len(plan.layout) == 16
    if sum(archive.size for archive in plan.archives) < 1000 * plan.split_bytes:
        plan.splits()


def _check_account(raw: bytes) -> None:
    """As pipeline.output reads the account of a split: what is none is an error that it knows."""
    with suppress(ValueError, RecursionError):
        values = json.loads(raw)
        if isinstance(values, dict):
            with suppress(KeyError, TypeError, ValueError):
                account = SplitAccount.from_json(values)
                account.all_rejections()
                with suppress(FirsthandError):
                    account.check()
