"""The Beam edge of read: finding and opening archives on any file system, and a root transform that reads them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

import apache_beam as beam
from apache_beam.io.filesystem import FileSystem
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput

from transforms.errors import InputError, IntegrityError
from transforms.read.address import UnknownSchemeError, explain, is_remote, scheme_of, why
from transforms.read.archive import SNIFF_BYTES, Kind, sniff
from transforms.read.chain import SplitReport, chain_breaks
from transforms.read.http import is_ranged  # and so the file systems of http and https are there, in workers too
from transforms.read.inputs import Files, Found, find_inputs
from transforms.read.local import open_local
from transforms.read.params import ReadParams
from transforms.read.splits import Archive, Split, plan_splits, short_names
from transforms.read.warc import read_split
from transforms.records import Page
from transforms.rejection import RejectedRecord
from transforms.store.stage import find_stored, open_stored

# What Beam imports for a scheme. Where that is not installed, Beam says that there is no such scheme (gs), or whatever
# goes wrong first (s3: "Must provide one of client or options").
DRIVERS = {
    "s3": "boto3",
    "gs": "apache_beam.io.gcp.gcsfilesystem",
    "hdfs": "hdfs",
    "azfs": "azure.storage.blob",
}
_TOLD = 20  # problems told at most: a list with a wrong base has one a line
_BATCH = 256  # files looked at before it is asked whether there are too many problems
_SNIFFERS = 16  # requests at once to a remote store; a Common Crawl snapshot has 90,000 archives


def open_archive(path: str, *, chunk: int = 8 << 20) -> BinaryIO:
    """The bytes of an archive as they lie, seekable, fetched from a store by `chunk` bytes.

    Offsets would be lost if Beam undid the compression.

    Raises:
        InputError: nothing that can be read is at a local path (any more).
    """
    return open_stored(path, chunk=chunk) if is_remote(path) else open_local(path)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found at the address of an input."""

    size: int
    kind: Kind | None  # None if it is no archive but may go through
    ranged: bool  # whether any part can be had without those before it


def expand_inputs(
    patterns: Sequence[str],
    *,
    base: str | None = None,
    limit: int | None = None,
    notice: Callable[[str], None] | None = None,
) -> list[Archive]:
    """The archives that these inputs name, sorted by short name; see `find_inputs` for what an input may be.

    Under a limit on the number of responses, only the archives that get a share of it in `plan_splits`: the others of
    a list of 90,000 are not even looked at. `base` is what lines of lists are relative to.

    A file given by its own name must look like an archive. One met in a directory or by a wildcard goes through and
    becomes a NOT_ARCHIVE rejection when it is read: one odd file must not stop a run over a thousand.

    `notice` is told what a user may not expect, such as files that are left out.

    Raises:
        InputError: with all problems, a line each.
    """
    findings = find_inputs(patterns, Files(_lookup, _open_input), base=base)
    names = short_names(findings.files)
    files = sorted(findings.files.values(), key=lambda file: (names[file.file_path], file.file_path))[:limit]
    looked, problems = _look_at_all(files, findings.problems)
    if problems:
        more = ["and more problems: these are the first"] if len(problems) > _TOLD else []
        raise InputError("\n".join(problems[:_TOLD] + more))
    if notice:
        for line in findings.notices:
            notice(line)
    return [
        Archive(file.file_path, names[file.file_path], found.size, _is_splittable(found))
        for file, found in zip(files, looked, strict=True)
    ]


def _look_at_all(files: Sequence[Found], problems: Sequence[str]) -> tuple[list[_Looked], list[str]]:
    """What is at these addresses, and these and all further problems; looking ends when there are too many to tell."""
    looked, problems = [], list(problems)
    with ThreadPoolExecutor(_SNIFFERS) as pool:
        for start in range(0, len(files), _BATCH):
            if len(problems) <= _TOLD:
                found = list(pool.map(_look_at, files[start : start + _BATCH]))
                looked += [one for one in found if isinstance(one, _Looked)]
                problems += [one for one in found if isinstance(one, str)]
    return looked, problems


def _is_splittable(found: _Looked) -> bool:
    return found.ranged and found.kind is not None and found.kind.splittable


def _lookup(pattern: str) -> list[tuple[str, int]]:
    _require_driver(pattern)
    return [(found.address, found.size) for found in find_stored(pattern)]


def _open_input(path: str, *, chunk: int = 8 << 20) -> BinaryIO:
    if is_remote(path):
        _require_driver(path)
    return open_archive(path, chunk=chunk)


def _require_driver(address: str) -> None:
    """Raise ImportError or UnknownSchemeError if nothing here reads an address of this scheme."""
    scheme = scheme_of(address)
    if scheme in DRIVERS:
        import_module(DRIVERS[scheme])
    elif scheme not in {system.scheme() for system in FileSystem.get_all_subclasses()}:
        raise UnknownSchemeError


def _look_at(file: Found) -> _Looked | str:
    """Size and kind of a file, or the problem with it. One request to a web server."""
    try:
        with _open_input(file.file_path, chunk=SNIFF_BYTES) as stream:
            head = stream.read(SNIFF_BYTES)
            size = stream.seek(0, os.SEEK_END) if file.size is None else file.size
            ranged = is_ranged(stream)
    except Exception as error:  # noqa: BLE001 — as in find_inputs: remote file systems raise what they like
        if isinstance(error, FileNotFoundError) and is_remote(file.file_path):
            return f"nothing at {file.file_path!r}: check the address; a directory must end in /"
        if is_remote(file.file_path):
            return explain(file.file_path, error)
        if isinstance(error, InputError):
            return str(error)
        return f"cannot read {file.file_path!r} ({why(error)}): check its permissions"
    kind = sniff(head)
    if kind is None and file.named:
        what = "is no archive: it begins as neither gzip, zstd, WARC nor ARC" if head else "is empty"
        return f"{file.file_path!r} {what}; leave it out"
    return _Looked(size, kind, ranged)


class ReadWarc(beam.PTransform[PBegin, dict[str, PCollection[object]]]):
    """Archives → `pages` (Page), `rejected` (RejectedRecord) and `reports` (SplitReport), for a pipeline of one's own.

    Inputs are looked up when the pipeline is built. The pipeline fails with IntegrityError if the splits of an archive
    do not chain (see `chain_breaks`): rows would be doubled or lost; raise `split_bytes` above the largest size then.
    """

    def __init__(self, inputs: Sequence[str], params: ReadParams | None = None, *, split_bytes: int = 64 << 20) -> None:
        super().__init__()
        self._inputs = tuple(inputs)
        self._params = params or ReadParams()
        self._split_bytes = split_bytes

    def expand(self, pbegin: PBegin) -> dict[str, PCollection[object]]:
        splits = plan_splits(expand_inputs(self._inputs), split_bytes=self._split_bytes)
        parts = (
            pbegin
            | "Splits" >> beam.Create(splits, reshuffle=True)
            | "Read" >> beam.FlatMap(_tagged, self._params).with_outputs("pages", "rejected", "reports")
        )
        _ = (
            parts.reports
            | "KeyByArchive" >> beam.WithKeys(_archive)
            | "GroupByArchive" >> beam.GroupByKey()
            | "CheckChain" >> beam.MapTuple(_require_chain)
        )
        return {"pages": parts.pages, "rejected": parts.rejected, "reports": parts.reports}


def _tagged(split: Split, params: ReadParams) -> Iterator[TaggedOutput[str, object]]:
    with open_archive(split.file_path) as stream:
        for item in read_split(stream, split, params):
            if isinstance(item, Page):
                yield TaggedOutput("pages", item)
            elif isinstance(item, RejectedRecord):
                yield TaggedOutput("rejected", item)
            elif isinstance(item, SplitReport):
                yield TaggedOutput("reports", item)


def _archive(report: SplitReport) -> str:
    return report.split.warc_file  # unique, and valid Unicode as a key must be


def _require_chain(_warc_file: str, reports: Iterable[SplitReport]) -> None:
    breaks = chain_breaks(reports)
    if breaks:
        raise IntegrityError(
            f"{breaks[0].file_path!r}: the splits do not meet at byte {breaks[0].offset}; "
            "read it with split_bytes larger than the archive"
        )
