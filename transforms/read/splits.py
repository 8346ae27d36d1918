"""Which byte ranges of which archives are read: a split is the unit of work, of commit and of resumption."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Archive:
    """One input file."""

    file_path: str  # absolute path or URI as the file is opened: may hold lone surrogates, see `escape_path`
    warc_file: str  # short name, unique among the inputs of a run, valid Unicode
    size: int  # bytes
    splittable: bool  # gzip whose first member opens with a WARC record


@dataclass(frozen=True, slots=True)
class Split:
    """The records whose (gzip member's) first byte lies in `start <= offset < end`."""

    file_path: str
    warc_file: str
    file_size: int  # bytes of the whole archive
    start: int
    end: int
    limit: int | None  # at most so many response records, None for all

    @property
    def split_id(self) -> str:
        """A file name without suffix: archive name (made safe), a digest of what makes the split unique, its range.

        The digest takes in the size of the archive, so that another archive of the same name is another split, and
        the limit, which changes what the split holds; not the path, so that archives may be moved between runs.
        """
        digest = _digest(f"{self.warc_file}\0{self.file_size}\0{self.limit}")
        name = _UNSAFE.sub("_", self.warc_file).strip("._-")[-80:].lstrip("._-") or "archive"
        return f"{name}-{digest}-{self.start:014d}-{self.end:014d}"

    @property
    def is_whole(self) -> bool:
        """Whether the split is its whole archive."""
        return self.start == 0 and self.end >= self.file_size


def plan_splits(archives: Sequence[Archive], *, split_bytes: int, limit: int | None = None) -> list[Split]:
    """The splits of these archives, in order of name.

    An archive that cannot be split is one split, and so is each archive under a limit: how many responses lie in a
    range is not known before it is read. The limit is spread evenly over the archives in order of name, so that which
    records are read does not depend on who is faster; archives whose share is 0 are left out.

    Raises:
        ValueError: `split_bytes` is not positive, or `limit` is negative.
    """
    if split_bytes < 1 or (limit is not None and limit < 0):
        raise ValueError(f"expected split_bytes >= 1 and limit >= 0, got {split_bytes!r} and {limit!r}")
    ordered = sorted(archives, key=lambda archive: (archive.warc_file, archive.file_path))
    if limit is None:
        return [split for archive in ordered for split in _ranges(archive, split_bytes)]
    share, rest = divmod(limit, max(len(ordered), 1))
    shares = [share + (i < rest) for i in range(len(ordered))]
    return [_split(archive, 0, archive.size, n) for archive, n in zip(ordered, shares, strict=True) if n]


def _ranges(archive: Archive, split_bytes: int) -> list[Split]:
    step = split_bytes if archive.splittable else max(archive.size, 1)
    starts = range(0, max(archive.size, 1), step)  # an empty archive is a split too: it gets its rejection
    return [_split(archive, start, min(start + step, archive.size), None) for start in starts]


def _split(archive: Archive, start: int, end: int, limit: int | None) -> Split:
    return Split(archive.file_path, archive.warc_file, archive.size, start, end, limit)


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """For each path its base name where that is unique among the paths, else its shortest suffix that is.

    A path that is a suffix of another one (`a.gz`, `x/a.gz`) keeps its whole self. Names are escaped; paths that only
    differ in slashes or escapes get a digest of their own, so that names are unique.
    """
    parts = {path: _parts(path) for path in paths}
    counts = Counter("/".join(names[-n:]) for names in parts.values() for n in range(1, len(names) + 1))
    chosen = {path: _shortest(names, counts) for path, names in parts.items()}
    taken = Counter(chosen.values())
    return {path: name if taken[name] == 1 else f"{name}~{_digest(path)}" for path, name in chosen.items()}


def escape_path(path: str) -> str:
    """The path as valid Unicode, to be written and shown, not to be opened.

    A file name is bytes. Those that are not UTF-8 are lone surrogates in a path (PEP 383), which no JSON, Parquet or
    terminal takes: `\\udce9` stands for the byte e9 then.
    """
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _parts(path: str) -> list[str]:
    escaped = [escape_path(part) for part in path.replace(os.sep, "/").split("/") if part]
    return escaped or [escape_path(path)]


def _shortest(names: list[str], counts: Counter[str]) -> str:
    suffixes = ("/".join(names[-n:]) for n in range(1, len(names) + 1))
    return next((suffix for suffix in suffixes if counts[suffix] == 1), "/".join(names))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
