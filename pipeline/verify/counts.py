"""Do the sums come out? Rows and rejections against the manifest, by file, by reason and by archive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.verify.check import Check, Findings, many
from pipeline.verify.claim import Claim, Tallies
from pipeline.verify.corpus import batches, name_of
from pipeline.verify.earlier import EarlierKeys
from pipeline.verify.keys import KeyStore, Kind, judge_keys
from pipeline.verify.progress import Pulse
from pipeline.verify.rows import CorpusCount
from transforms.original import Original
from transforms.rejection import MEANING, Reason
from transforms.report.folder import Folder
from transforms.schema import REJECTIONS, arrow_schema
from transforms.write.rows import page_id

_SCHEMA = arrow_schema(REJECTIONS)
_COLUMNS = ["warc_file", "record_offset", "record_type", "stage", "reason", "detail"]
_BATCH = 20_000
DUPLICATES = (Reason.DUPLICATE_EXACT.value, Reason.DUPLICATE_NEAR.value)


@dataclass(slots=True)
class RejectionCount:
    """What was found among the rejections; numbers by (archive, reason)."""

    responses: Counter[tuple[str, str]] = field(default_factory=Counter)
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_file: dict[str, int] = field(default_factory=dict)
    whole: bool = True  # every rejection could be read
    of_earlier: int = 0  # responses that an earlier corpus has


class RejectionReader:
    """Reads all rejections once."""

    def __init__(self, folder: Folder, keys: KeyStore, earlier: EarlierKeys) -> None:
        self.count = RejectionCount()
        self._earlier = earlier
        self.findings = Findings()
        self._folder = folder
        self._keys = keys

    def read(self, pulse: Pulse) -> None:
        """Count them, and keep their keys."""
        paths = self._folder.parquet("rejections")
        for number, path in enumerate(paths):
            self.count.by_file[name_of(path)] = 0
            for table in batches(self._folder, path, _SCHEMA, _COLUMNS, self.findings, rows=_BATCH):
                self._batch(table, path)
                pulse("rejections", number, len(paths))
        self.count.whole = not self.findings.broken

    def _batch(self, table: pa.Table, path: str) -> None:
        self.count.by_file[name_of(path)] += table.num_rows
        refused, dropped, keepers = [], [], []
        for archive, offset, kind, stage, reason, detail in zip(*(table[c].to_pylist() for c in _COLUMNS), strict=True):
            page = page_id(str(archive), offset or 0)
            if MEANING.get(reason, ("", ""))[0] != stage:
                self.findings.add(f"record {page} in {name_of(path)}: no stage {stage} gives a reason {reason}")
            side = self.count.responses if kind == "response" else self.count.others
            side[archive, reason] += 1
            if kind == "response":
                refused.append(page)
            original = Original.of(detail or "") if reason in DUPLICATES else None
            if original and original.earlier:
                self.count.of_earlier += 1
                self._earlier.add(page, original, self.findings)
            elif original:
                dropped.append(page)
                keepers.append(original.keeper_id)
            elif reason in DUPLICATES:
                self.findings.add(f"record {page} in {name_of(path)}: {reason}, but of which page is not said")
        self._keys.add(Kind.REFUSED, refused)
        self._keys.add(Kind.DROPPED, keepers, others=dropped)
        self._earlier.flush()


def check_counts(claim: Claim, corpus: CorpusCount, refused: RejectionReader) -> Check:
    """The manifest's counts are those of the files, and add up."""
    findings = refused.findings
    _compare_files(claim, corpus.by_file | refused.count.by_file, findings)
    _compare_total(claim, corpus, refused.count, findings)
    for archive in claim.repeated:
        findings.add(f"manifest.json has the archive {archive} twice")
    for archive, told in claim.inputs.items():
        _compare_archive(archive, told, corpus, refused.count, findings)
    known = claim.inputs.keys()
    for archive in sorted({name for name, _ in refused.count.responses | refused.count.others if name not in known}):
        findings.add(f"there are rejections of {archive}, which is no archive of the manifest")
    total = sum(refused.count.responses.values())
    said = (
        f"{many(corpus.rows, 'row')} + {many(total, 'rejection')} = {many(corpus.rows + total, 'response')}: sums by "
        f"file, by reason, and in {many(len(claim.inputs), 'archive')}"
    )
    return findings.check("counts", said)


def _compare_files(claim: Claim, found: dict[str, int], findings: Findings) -> None:
    for listed in claim.files or ():
        if listed.rows is not None and listed.path in found:
            findings.compare(f"rows of {listed.path}", found=found[listed.path], expected=listed.rows)


def _compare_total(claim: Claim, corpus: CorpusCount, refused: RejectionCount, findings: Findings) -> None:
    found: Tallies = Counter({("rows", ""): corpus.rows})
    for side, name in ((refused.responses, "rejections"), (refused.others, "not_responses")):
        for (_, reason), number in side.items():
            found[name, reason] += number
    told = Counter({key: number for key, number in claim.counts.items() if key[0] in ("rows", *_SIDES)})
    _compare("manifest.json", told, found, findings)
    _add_up("manifest.json", claim.counts, "rows", findings)
    inputs: Tallies = Counter()
    for each in claim.inputs.values():
        inputs.update(each)
    for name in ("records", "gaps", "responses"):
        findings.compare(f"manifest.json: {name}", found=claim.counts[name, ""], expected=inputs[name, ""])


_SIDES = ("rejections", "not_responses")


def _compare_archive(
    archive: str, told: Tallies, corpus: CorpusCount, refused: RejectionCount, findings: Findings
) -> None:
    """Its documents became rows or duplicates, and what else it held was rejected as the manifest says."""
    dropped = sum(refused.responses[archive, reason] for reason in DUPLICATES)
    found: Tallies = Counter({("documents", ""): corpus.by_archive[archive] + dropped})
    for side, name in ((refused.responses, "rejections"), (refused.others, "not_responses")):
        for reason in Reason:
            if (number := side[archive, reason.value]) and reason.value not in DUPLICATES:
                found[name, reason.value] = number
    kept = Counter({key: number for key, number in told.items() if key[0] in ("documents", *_SIDES)})
    _compare(f"manifest.json, archive {archive}", kept, found, findings)
    _add_up(f"manifest.json, archive {archive}", told, "documents", findings)


def _compare(where: str, told: Tallies, found: Tallies, findings: Findings) -> None:
    for name, key in sorted(told.keys() | found.keys()):
        if told[name, key] != found[name, key]:
            what = f"{name} ({key})" if key else name
            findings.add(f"{where}: {what} is {told[name, key]}, the files hold {found[name, key]}")


def _add_up(where: str, told: Tallies, kept: str, findings: Findings) -> None:
    """Every response is kept or rejected; every record and gap is a response, another rejection, or only counted."""
    sums = {name: sum(n for (field_name, _), n in told.items() if field_name == name) for name, _ in told}
    rejected, others = sums.get("rejections", 0), sums.get("not_responses", 0) + sums.get("passed", 0)
    responses = told["responses", ""]
    if responses != told[kept, ""] + rejected:
        findings.add(f"{where}: {responses} responses, but {told[kept, '']} {kept} and {rejected} rejections")
    if told["records", ""] + told["gaps", ""] != responses + others:
        findings.add(f"{where}: its records and gaps are not its responses and {others} others")


def check_duplicates(claim: Claim, keys: KeyStore, corpus: CorpusCount, refused: RejectionCount) -> Check:
    """Ids and texts are unique, and every copy that was dropped has its keeper in the corpus."""
    findings = Findings()
    unique = claim.config is None or claim.config.dedup.method != "none"
    whole = corpus.whole and refused.whole
    for block in keys.blocks():
        judge_keys(block, findings, unique_texts=unique, whole=whole)
    exact, near = (sum(n for (_, reason), n in refused.responses.items() if reason == name) for name in DUPLICATES)
    elsewhere = f", those of {refused.of_earlier:,} in earlier corpora" if refused.of_earlier else ""
    said = (
        f"keepers of {exact:,} exact and {near:,} near copies among {many(corpus.rows, 'row')}{elsewhere}; ids"
        f"{' and texts' if unique else ''} once each"
    )
    unread = (
        ""
        if whole
        else f"not all {'rejections can be read, see counts' if corpus.whole else 'rows can be read, see rows'}"
    )
    return findings.check("duplicates", said, unread=unread)
