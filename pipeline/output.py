"""The folder a run writes: where each file lies, what may be there already, what must go."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pyarrow as pa

from pipeline.accounts import SplitAccount
from pipeline.plan import Plan
from transforms.errors import OutputError
from transforms.write.parquet import read_accounts
from transforms.write.stage import commit, is_local, list_files, make_folder, open_file, remove, remove_leftovers


@dataclass(frozen=True, slots=True)
class Output:
    """One output folder, local or on an object store."""

    root: str

    def path(self, *names: str) -> str:
        """A path below the folder."""
        return posixpath.join(self.root, *names)

    @property
    def documents(self) -> str:
        """Folder of the extracted documents."""
        return self.path("documents")

    @property
    def plan_path(self) -> str:
        """Where the plan of the extraction lies."""
        return self.path("extract.json")

    def prepare(self, *folders: str) -> None:
        """Make the folders; raises OutputError where that is impossible."""
        with self.guarded():
            for name in folders:
                make_folder(self.path(name))
                remove_leftovers(self.path(name))

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turns a failure to write here into an OutputError."""
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError(
                f"cannot write to {self.root}: {why}; name another --output or make room there"
            ) from error

    def check(self) -> None:
        """Raise OutputError, without writing anything, if the folder could not be made or is no folder."""
        if not is_local(self.root):
            return
        place = self.root
        while not os.path.lexists(place):
            place = os.path.dirname(place)
        if not os.path.isdir(place):
            raise OutputError(f"{place} is not a directory, so {self.root} cannot be written: name another --output")
        if not os.access(place, os.W_OK | os.X_OK):
            raise OutputError(f"no permission to write in {place}: name another --output")

    def stored_plan(self) -> Plan | None:
        """The plan of an earlier extraction into this folder, None if there was none."""
        if not list_files(self.root, "extract.json"):
            return None
        with closing(open_file(self.plan_path)) as file:
            return Plan.from_json(file.read(), self.plan_path)

    def store_plan(self, plan: Plan) -> None:
        """Put the plan where the next run will look for it."""
        with self.guarded():
            commit(self.plan_path, lambda sink: sink.write(plan.to_json()))

    def accounts(self) -> dict[str, SplitAccount]:
        """The accounts of all committed splits by split id. A file that is damaged counts as not committed."""
        found = [_read_account(path) for path in list_files(self.documents, "*.parquet")]
        return {account.read.split.split_id: account for account in found if account is not None}

    def remove_split(self, split_id: str) -> None:
        """Undo the commit of a split: first the file that makes it count."""
        for folder in ("documents", "rejections"):
            remove(list_files(self.path(folder), f"{split_id}.parquet"))

    def clear_corpus(self) -> None:
        """Remove what an earlier curation wrote, its mark of success first."""
        with self.guarded():
            remove(list_files(self.root, "_SUCCESS"))
            remove(list_files(self.root, "manifest.json"))
            remove(list_files(self.path("corpus"), "part-*.parquet"))
            remove(list_files(self.path("rejections"), "curate-*.parquet"))

    def succeed(self) -> None:
        """Mark the output as complete."""
        with self.guarded():
            commit(self.path("_SUCCESS"), lambda sink: None)


def _read_account(path: str) -> SplitAccount | None:
    """The account in a documents file, None if the file is damaged or something else."""
    try:
        with closing(open_file(path)) as file:
            return SplitAccount.from_json(read_accounts(file))
    except (pa.ArrowInvalid, OSError, KeyError, TypeError, ValueError):
        return None


def read_documents(paths: list[str]) -> list[tuple[str, SplitAccount]]:
    """These documents files, each with its account; raises OutputError for one that is damaged."""
    pairs = []
    for path in paths:
        account = _read_account(path)
        if account is None:
            raise OutputError(f"{path} is damaged or no documents file: run the same extract again")
        pairs.append((path, account))
    return pairs
