"""What an output says of itself: its manifest, read as something that may have been changed by anybody."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.config import Config, build
from pipeline.seal import CHAIN, FILES
from pipeline.uncurated import check_curated
from transforms.errors import ConfigError, InputError
from transforms.report.folder import Folder

Tallies = Counter[tuple[str, str]]
"""Numbers by (field of `pipeline.accounts.Counts`, reason or WARC-Type; "" for a field that is one number)."""

_NUMBERS = ("records", "gaps", "responses", "documents", "rows")
_TALLIES = ("rejections", "not_responses", "passed")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that the manifest lists."""

    path: str
    bytes: int
    rows: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The manifest of an output; what is missing or makes no sense is empty."""

    page: Mapping[str, object]
    counts: Tallies
    inputs: dict[str, Tallies]  # by short name of the archive
    sizes: dict[str, int]  # bytes, by short name of the archive
    addresses: dict[str, str]  # where the archive lay, by its short name
    repeated: tuple[str, ...]  # short names that more than one input has
    files: tuple[Listed, ...] | None  # None if the manifest lists none, as early releases did
    config: Config | None  # None if it is none that this release knows
    config_digest: str
    model: str
    calibration: str
    version: str  # of this project

    def rows(self) -> int:
        """Rows of the corpus."""
        return self.counts["rows", ""]


def read_claim(folder: Folder) -> Claim:
    """The claim of the output in a folder.

    Raises:
        InputError: there is no manifest, or it is no JSON object.
    """
    path = folder.path("manifest.json")
    try:
        with folder.open_file(path) as file:
            page = json.loads(file.read(), parse_constant=_finite, parse_float=_finite)
    except (FileNotFoundError, NotADirectoryError) as error:
        check_curated(folder)
        raise InputError(f"{folder.root} holds no manifest.json: name the output of a finished run") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON ({error}): it was changed, or the output is damaged") from error
    if not isinstance(page, dict) or not isinstance(page.get("counts"), dict):
        raise InputError(f"{path} has no counts: it was changed, or is no manifest of a run")
    return _claim(page)


def _finite(number: str) -> float:
    """A number as JSON has it; raises ValueError for NaN and infinities, of which a chain has no form."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is no number")
    return value


def _claim(page: dict[str, object]) -> Claim:
    entries = [entry for entry in _list(page.get("inputs")) if isinstance(entry, dict)]
    times = Counter(str(entry.get("warc_file")) for entry in entries)
    named = {str(entry.get("warc_file")): entry for entry in entries}
    return Claim(
        page=page,
        counts=tallies(_mapping(page["counts"])),
        inputs={name: tallies(entry) for name, entry in named.items()},
        sizes={name: _number(entry.get("size")) for name, entry in named.items()},
        addresses={name: str(entry.get("file_path")) for name, entry in named.items()},
        repeated=tuple(name for name, number in times.items() if number > 1),
        files=_files(page.get(FILES)),
        config=_config(page.get("config")),
        config_digest=str(page.get("config_digest")),
        model=str(page.get("model")),
        calibration=str(page.get("calibration")),
        version=str(_mapping(page.get("versions")).get("firsthand")),
    )


def tallies(values: Mapping[str, object]) -> Tallies:
    """The numbers of a manifest's counts, of an input of it, or of `dataclasses.asdict` of `Counts`."""
    found: Tallies = Counter()
    for name in _NUMBERS:
        if name in values:
            found[name, ""] = _number(values[name])
    for name in _TALLIES:
        for key, number in _mapping(values.get(name)).items():
            found[name, str(key)] = _number(number)
    return found


def earlier_of(claim: Claim) -> list[tuple[str, str]]:
    """The outputs that the corpus was curated against: where each lay, and its head."""
    entries = [entry for entry in _list(claim.page.get("against")) if isinstance(entry, dict)]
    return [(str(entry.get("output")), str(entry.get("head"))) for entry in entries]


def is_sealed(claim: Claim) -> bool:
    """Whether the manifest claims to be sealed."""
    return CHAIN in claim.page


def _files(value: object) -> tuple[Listed, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(_listed(entry if isinstance(entry, dict) else {}) for entry in value)


def _listed(entry: Mapping[str, object]) -> Listed:
    rows = entry.get("rows")
    return Listed(
        path=str(entry.get("path")),
        bytes=_number(entry.get("bytes")),
        rows=rows if isinstance(rows, int) else None,
        sha256=str(entry.get("sha256")),
    )


def _config(value: object) -> Config | None:
    try:
        return build(value) if isinstance(value, dict) else None
    except ConfigError:
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 1 << 63 else -1
