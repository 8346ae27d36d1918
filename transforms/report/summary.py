"""What a finished run left behind, in figures: its manifest, its corpus and its rejections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import InputError
from transforms.rejection import MEANING, Reason
from transforms.report.corpus import Corpus, read_corpus
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

    output: Path
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


def summarise(output: Path) -> Summary:
    """Read the figures of the run that wrote `output`.

    Raises:
        InputError: `output` is not the output of a finished run, or a file of it cannot be read.
    """
    manifest = read_manifest(output)
    try:
        corpus = read_corpus(_parquet(output / "corpus"))
        rejected = _read_rejected(output)
    except (pa.ArrowException, KeyError, OSError) as error:
        first_line = str(error).splitlines()[0]
        raise InputError(
            f"{output}: a file in it cannot be read ({first_line}); give the run's command again"
        ) from error
    return Summary(output, (output / "_SUCCESS").exists(), manifest, corpus, rejected)


def _parquet(folder: Path) -> list[Path]:
    """The Parquet files in a folder by name, without those still being written."""
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith((".", "_")))


def _read_rejected(output: Path) -> tuple[Rejected, ...]:
    counts: dict[tuple[str, str, bool], int] = {}
    for path in _parquet(output / "rejections"):
        for stage, reason, record_type, records in _counted(path):
            key = (stage, reason, record_type == "response")
            counts[key] = counts.get(key, 0) + records
    found = [Rejected(stage, reason, n, responses) for (stage, reason, responses), n in counts.items()]
    return tuple(sorted(found, key=_order))


def _counted(path: Path) -> Iterator[tuple[str, str, str, int]]:
    keys = ["stage", "reason", "record_type"]
    groups = pq.read_table(path, columns=keys).group_by(keys).aggregate([([], "count_all")])
    for row in groups.to_pylist():
        yield row["stage"], row["reason"], row["record_type"], row["count_all"]


_STAGES = list(dict.fromkeys(MEANING[reason][0] for reason in Reason))


def _order(entry: Rejected) -> tuple[int, str, int, str]:
    """By stage as they follow each other in a run, then by records, then by name."""
    place = _STAGES.index(entry.stage) if entry.stage in _STAGES else len(_STAGES)
    return place, entry.stage, -entry.records, entry.reason
