"""`firsthand curate`: documents to corpus. Cheap, so it starts afresh every time; an earlier corpus goes first."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from shutil import copyfileobj

import pyarrow.parquet as pq

from pipeline.accounts import Counts, SplitAccount, curated, total
from pipeline.config import Config
from pipeline.extract import plan_accounts
from pipeline.graph import curate_graph
from pipeline.output import Output, read_documents
from pipeline.run import Engine, run_graph
from transforms.dedup.documents import DocumentsFile
from transforms.errors import InputError, IntegrityError
from transforms.write.shards import plan_shards
from transforms.write.stage import commit, list_files, open_file

Documents = list[tuple[str, SplitAccount]]
_PAGES_A_PROCESS = 100_000  # below this, starting processes costs more than they save


def find_documents(folders: Sequence[str], pattern: str | None, *, model: str) -> Documents:
    """The documents files of finished extractions, or those that match a pattern, with their accounts.

    Raises:
        InputError: there are none, or they cannot stand in one corpus, or another detector than `model` scored them.
        IntegrityError: an extraction is not finished.
    """
    paths = [path for folder in folders for path in _finished(Output(folder))]
    if pattern is not None:
        paths += list_files(*posixpath.split(pattern))
    if not paths:
        raise InputError(f"no documents in {pattern or ', '.join(folders)}: extract some first")
    documents = sorted(read_documents(paths))
    _check_compatible(documents)
    _check_model(documents, model)
    return documents


def _finished(output: Output) -> list[str]:
    plan = output.stored_plan()
    if plan is None:
        raise InputError(f"{output.root} holds no extraction: run `firsthand extract` into it first")
    return [output.path("documents", f"{a.read.split.split_id}.parquet") for a in plan_accounts(plan, output)]


def _check_compatible(documents: Documents) -> None:
    layouts = Counter(account.layout for _, account in documents)
    if len(layouts) > 1:
        odd = next(path for path, account in documents if account.layout != layouts.most_common(1)[0][0])
        raise InputError(f"{odd} was extracted with another configuration than the rest: extract it again like them")
    archives: dict[str, tuple[str, int]] = {}
    for path, account in documents:
        split = account.read.split
        if archives.setdefault(split.warc_file, (split.file_path, split.file_size)) != (
            split.file_path,
            split.file_size,
        ):
            raise InputError(f"{path}: two archives are called {split.warc_file}: extract both in one command")


def _check_model(documents: Documents, model: str) -> None:
    """A score means nothing without the calibration of the model that gave it."""
    for path, account in documents:
        if account.model != model:
            raise InputError(
                f"{path} was scored by the detector {account.model}, and {model} is installed: "
                "extract again, or install the release that made it"
            )


def curate(documents: Documents, config: Config, output: Output, engine: Engine) -> Counts:
    """Write the corpus of these documents; returns the checked counts from records to rows.

    Raises:
        OutputError, EngineError: it could not be written.
        IntegrityError: the sums do not come out.
    """
    output.prepare("corpus", "rejections")
    output.clear_corpus()
    _gather_rejections(documents, output)
    files = [DocumentsFile(path, ordinal, account.rows) for ordinal, (path, account) in enumerate(documents)]
    shards = plan_shards(
        [(path, account.text_bytes) for path, account in documents], shard_bytes=config.run.shard_bytes
    )
    pages = sum(account.rows for _, account in documents)
    run_graph(
        lambda pipeline: curate_graph(pipeline, files, shards, config, output=output.root),
        engine.flags_for(max(1, pages // _PAGES_A_PROCESS)),
    )
    return _count(documents, output, shards=len(shards))


def _gather_rejections(documents: Documents, output: Output) -> None:
    """Bring the rejections of the extractions here, where they lie elsewhere: an output is complete by itself."""
    for path, _ in documents:
        folder, name = posixpath.split(path)
        source = posixpath.join(posixpath.dirname(folder), "rejections", name)
        target = output.path("rejections", name)
        if source != target:
            with output.guarded(), closing(open_file(source)) as file:
                commit(target, partial(copyfileobj, file))


def _count(documents: Documents, output: Output, *, shards: int) -> Counts:
    corpus = list_files(output.path("corpus"), "part-*.parquet")
    if len(corpus) != shards:
        raise IntegrityError(f"{len(corpus)} of {shards} corpus shards were written: run the same curate again")
    rows = 0
    for path in corpus:
        with closing(open_file(path)) as file:
            rows += pq.read_metadata(file).num_rows
    reasons: Counter[str] = Counter()
    for path in list_files(output.path("rejections"), "curate-*.parquet"):
        with closing(open_file(path)) as file:
            reasons.update(pq.read_table(file, columns=["reason"])["reason"].to_pylist())
    return curated(total([account for _, account in documents]), rows=rows, rejections=reasons.items())
