"""`firsthand curate`: documents to corpus. Cheap, so it starts afresh every time; an earlier corpus goes first."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from shutil import copyfileobj
from typing import BinaryIO

from pipeline.accounts import Counts, SplitAccount, curated, total
from pipeline.committed import READERS, SplitFiles, damaged_files, read_account, read_accounts
from pipeline.config import Config
from pipeline.contents import contents
from pipeline.earlier import Earlier, files_of
from pipeline.extract import in_order
from pipeline.graph import curate_graph
from pipeline.output import CORPUS, DOCUMENTS, REJECTIONS, Output
from pipeline.run import Engine, run_graph
from pipeline.worklist import CurationLists, DocumentsPiece, read_pieces
from pipeline.workload import partitions_of
from transforms.errors import InputError, IntegrityError, OutputError
from transforms.write.digest import FileDigest, WrittenFile, hashed
from transforms.write.shards import Shard, ShardReport, plan_shards
from transforms.write.stage import commit, is_local, list_files, match_files, open_file

Documents = list[tuple[str, SplitAccount]]
_PAGES_A_PROCESS = 100_000  # below this, starting processes costs more than they save


def find_documents(folders: Sequence[str], pattern: str | None, *, model: str) -> Documents:
    """The documents files of finished extractions, or those that match a pattern, with their accounts.

    Raises:
        InputError: there are none, or they cannot stand in one corpus, or another detector than `model` scored them.
        IntegrityError: an extraction is not finished.
    """
    documents: Documents = []
    for folder in dict.fromkeys(_resolved(folder) for folder in folders):
        documents += _finished(Output(folder))
    if pattern is not None:
        paths = list(dict.fromkeys(map(_resolved, match_files(pattern))))
        with ThreadPoolExecutor(READERS) as pool:
            documents += zip(paths, pool.map(_account, paths), strict=True)
    if not documents:
        raise InputError(f"no documents in {pattern or ', '.join(folders)}: extract some first")
    documents.sort(key=lambda entry: entry[0])
    _check_compatible(documents, model)
    return documents


def _resolved(path: str) -> str:
    return os.path.realpath(path) if is_local(path) else path.rstrip("/")


def _account(path: str) -> SplitAccount:
    account = read_account(path)
    if account is None:
        raise InputError(_DAMAGED.format(path))
    return account


_DAMAGED = "{} is damaged, or not of this extraction: run the same extract again"


def _finished(output: Output) -> Documents:
    plan = output.plan()
    splits = plan.splits()
    begun = output.begun(split.split_id for split in splits)  # first: one that is committed meanwhile is not damaged
    found = output.accounts(split.split_id for split in splits)
    done = {split_id: account for split_id, account in found.items() if account.layout == plan.layout}
    changed = [files for files in begun if files.split_id not in done]
    if changed:
        either = f"{changed[0].documents} or {changed[0].rejections}"
        raise InputError(_DAMAGED.format(either))
    accounts = in_order(splits, done, output)
    return [(output.path(DOCUMENTS, f"{account.read.split.split_id}.parquet"), account) for account in accounts]


def _check_compatible(documents: Documents, model: str) -> None:
    """Raise InputError unless these were extracted alike, by this detector, and no record of an archive twice."""
    first = documents[0][1]
    for path, account in documents:
        if account.model != model:  # a score means nothing without the calibration of the model that gave it
            raise InputError(
                f"{path} was scored by the detector {account.model}, and {model} is installed: "
                f"run `firsthand rescore {posixpath.dirname(posixpath.dirname(path))}` first"
            )
        if (account.layout, account.settings) != (first.layout, first.settings):
            raise InputError(
                f"{path} was extracted with another configuration than {documents[0][0]} "
                f"({', '.join(_differences(account, first))}): extract one like the other, or name one of them"
            )
    ranges = sorted(
        ((account.read.split, posixpath.dirname(path)) for path, account in documents),
        key=lambda entry: (entry[0].warc_file, entry[0].start),
    )
    for (before, folder), (split, other) in pairwise(ranges):
        if before.warc_file != split.warc_file:
            continue
        moved = folder == other and before.file_size == split.file_size  # between two runs into one output
        if before.file_path != split.file_path and not moved:
            raise InputError(
                f"two archives are called {split.warc_file} ({before.file_path} and {split.file_path}): "
                "extract both in one command"
            )
        if split.start < max(before.end, before.start + 1):
            raise InputError(f"{split.file_path} was extracted into two of these: name one of them")


def _differences(account: SplitAccount, other: SplitAccount) -> list[str]:
    """What the two were extracted with, where it differs."""
    flat = [
        {f"{section}.{key}": value for section, values in each.settings.items() for key, value in values.items()}
        for each in (account, other)
    ]
    differing = [name for name in dict.fromkeys((*flat[0], *flat[1])) if flat[0].get(name) != flat[1].get(name)]
    return [f"{name} {flat[0].get(name)!r} and {flat[1].get(name)!r}" for name in differing] or [
        "the settings are the same: --limit, a block list, or the release of firsthand or a library is not"
    ]


@dataclass(frozen=True, slots=True)
class Curated:
    """What a curation wrote."""

    counts: Counts  # checked, from records to rows
    files: list[WrittenFile]  # see `pipeline.contents`


def check(documents: Documents, output: Output, *, fresh: bool) -> None:
    """Raise, before anything is removed for its sake, if a corpus of these documents cannot be written there.

    `fresh`: a moment ago every byte of the documents was looked at, or written, and the ends of all files, too.

    Raises:
        InputError: a file is not what was written.
        OutputError: the output holds other documents.
    """
    _check_output(documents, output)
    if not fresh:
        sources = [_rejections_beside(path) for path, _ in documents]
        _check_ends(documents, sources)
        _check_bytes(documents, sources)


def curate(
    documents: Documents,
    config: Config,
    output: Output,
    engine: Engine,
    *,
    earlier: Sequence[Earlier] = (),
) -> Curated:
    """Write the corpus of these documents, once they are checked, without what the `earlier` ones hold.

    Raises:
        InputError: a file is not what was written.
        OutputError, EngineError: it could not be written.
        IntegrityError: the sums do not come out.
    """
    output.prepare(CORPUS, REJECTIONS)
    output.clear_corpus()
    _gather_rejections(documents, output)
    shards = plan_shards(
        [(path, account.text_bytes) for path, account in documents], shard_bytes=config.run.shard_bytes
    )
    looked_at = list(files_of(earlier, first=len(documents)))
    pages = sum(account.rows for _, account in documents) + sum(file.rows for file in looked_at)
    partitions = partitions_of(pages)
    with ExitStack() as stack:
        lists = CurationLists(
            pieces=stack.enter_context(output.work_list(_pieces(documents, shards))),
            reports=stack.enter_context(output.written_list()),
            earlier=stack.enter_context(output.work_list(looked_at)) if earlier else "",
            labels=tuple(one.label for one in earlier),
        )
        run_graph(
            lambda pipeline: curate_graph(pipeline, lists, config, partitions=partitions, output=output.root),
            engine.flags_for(max(1, pages // _PAGES_A_PROCESS), stage="curate"),
        )
        written = _read_reports(lists.reports)
    output.prepare(CORPUS, REJECTIONS)  # sweeps what lost workers left
    counts = _count(documents, written, output, shards=len(shards))
    return Curated(counts, contents(documents, written, output))


def _read_reports(path: str) -> list[ShardReport]:
    with closing(open_file(path)) as source:
        return list(read_pieces(source, ShardReport.from_json))


def _pieces(documents: Documents, shards: Sequence[Shard]) -> list[DocumentsPiece]:
    shard_of = {path: shard.ordinal for shard in shards for path in shard.paths}
    return [
        DocumentsPiece(path, ordinal, account.rows, shard_of[path]) for ordinal, (path, account) in enumerate(documents)
    ]


def others(documents: Documents, output: Output) -> list[Output]:
    """The other outputs in which these documents lie."""
    roots = {posixpath.dirname(posixpath.dirname(path)) for path, _ in documents}
    return [Output(root) for root in sorted(roots - {_resolved(output.root)})]


def _check_output(documents: Documents, output: Output) -> None:
    """Raise OutputError if the output holds an extraction, and not these very files."""
    plan = output.stored_plan()
    ours = {path for path, _ in documents}
    theirs = [output.path(DOCUMENTS, f"{split.split_id}.parquet") for split in plan.splits()] if plan else []
    if not all(_resolved(path) in ours for path in theirs):
        raise OutputError(f"{output.root} holds an extraction that is not among these documents: name another --output")


def _check_ends(documents: Documents, sources: Sequence[str]) -> None:
    """Raise InputError if a rejections file that goes with these documents is missing or of something else."""
    splits = [SplitFiles(path, source) for (path, _), source in zip(documents, sources, strict=True)]
    whole = read_accounts(splits)
    for files in splits:
        if files not in whole:
            raise InputError(_UNFIT.format(files.rejections, files.documents))


_UNFIT = "{} is not the file that was written with {}, or is missing or damaged: run the same extract again"
_OTHER = "{} is not the file that was written with {}: run the same extract again"


def _check_bytes(documents: Documents, sources: Sequence[str]) -> None:
    """Raise InputError if a file was changed since it was written: before anything is removed for its sake."""
    committed = {SplitFiles(path, source): entry for (path, entry), source in zip(documents, sources, strict=True)}
    for files, path in damaged_files(committed).items():
        raise InputError((_DAMAGED if path == files.documents else _OTHER).format(path, files.documents))


def _rejections_beside(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(posixpath.dirname(folder), REJECTIONS, name)


def _gather_rejections(documents: Documents, output: Output) -> None:
    """Bring the rejections of the extractions here: an output is complete by itself, and holds nobody else's.

    Raises InputError if one is not the file its documents were written with.
    """
    sources = [_rejections_beside(path) for path, _ in documents]
    names = {posixpath.basename(source) for source in sources}
    output.discard(p for p in list_files(output.path(REJECTIONS), "*.parquet") if posixpath.basename(p) not in names)
    for source, (path, account) in zip(sources, documents, strict=True):
        target = output.path(REJECTIONS, posixpath.basename(source))
        if _resolved(source) != _resolved(target):
            with output.guarded(), closing(open_file(source)) as file:
                commit(target, partial(_copy, file, digest=account.refused_file, problem=_OTHER.format(source, path)))


def _copy(source: BinaryIO, sink: BinaryIO, *, digest: FileDigest | None, problem: str) -> None:
    """Copy a file that must have this digest, if one is known: the manifest will say so without another look."""
    _, found = hashed(partial(copyfileobj, source))(sink)
    if digest not in (None, found):
        raise InputError(problem)


def _count(documents: Documents, reports: Sequence[ShardReport], output: Output, *, shards: int) -> Counts:
    """The counts as the writers of the files have them, whose files must be there."""
    corpus, refused = list_files(output.path(CORPUS), "part-*.parquet"), output.curated_rejections()
    if (len(corpus), len(refused), len(reports)) != (shards, shards, shards):
        raise IntegrityError(f"{len(corpus)} of {shards} corpus shards were written: run the same curate again")
    reasons: Counter[str] = Counter()
    for report in reports:
        reasons.update(report.reasons)
    rows = sum(report.rows for report in reports)
    return curated(total([account for _, account in documents]), rows=rows, rejections=reasons.items())
