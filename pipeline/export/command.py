"""`firsthand export`: a corpus for trainers that read something else than its Parquet, or know no weights."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Sequence
from concurrent.futures import as_completed
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from pipeline.export import manifest as export_manifest
from pipeline.export.account import Account
from pipeline.export.folder import PLAN, WINDOWS, abandon, any_file, check_shards, sweep
from pipeline.export.plan import ExportPlan, Window, plan_export
from pipeline.export.pool import processes
from pipeline.export.settings import Settings
from pipeline.export.window import Beat, export_window
from pipeline.output import Output
from pipeline.place import place_of
from pipeline.progress import ProgressLine, State
from pipeline.run import check_flags
from transforms.errors import ConfigError, InputError, OutputError
from transforms.read.address import is_remote
from transforms.write.stage import check_file_system, commit, list_files, make_folder, open_file, remove


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    root: str
    plan: ExportPlan
    account: Account


def export(
    source: str, output: str, settings: Settings, *, flags: Sequence[str] = (), workers: int | None = None
) -> Exported:
    """Export the output `source` of a run into the folder `output`; goes on where an earlier call stopped.

    Windows of corpus shards are exported on `workers` processes, one a core if not said.

    Raises:
        ConfigError: the settings are wrong.
        InputError: `source` is no finished output, or a file of it is damaged.
        OutputError: `output` holds something else, or cannot be written.
    """
    if problems := settings.problems():
        raise ConfigError(problems)
    if flags or any(map(is_remote, (source, output))):
        check_flags(flags)
    target, root = Output(place_of(output)), place_of(source)
    with Output(root).held():
        plan = plan_export(root, settings)
        return _carry_out(plan, target, flags, workers or os.cpu_count() or 1)


def _carry_out(plan: ExportPlan, target: Output, flags: Sequence[str], workers: int) -> Exported:
    check_file_system(target.root)
    _check_foreign(target, plan)
    with target.locked(), target.guarded():
        if list_files(target.root, "_SUCCESS"):
            return Exported(target.root, plan, _whole(plan, target))
        try:
            commit(target.path(PLAN), partial(_fill, content=plan.to_json()))
            return Exported(target.root, plan, _write(plan, target, flags, workers))
        except BaseException:
            abandon(target.root)
            raise


def _check_foreign(target: Output, plan: ExportPlan) -> None:
    """Raise OutputError if the folder holds anything but this very export, begun or done."""
    try:
        with closing(open_file(target.path(PLAN))) as file:
            found = file.read()
    except FileNotFoundError:
        found = None
    except NotADirectoryError:
        raise OutputError(f"{target.root} is not a directory: name another --output") from None
    if found is None:
        if (path := any_file(target.root)) is not None:
            raise OutputError(f"{path} is not of an export: name another --output")
    elif found != plan.to_json():
        raise OutputError(
            f"{target.root} holds an export of another corpus or with other settings: name another --output, "
            "or delete it"
        )


def _write(plan: ExportPlan, target: Output, flags: Sequence[str], workers: int) -> Account:
    make_folder(target.path(WINDOWS))
    sweep(target.root)
    finished = {posixpath.basename(path) for path in list_files(target.path(WINDOWS), "*.json")}
    pending = [window for window in plan.windows if _account_name(window) not in finished]
    done = [window for window in plan.windows if _account_name(window) in finished]
    check_shards(target.root, _read_accounts(target, done).files, alone=False)  # before hours of work
    progress = _Progress(plan.windows, pending)
    with ProgressLine(progress.state):
        if workers > 1 and len(pending) > 1:
            _export_beside(plan, pending, target, flags, progress, min(workers, len(pending)))
        else:
            for window in pending:
                _export_one(plan, window, target, progress.beat)
    account = _whole(plan, target)
    if not account.total().rows:
        remove(list_files(target.path(WINDOWS), "*.json"))
        raise InputError(_nothing(plan))
    for name, content in export_manifest.documents(plan, account):
        commit(target.path(name), partial(_fill, content=content))
    return account


def _nothing(plan: ExportPlan) -> str:
    where = plan.settings.where
    if not where:
        return f"{plan.source} has a corpus without rows: there is nothing to export"
    return f"no row of {plan.source} meets --where {where!r}: name a wider condition"


def _fill(sink: BinaryIO, content: bytes) -> None:
    sink.write(content)


def _account_name(window: Window) -> str:
    return f"{window.ordinal:05d}.json"


def _export_one(plan: ExportPlan, window: Window, target: Output, beat: Beat) -> None:
    account = export_window(plan, window, target.root, beat)
    content = json.dumps(account.to_json()).encode()
    commit(target.path(WINDOWS, _account_name(window)), partial(_fill, content=content))


def _export_beside(
    plan: ExportPlan, pending: Sequence[Window], target: Output, flags: Sequence[str], progress: _Progress, workers: int
) -> None:
    """The windows on processes of their own; each knows the flags."""
    with processes(workers, partial(_check_given, tuple(flags))) as pool:
        futures = {pool.submit(_export_alone, plan, window, target.root): window for window in pending}
        for future in as_completed(futures):
            progress.beat(future.result(), len(futures[future].parts))


def _check_given(flags: tuple[str, ...]) -> None:
    if flags:
        check_flags(flags)


def _export_alone(plan: ExportPlan, window: Window, root: str) -> int:
    """Export a window in a process of its own; the rows it took."""
    target = Output(root)
    with target.guarded():
        _export_one(plan, window, target, lambda rows, parts: None)
        return _read_account(target, window).total().rows


def _whole(plan: ExportPlan, target: Output) -> Account:
    """The account of all windows; raises OutputError if the shards are not those that it tells of."""
    account = _read_accounts(target, plan.windows)
    check_shards(target.root, account.files, alone=True)
    return account


def _read_accounts(target: Output, windows: Sequence[Window]) -> Account:
    return sum((_read_account(target, window) for window in windows), Account())


def _read_account(target: Output, window: Window) -> Account:
    path = target.path(WINDOWS, _account_name(window))
    try:
        with closing(open_file(path)) as file:
            return Account.from_json(json.loads(file.read()))
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            f"{path} is missing or damaged: delete {target.root} and give the same command again"
        ) from error


class _Progress:
    """Rows and corpus shards that are done."""

    def __init__(self, windows: Sequence[Window], pending: Sequence[Window]) -> None:
        self._parts = sum(len(window.parts) for window in windows)
        self._todo = sum(len(window.parts) for window in pending)
        self._rows = self._done = 0

    def beat(self, rows: int, parts: int) -> None:
        self._rows += rows
        self._done += parts

    def state(self, seconds: float) -> State:
        before = self._parts - self._todo
        return State(before + self._done, self._parts, self._done, self._todo, self._rows, None, seconds, "shards")
