"""The accounts of a run: every record counted once, sums that must come out, and what each stage cost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.config import Tables
from transforms.errors import IntegrityError
from transforms.read.chain import SplitReport
from transforms.read.splits import Split
from transforms.rejection import RejectedRecord
from transforms.write.digest import FileDigest


@dataclass(slots=True)
class Tally:
    """Counts of one split while it is read. `rejections` are of response records, `not_responses` of all others."""

    passed: Counter[str] = field(default_factory=Counter)  # by WARC-Type: counted, nothing in them to extract
    not_responses: Counter[str] = field(default_factory=Counter)  # by reason
    rejections: Counter[str] = field(default_factory=Counter)  # by reason
    rows: int = 0
    text_bytes: int = 0

    @property
    def responses(self) -> int:
        """Response records so far."""
        return self.rows + self.rejections.total()

    def add_row(self, text_bytes: int) -> None:
        """Count one document with so much text."""
        self.rows += 1
        self.text_bytes += text_bytes

    def reject(self, rejected: RejectedRecord) -> None:
        """Count one rejected record on the side it belongs to."""
        side = self.rejections if rejected.origin.record_type == "response" else self.not_responses
        side[rejected.rejection.reason.value] += 1


@dataclass(frozen=True, slots=True)
class SplitAccount:
    """What became of one split. It is stored in the footer of the split's documents file."""

    read: SplitReport  # what was read; its split says of which archive
    layout: str  # digest of the configuration and the cut that made the file
    model: str  # id of the detector that scored it
    settings: Tables  # the configuration of the extraction
    rows: int
    text_bytes: int
    passed: dict[str, int]
    not_responses: dict[str, int]
    rejections: dict[str, int]
    cpu_s: dict[str, float]  # CPU seconds by stage
    refused_file: FileDigest | None = None  # of the split's rejections file; None in documents of early releases
    refused_imprint: str = ""  # of that file; where there is one, the documents carry theirs, too

    def all_rejections(self) -> dict[str, int]:
        """Everything the split rejected, by reason: the rows of its rejections file."""
        return dict(sorted((Counter(self.rejections) + Counter(self.not_responses)).items()))

    def check(self) -> None:
        """Raise IntegrityError unless every response that was read is a row or a rejection."""
        if self.read.responses != self.rows + sum(self.rejections.values()):
            raise IntegrityError(
                f"{self.read.split.split_id}: {self.read.responses} responses were read, {self.rows} became rows and "
                f"{sum(self.rejections.values())} were rejected: please report this with the archive"
            )

    def as_json(self) -> dict[str, object]:
        """The account as JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> SplitAccount:
        """The account `as_json` described; raises KeyError, TypeError or AttributeError for anything else."""
        read = dict(values["read"])  # type: ignore[call-overload]
        read["split"] = Split(**read["split"])
        refused = values.get("refused_file")
        digest = None if refused is None else FileDigest(**refused)  # type: ignore[arg-type]
        return cls(**{**values, "read": SplitReport(**read), "refused_file": digest})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a manifest."""

    records: int  # of every type, in all archives
    gaps: int  # regions of archives that belong to no record, and files that are no archive; each is a rejection
    responses: int
    rows: int
    rejections: dict[str, int]  # of response records, by reason
    not_responses: dict[str, int]  # rejections of everything else, gaps included, by reason
    passed: dict[str, int]  # records that are only counted, by type

    @property
    def rejected(self) -> int:
        """Response records that were rejected."""
        return sum(self.rejections.values())

    def check(self) -> None:
        """Raise IntegrityError unless every response is accounted for exactly once."""
        others = sum(self.not_responses.values()) + sum(self.passed.values())
        if self.responses != self.rows + self.rejected or self.records + self.gaps != self.responses + others:
            raise IntegrityError(
                f"{self.records} records, {self.gaps} gaps and {self.responses} responses were read, but {self.rows} "
                f"rows, {self.rejected} rejections of responses and {others} of others written: please report this"
            )


def total(accounts: Sequence[SplitAccount]) -> Counts:
    """The counts of all splits together; `rows` are documents, before curation."""
    passed, others, rejections, rows = Counter[str](), Counter[str](), Counter[str](), 0
    for account in accounts:
        passed.update(account.passed)
        others.update(account.not_responses)
        rejections.update(account.rejections)
        rows += account.rows
    return Counts(
        records=sum(account.read.records for account in accounts),
        gaps=sum(account.read.gaps for account in accounts),
        responses=sum(account.read.responses for account in accounts),
        rows=rows,
        rejections=dict(sorted(rejections.items())),
        not_responses=dict(sorted(others.items())),
        passed=dict(sorted(passed.items())),
    )


def curated(documents: Counts, *, rows: int, rejections: Iterable[tuple[str, int]]) -> Counts:
    """The counts once curation has turned documents into rows and more rejections; checked."""
    reasons = Counter(documents.rejections)
    for reason, number in rejections:
        reasons[reason] += number
    counts = dataclasses.replace(documents, rows=rows, rejections=dict(sorted(reasons.items())))
    counts.check()
    return counts


def total_cpu(accounts: Sequence[SplitAccount]) -> dict[str, float]:
    """CPU seconds by stage over all splits."""
    stages = dict.fromkeys(stage for account in accounts for stage in account.cpu_s)
    return {stage: round(sum(account.cpu_s.get(stage, 0.0) for account in accounts), 3) for stage in stages}
