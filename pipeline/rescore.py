"""`firsthand rescore`: documents of an older detector are scored again from their text, without the archives."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.accounts import SplitAccount
from pipeline.committed import READERS, read_account
from pipeline.graph import rescore_graph
from pipeline.output import DOCUMENTS, Output
from pipeline.progress import ProgressLine, observe_rows
from pipeline.run import Engine, run_graph
from transforms.dedup.documents import DocumentsFile
from transforms.errors import InputError, IntegrityError
from transforms.score.detector import Detector
from transforms.write.stage import is_local, list_files

_PAGES_A_PROCESS = 5_000  # a page costs a millisecond, starting a process some seconds


@dataclass(frozen=True, slots=True)
class Rescored:
    """What scoring the documents of an output again came to."""

    model: str  # the detector that scored all of them now
    files: int  # scored again
    rows: int  # in those
    current: int  # files that this detector had scored already


def rescore(output: Output, engine: Engine, *, model: Path | None = None) -> Rescored:
    """Score every documents file again that another detector has scored; the others stay as they are.

    `model`: directory of the detector, None for the shipped one. A corpus in the output loses its mark of success.

    Raises:
        InputError: a file among the documents is damaged or something else.
        OutputError, EngineError: it could not be finished; the files that are rewritten stay.
    """
    wanted = Detector.load(model).model_id
    output.prepare(DOCUMENTS)
    found = _accounts(output)
    pending = {path: account.rows for path, account in found.items() if account.model != wanted}
    if pending:
        output.withdraw()
        _run(pending, output, engine, model)
        left = [path for path, account in _accounts(output).items() if account.model != wanted]
        if left:
            raise IntegrityError(f"{left[0]} was not scored again: run the same command once more")
    return Rescored(wanted, len(pending), sum(pending.values()), len(found) - len(pending))


def _accounts(output: Output) -> dict[str, SplitAccount]:
    """The accounts of all documents files by path; raises InputError naming a file that has none."""
    paths = list_files(output.path(DOCUMENTS), "*.parquet")
    with ThreadPoolExecutor(READERS) as pool:
        return dict(zip(paths, pool.map(_account, paths), strict=True))


def _account(path: str) -> SplitAccount:
    account = read_account(path)
    if account is None:
        raise InputError(
            f"{path} is damaged or no documents file: move it away and give the same command again; "
            "the same extract then makes what is missing"
        )
    return account


def _run(pending: Mapping[str, int], output: Output, engine: Engine, model: Path | None) -> None:
    folder = output.path(DOCUMENTS)
    largest_first = sorted(pending, key=lambda path: (-pending[path], path))  # so that workers end together
    ordered = [DocumentsFile(path, ordinal, pending[path]) for ordinal, path in enumerate(largest_first)]
    sizes = {posixpath.basename(path).removesuffix(".parquet"): rows for path, rows in pending.items()}
    with output.work_list(ordered) as work:
        run_graph(
            lambda pipeline: rescore_graph(pipeline, work, model=model, output=output.root),
            engine.flags_for(min(len(pending), 1 + sum(pending.values()) // _PAGES_A_PROCESS), stage="rescore"),
            progress=ProgressLine(lambda seconds: observe_rows(folder, sizes, seconds=seconds))
            if is_local(folder)
            else None,
        )
    output.prepare(DOCUMENTS)  # sweeps the heartbeats
