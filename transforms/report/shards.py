"""Shards that are no longer, or never were, what this release reads: what the user is told, and the cure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from transforms.errors import InputError, corpus_cure, naming_damage


@contextmanager
def naming_shard(path: str) -> Iterator[None]:
    """Turns damage to a Parquet file of an output into an error that names it, and how it is made anew."""
    documents = "delete it and give the command of its extraction again"
    with naming_damage(path, cure=corpus_cure(path) if _is_corpus(path) else documents):
        yield


@contextmanager
def naming_output(root: str) -> Iterator[None]:
    """Turns what database and Arrow say of an output's files into an InputError: they do not always name the file."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"{root}: a file in it cannot be read ({first_line}); `firsthand verify {root}` says which"
        ) from error


def check_columns(path: str, wanted: Collection[str], present: Collection[str]) -> None:
    """Raise InputError unless a Parquet file of an output has these columns."""
    if missing := [name for name in wanted if name not in present]:
        again = "curate" if _is_corpus(path) else "extract"
        raise InputError(f"{path} lacks the columns {', '.join(missing)}: made by an older release; {again} again")


def _is_corpus(path: str) -> bool:
    return posixpath.basename(posixpath.dirname(path)) == "corpus"
