"""What `manifest.json` says about a run, as far as a report needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.errors import InputError
from transforms.report.folder import Folder


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts and provenance of a run. Counts of records by reason or type add up with the others as `counts` says."""

    records: int  # of every type, in all archives
    responses: int  # response records = rows + Σ rejections
    rows: int
    rejections: dict[str, int]  # response records by reason
    not_responses: dict[str, int]  # other records that were rejected, by reason
    passed: dict[str, int]  # records that are only counted, by WARC-Type
    archives: int
    archive_bytes: int
    config_digest: str  # "" if the manifest does not say, as the next two
    model: str
    version: str
    elapsed: float | None  # seconds


def read_manifest(folder: Folder) -> Manifest:
    """The manifest of the run that wrote the folder.

    Raises:
        InputError: it is not the output of a finished run.
    """
    path = folder.path("manifest.json")
    try:
        with folder.open_file(path) as file:
            document: object = json.loads(file.read())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(_missing(folder)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read as JSON ({error}); run the command that wrote it again") from error
    counts = _mapping(_mapping(document).get("counts"))
    if not {"records", "responses", "rows"} <= counts.keys():
        raise InputError(f"{path}: has no counts of records, responses and rows; name the output of a firsthand run")
    return _manifest(_mapping(document), counts)


def _missing(folder: Folder) -> str:
    if folder.holds("extract.json"):
        return f"{folder.root}: the run has not finished; give its command again and it goes on where it stopped"
    return f"{folder.root}: holds no manifest.json; name the --output of an earlier run"


def _manifest(document: Mapping[str, object], counts: Mapping[str, object]) -> Manifest:
    inputs = document.get("inputs")
    archives = [_mapping(entry) for entry in inputs] if isinstance(inputs, list) else []
    elapsed = document.get("elapsed")
    return Manifest(
        records=_number(counts.get("records")),
        responses=_number(counts.get("responses")),
        rows=_number(counts.get("rows")),
        rejections=_numbers(counts.get("rejections")),
        not_responses=_numbers(counts.get("not_responses")),
        passed=_numbers(counts.get("passed")),
        archives=len({str(archive.get("file_path")) for archive in archives}),
        archive_bytes=sum(_number(archive.get("size")) for archive in archives),
        config_digest=_name(document.get("config_digest")),
        model=_name(document.get("model")),
        version=_name(_mapping(document.get("versions")).get("firsthand")),
        elapsed=float(elapsed) if isinstance(elapsed, int | float) else None,
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _numbers(value: object) -> dict[str, int]:
    return {key: _number(count) for key, count in _mapping(value).items()}


def _name(value: object) -> str:
    """A name, or the `id` or `name` of an object that describes the thing."""
    if isinstance(value, dict):
        value = value.get("id", value.get("name"))
    return value if isinstance(value, str) else ""
