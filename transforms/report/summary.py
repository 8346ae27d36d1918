"""What a finished run left behind, in figures: its manifest, its corpus and its rejections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import InputError
from transforms.rejection import MEANING, Reason
from transforms.report.corpus import Corpus, read_corpus
from transforms.report.folder import Folder
from transforms.report.manifest import Manifest, read_manifest


@dataclass(frozen=True, slots=True)
class Rejected:
    """How many records a stage refused for a reason."""

    stage: str
    reason: str
    records: int
    responses: bool  # whether they were response records, which are what the corpus is made of


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of an output directory."""

    output: str
    finished: bool  # whether _SUCCESS was written
    manifest: Manifest
    corpus: Corpus
    rejected: tuple[Rejected, ...]  # in order of the stages, in a stage the most frequent first

    @property
    def discrepancies(self) -> tuple[str, ...]:
        """Where the files say something else than the manifest, as sentences; empty after every sound run."""
        rows, refused = self.corpus.total.pages, sum(r.records for r in self.rejected if r.responses)
        claims = (
            ("rows", self.manifest.rows, rows),
            ("rejected responses", sum(self.manifest.rejections.values()), refused),
            ("responses", self.manifest.responses, rows + refused),
        )
        return tuple(
            f"the manifest counts {claimed:,} {what}, the files hold {found:,}"
            for what, claimed, found in claims
            if claimed != found
        )


def summarise(output: Path | Folder) -> Summary:
    """Read the figures of the run that wrote `output`, a local folder or one by functions of its own.

    Raises:
        InputError: `output` is not the output of a finished run, or a file of it cannot be read.
    """
    folder = Folder(str(output)) if isinstance(output, Path) else output
    manifest = read_manifest(folder)
    try:
        corpus = read_corpus(folder.parquet("corpus"), folder.open_file)
        rejected = _read_rejected(folder)
    except (pa.ArrowException, KeyError, OSError) as error:
        first_line = str(error).splitlines()[0]
        raise InputError(
            f"{folder.root}: a file in it cannot be read ({first_line}); give the run's command again"
        ) from error
    return Summary(folder.root, folder.holds("_SUCCESS"), manifest, corpus, rejected)


def _read_rejected(folder: Folder) -> tuple[Rejected, ...]:
    counts: dict[tuple[str, str, bool], int] = {}
    for path in folder.parquet("rejections"):
        with folder.open_file(path) as file:
            for stage, reason, record_type, records in _counted(file):
                key = (stage, reason, record_type == "response")
                counts[key] = counts.get(key, 0) + records
    found = [Rejected(stage, reason, n, responses) for (stage, reason, responses), n in counts.items()]
    return tuple(sorted(found, key=_order))


def _counted(file: BinaryIO) -> Iterator[tuple[str, str, str, int]]:
    keys = ["stage", "reason", "record_type"]
    groups = pq.read_table(file, columns=keys).group_by(keys).aggregate([([], "count_all")])
    for row in groups.to_pylist():
        yield row["stage"], row["reason"], row["record_type"], row["count_all"]


_STAGES = list(dict.fromkeys(MEANING[reason][0] for reason in Reason))


def _order(entry: Rejected) -> tuple[int, str, int, str]:
    """By stage as they follow each other in a run, then by records, then by name."""
    place = _STAGES.index(entry.stage) if entry.stage in _STAGES else len(_STAGES)
    return place, entry.stage, -entry.records, entry.reason
