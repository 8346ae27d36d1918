"""What is published beside a corpus, and under which name: all that its card needs and no figure says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from transforms.report.loose import digest, heads, mapping, name, real, sequence, whole
from transforms.report.params import PublishParams


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the output, as its manifest lists it."""

    path: str  # below the output, "/" between the parts
    size: int  # bytes
    rows: int | None  # None of what is no table
    sha256: str  # 64 hex digits


@dataclass(frozen=True, slots=True)
class Archive:
    """One input of the run."""

    file_path: str  # address
    warc_file: str  # short name, unique in the output
    size: int  # bytes
    documents: int  # pages that went on to curation


@dataclass(frozen=True, slots=True)
class Publication:
    """What a manifest says beside the counts; "" where it does not say."""

    params: PublishParams
    config: Mapping[str, Mapping[str, object]]  # the effective configuration, by section
    files: tuple[FileEntry, ...]  # in the order of the manifest
    chain: str  # head of the hash chain over manifest and files
    archives: tuple[Archive, ...]  # by short name
    versions: tuple[tuple[str, str], ...]  # of this software, Python and libraries
    started: str  # UTC, ISO 8601 to the second
    ended: str
    earlier: tuple[str, ...] = ()  # heads of the outputs whose pages were left out

    @property
    def corpus(self) -> tuple[FileEntry, ...]:
        """The shards of the corpus."""
        return tuple(file for file in self.files if file.path.startswith("corpus/"))


def read_publication(manifest: Mapping[str, object], params: PublishParams | None = None) -> Publication:
    """What a parsed manifest says; it may be of an older release. `params`: other than the run was configured with."""
    config = {section: mapping(values) for section, values in mapping(manifest.get("config")).items()}
    started, ended = _times(manifest)
    return Publication(
        params=params or _params(config.get("publish", {})),
        config=config,
        files=tuple(map(_file, sequence(manifest.get("files")))),
        chain=digest(mapping(manifest.get("chain")).get("head")),
        archives=tuple(map(_archive, sequence(manifest.get("inputs")))),
        versions=tuple((key, name(value)) for key, value in mapping(manifest.get("versions")).items()),
        started=started,
        ended=ended,
        earlier=heads(manifest.get("against")),
    )


def _params(values: Mapping[str, object]) -> PublishParams:
    known = {field.name for field in fields(PublishParams)}
    return PublishParams(**{key: value for key, value in values.items() if key in known and isinstance(value, str)})


def _file(entry: object) -> FileEntry:
    values = mapping(entry)
    rows = values.get("rows")
    size, digest = whole(values.get("bytes")), name(values.get("sha256"))
    return FileEntry(name(values.get("path")), size, whole(rows) if rows is not None else None, digest)


def _archive(entry: object) -> Archive:
    values = mapping(entry)
    size, documents = whole(values.get("size")), whole(values.get("documents"))
    return Archive(name(values.get("file_path")), name(values.get("warc_file")), size, documents)


def _times(manifest: Mapping[str, object]) -> tuple[str, str]:
    """When the run began and ended: the manifest has the end and the seconds it took."""
    try:
        ended = datetime.fromisoformat(name(manifest.get("ended"))).astimezone(UTC)
    except (ValueError, OverflowError):  # no time, or one beyond the year 9999 in UTC
        return "", ""
    return _began(ended, real(manifest.get("elapsed"))), _iso(ended)


def _began(ended: datetime, elapsed: float | None) -> str:
    try:
        return _iso(ended - timedelta(seconds=elapsed)) if elapsed is not None else ""
    except OverflowError:  # before the year 1
        return ""


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
