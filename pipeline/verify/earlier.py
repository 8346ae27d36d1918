"""Earlier corpora that an output was curated against: are they those, and do they have what was dropped for them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.seal import FILES, chain
from pipeline.verify.check import Check, Findings
from pipeline.verify.claim import Claim, earlier_of, read_claim
from pipeline.verify.corpus import batches
from pipeline.verify.files import changed_end, shards_of
from pipeline.verify.keys import Keys, KeyStore, Kind
from pipeline.verify.progress import Pulse
from transforms.original import LABEL, Original
from transforms.read.address import is_remote
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema

_BATCH = 50_000
_SCHEMA = arrow_schema(CORPUS)


class EarlierKeys:
    """The keepers in earlier corpora that rejections name, each with the number of its corpus in the manifest."""

    def __init__(self, claim: Claim, keys: KeyStore) -> None:
        self.keys = keys
        self.count = 0
        self._numbers: Mapping[str, int] = {head[:LABEL]: at for at, (_, head) in enumerate(earlier_of(claim))}
        self._waiting: list[tuple[str, int, str]] = []

    def add(self, page: str, original: Original, findings: Findings) -> None:
        """Keep the keeper of this page, or note that no such corpus is in the manifest."""
        number = self._numbers.get(original.earlier)
        if number is None:
            findings.add(f"record {page} was dropped for one of {original.earlier}, which the manifest does not name")
        else:
            self._waiting.append((original.keeper_id, number, page))

    def flush(self) -> None:
        """Put what was added where memory does not grow."""
        keepers, numbers, pages = ([entry[at] for entry in self._waiting] for at in range(3))
        self.keys.add(Kind.DROPPED, keepers, numbers=numbers, others=pages)  # type: ignore[arg-type]
        self.count += len(self._waiting)
        self._waiting.clear()


def check_earlier(folder: Folder, claim: Claim, earlier: EarlierKeys, pulse: Pulse) -> Check:
    """Every earlier output is what it was and has the rows that copies were dropped for, as far as it is at hand."""
    findings, gone = Findings(), set()
    outputs = earlier_of(claim)
    for number, (root, head) in enumerate(outputs):
        pulse("earlier corpora", number, len(outputs))
        other = replace(folder, root=root)
        if is_remote(root) == folder.is_local or not other.holds("manifest.json"):
            gone.add(number)
            continue
        with findings.reading(root):
            theirs = read_claim(other)
            _check_head(other, theirs, head, findings)
            _check_shards(other, theirs, findings)
            _keep_ids(other, number, earlier.keys, findings)
    for block in earlier.keys.blocks():
        for key, number in _missing(block):
            if number not in gone:
                findings.add(f"{outputs[number][0]} has no row {key}, the keeper of a copy that was dropped here")
    roots = " and ".join(root for root, _ in outputs)
    cure = ", ".join(f"`firsthand verify {root}`" for root, _ in outputs)
    said = (
        f"keepers of {earlier.count:,} copies in {roots}, heads as they were; sizes and rows of shards beside the "
        f"manifests there, which {cure} compares whole"
    )
    unread = ", ".join(outputs[number][0] for number in sorted(gone))
    return findings.check("against", said, unread=f"not at hand: {unread}" if gone else "")


def _check_head(other: Folder, claim: Claim, head: str, findings: Findings) -> None:
    entries = claim.page.get(FILES)
    _, found = chain(claim.page, entries if isinstance(entries, list) else [])
    if found != head:
        findings.add(f"{other.root} has the head {found} now; this output was curated against {head}")


def _check_shards(other: Folder, claim: Claim, findings: Findings) -> None:
    """The shards that copies were dropped for, as far as they tell without being read."""
    there = set(other.parquet("corpus"))
    for listed in shards_of(claim):
        path = other.path(listed.path)
        with findings.reading(path):
            if problem := changed_end(other, listed) if path in there else "is missing":
                findings.add(f"{path} {problem}")


def _keep_ids(other: Folder, number: int, keys: KeyStore, findings: Findings) -> None:
    for path in other.parquet("corpus"):
        for table in batches(other, path, _SCHEMA, ["id"], findings, rows=_BATCH):
            keys.add(Kind.ROW, table["id"].to_pylist(), numbers=[number] * table.num_rows)


def _missing(block: Keys) -> Iterator[tuple[str, int]]:
    """Keepers that are no row of their corpus, with its number; all of them are in this bucket, and so are the rows."""
    names = list(zip(*(block[name].tolist() for name in ("high", "low", "number")), strict=True))
    rows = {name for name, kind in zip(names, block["kind"].tolist(), strict=True) if kind == Kind.ROW}
    for high, low, number in dict.fromkeys(names):
        if (high, low, number) not in rows:
            yield f"{high:016x}{low:016x}", number
