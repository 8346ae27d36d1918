"""The folder a run writes: where each file lies, what may be there already, what must go."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from pipeline.accounts import SplitAccount
from pipeline.committed import SplitFiles, read_accounts
from pipeline.dataflow import TemplateWritten
from pipeline.lock import lock_to_read, lock_to_write
from pipeline.plan import Plan
from pipeline.workers import locked_for_workers
from pipeline.worklist import write_pieces
from transforms.errors import InputError, OutputError
from transforms.write.stage import (
    check_file_system,
    commit,
    is_local,
    list_files,
    make_folder,
    open_file,
    remove,
    remove_leftovers,
)

DOCUMENTS, REJECTIONS, CORPUS = "documents", "rejections", "corpus"
_MARKS = {
    "report.html": b'<meta name="generator" content="firsthand">',
    "croissant.json": b'"@id": "prov.json#curation"',
    "prov.json": b'"@id": "#firsthand"',
    "sources.csv": b"rank,domain,hosts,pages,tokens,archive_bytes,",
}  # what is in the head of every such file of ours
_HEAD = 1 << 16  # bytes
PUBLISHED = tuple(_MARKS)  # made of the rest, as the card is
CARD = "README.md"
KEPT = b"<!-- firsthand writes this file anew with every run; take this line out to keep what you write -->"
"""The last line of a card that is ours."""
_PART = re.compile(r"/part-\d{5,}\.parquet$")  # a corpus shard
# Any file of ours. On a store there is no lock to tell the output of a curation that was killed before its manifest.
_OURS = re.compile(r"/(?:part-\d{5,}|curate-\d{5,}|.+-[0-9a-f]{10}-\d{14,}-\d{14,})\.parquet$")
_WORK = ".work-"  # begins the names of work lists; the dot keeps them from being listed as files of the output
_CURATED = "curate-"  # begins the names of the rejections that curation writes


@dataclass(frozen=True, slots=True)
class Output:
    """One output folder, local or on an object store."""

    root: str

    def path(self, *names: str) -> str:
        """A path below the folder."""
        return posixpath.join(self.root, *names)

    def check(self) -> None:
        """Raise OutputError, without writing anything, if the folder could not be made, is no folder or another's."""
        check_file_system(self.root)
        if is_local(self.root):
            self._check_folders()
        self._check_foreign()
        self.check_published()

    def _check_folders(self) -> None:
        for name in (self.root, *(self.path(folder) for folder in (DOCUMENTS, REJECTIONS, CORPUS))):
            place = name
            while not os.path.lexists(place):
                place = os.path.dirname(place)
            if not os.path.isdir(place):
                raise OutputError(f"{place} is not a directory, so {name} cannot be written: name another --output")
            if not os.access(place, os.W_OK | os.X_OK):
                raise OutputError(f"no permission to write in {place}: name another --output")

    def _check_foreign(self) -> None:
        """Raise OutputError if there are Parquet files that no run wrote: they would be deleted, or read as ours."""
        ours = any(list_files(self.root, name) for name in ("extract.json", "manifest.json")) or os.path.exists(
            self.path(".lock")
        )
        foreign = [path for path in list_files(self.path(CORPUS), "*.parquet") if not _PART.search(path)]
        if not ours:
            found = [path for folder in (DOCUMENTS, REJECTIONS, CORPUS) for path in self._parquet(folder)]
            foreign += found if is_local(self.root) else [path for path in found if not _OURS.search(path)]
        if foreign:
            raise OutputError(f"{foreign[0]} was written by something else: name another --output, or move it away")

    def check_published(self) -> None:
        """Raise OutputError if a file that is published has the name of one that something else wrote."""
        with self.guarded():
            foreign = [path for name in PUBLISHED for path in list_files(self.root, name) if not _is_ours(path)]
        if foreign:
            raise OutputError(f"{foreign[0]} was written by something else: move it away, or give it another name")

    def _parquet(self, folder: str) -> list[str]:
        return list_files(self.path(folder), "*.parquet")

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

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other runs out while this one writes. The lock dies with the process; object stores have none."""
        if not is_local(self.root):
            yield
            return
        with self.guarded():
            make_folder(self.root)
            lock = lock_to_write(self.root)
        with lock, locked_for_workers(lock.fileno()):
            yield

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps runs from writing here while another reads the documents."""
        lock = lock_to_read(self.root) if is_local(self.root) else None
        with lock or nullcontext():
            yield

    def prepare(self, *folders: str) -> None:
        """Make the folders, and sweep out what killed writers left in them."""
        with self.guarded():
            if is_local(self.root):  # and so locked: elsewhere a list may be another run's
                remove_leftovers(self.root, begin=_WORK)
                remove_leftovers(self.root)
            for name in folders:
                make_folder(self.path(name))
                remove_leftovers(self.path(name))

    def stored_plan(self) -> Plan | None:
        """The plan of an earlier extraction into this folder, None if there was none."""
        if not list_files(self.root, "extract.json"):
            return None
        with closing(open_file(self.path("extract.json"))) as file:
            return Plan.from_json(file.read(), self.path("extract.json"))

    def plan(self) -> Plan:
        """The plan of the extraction into this folder; raises InputError if there was none."""
        plan = self.stored_plan()
        if plan is None:
            raise InputError(f"{self.root} holds no extraction: run `firsthand extract` into it first")
        return plan

    def store_plan(self, plan: Plan) -> None:
        """Put the plan where the next run will look for it."""
        with self.guarded():
            commit(self.path("extract.json"), lambda sink: sink.write(plan.to_json()))

    def accounts(self, split_ids: Iterable[str] | None = None) -> dict[str, SplitAccount]:
        """The accounts of committed splits by split id, of all or of some.

        A split whose documents or rejections file is missing or damaged at its end counts as not committed.
        """
        refused = {posixpath.basename(path) for path in list_files(self.path(REJECTIONS), "*.parquet")}
        whole = [files for files in self.begun(split_ids) if posixpath.basename(files.rejections) in refused]
        return {account.read.split.split_id: account for account in read_accounts(whole).values()}

    def begun(self, split_ids: Iterable[str] | None = None) -> list[SplitFiles]:
        """The splits of which there is a documents file, of all or of some: committed, or damaged since."""
        names = None if split_ids is None else {f"{split_id}.parquet" for split_id in split_ids}
        paths = list_files(self.path(DOCUMENTS), "*.parquet")
        return [self._files(path) for path in paths if names is None or posixpath.basename(path) in names]

    def account(self, split_id: str) -> SplitAccount | None:
        """The account of one split, None if it is not committed."""
        return self.files(split_id).account()

    def files(self, split_id: str) -> SplitFiles:
        """Where the files of a split are."""
        return self._files(self.path(DOCUMENTS, f"{split_id}.parquet"))

    def _files(self, documents: str) -> SplitFiles:
        return SplitFiles(documents, self.path(REJECTIONS, posixpath.basename(documents)))

    def keep_splits(self, split_ids: Iterable[str]) -> None:
        """Remove every file of an extraction but those of these splits; the documents, which count, first."""
        names = {f"{split_id}.parquet" for split_id in split_ids}
        with self.guarded():
            for folder in (DOCUMENTS, REJECTIONS):
                found = {path: posixpath.basename(path) for path in list_files(self.path(folder), "*.parquet")}
                remove(path for path, name in found.items() if name not in names and not name.startswith(_CURATED))

    @contextmanager
    def work_list(self, pieces: Iterable[object]) -> Iterator[str]:
        """The path of a work list of these pieces, where every worker can read it while the graph runs.

        No other run has a list of that name: where nothing is locked, it would take it from the workers of this one.
        A template's stays for the jobs that are launched from it.
        """
        with self._work_file() as path:
            with self.guarded():
                commit(path, partial(write_pieces, pieces))
            yield path

    @contextmanager
    def written_list(self) -> Iterator[str]:
        """The path of a list that the graph is to write (`pipeline.worklist`) and that goes once it has been read."""
        with self._work_file() as path:
            yield path

    @contextmanager
    def _work_file(self) -> Iterator[str]:
        path = self.path(f"{_WORK}{uuid4().hex}.jsonl.gz")
        try:
            yield path
        except TemplateWritten:  # the job is yet to run
            raise
        except BaseException:
            self.discard([path])
            raise
        self.discard([path])

    def clear_corpus(self) -> None:
        """Remove what an earlier curation wrote, its mark of success first."""
        with self.guarded():
            for name in ("_SUCCESS", "manifest.json", "cells.json", *PUBLISHED):
                remove(list_files(self.root, name))
            if not self.has_own_card():
                remove(list_files(self.root, CARD))
            remove(list_files(self.path(CORPUS), "part-*.parquet"))
            remove(list_files(self.path(REJECTIONS), f"{_CURATED}*.parquet"))

    def has_own_card(self) -> bool:
        """Whether there is a card that somebody else wrote, or made their own."""
        if not list_files(self.root, CARD):
            return False
        with closing(open_file(self.path(CARD))) as file:
            content = file.read()
        return bool(content) and KEPT not in content

    def withdraw(self) -> None:
        """Take back the mark of success: the corpus is no longer that of the documents."""
        with self.guarded():
            remove(list_files(self.root, "_SUCCESS"))

    def has_stale_corpus(self) -> bool:
        """Whether there is a corpus whose mark of success is missing."""
        return bool(list_files(self.path(CORPUS), "part-*.parquet")) and not list_files(self.root, "_SUCCESS")

    def discard(self, paths: Iterable[str]) -> None:
        """Delete files of this output."""
        with self.guarded():
            remove(paths)

    def curated_rejections(self) -> list[str]:
        """The rejections files that curation wrote here."""
        return list_files(self.path(REJECTIONS), f"{_CURATED}*.parquet")

    def succeed(self, head: str) -> None:
        """Mark the output as complete, by the head of its chain (`pipeline.seal`)."""
        with self.guarded():
            commit(self.path("_SUCCESS"), lambda sink: sink.write(f"{head}\n".encode()))


def _is_ours(published: str) -> bool:
    """Whether a file was published by us: anybody may have a report.html. An empty one is nobody's loss."""
    with closing(open_file(published)) as file:
        head = file.read(_HEAD)
    return not head or _MARKS[posixpath.basename(published)] in head
