"""What `manifest.json` says about a run, as far as a report needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.errors import InputError
from transforms.report.folder import Folder
from transforms.report.loose import heads, mapping, name, real, sequence, whole, wholes


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
    calibration: str
    version: str
    elapsed: float | None  # wall seconds
    cpu_s: dict[str, float]  # by stage
    against: tuple[str, ...] = ()  # heads of the earlier corpora


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
    counts = mapping(mapping(document).get("counts"))
    if not {"records", "responses", "rows"} <= counts.keys():
        raise InputError(f"{path}: has no counts of records, responses and rows; name the output of a firsthand run")
    return _manifest(mapping(document), counts)


def _missing(folder: Folder) -> str:
    if folder.holds("extract.json"):
        return f"{folder.root}: the run has not finished; give its command again and it goes on where it stopped"
    return f"{folder.root}: holds no manifest.json; name the --output of an earlier run"


def _manifest(document: Mapping[str, object], counts: Mapping[str, object]) -> Manifest:
    archives = [mapping(entry) for entry in sequence(document.get("inputs"))]
    cpu = mapping(document.get("cpu_s")).items()
    return Manifest(
        records=whole(counts.get("records")),
        responses=whole(counts.get("responses")),
        rows=whole(counts.get("rows")),
        rejections=wholes(counts.get("rejections")),
        not_responses=wholes(counts.get("not_responses")),
        passed=wholes(counts.get("passed")),
        archives=len({str(archive.get("file_path")) for archive in archives}),
        archive_bytes=sum(whole(archive.get("size")) for archive in archives),
        config_digest=name(document.get("config_digest")),
        model=name(document.get("model")),
        calibration=name(document.get("calibration")),
        version=name(mapping(document.get("versions")).get("firsthand")),
        elapsed=real(document.get("elapsed")),
        cpu_s={stage: seconds for stage, value in cpu if (seconds := real(value)) is not None},
        against=heads(document.get("against")),
    )
