"""The pipeline equals the direct computation, whatever the files, their order and the partitions."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import astuple, dataclass
from itertools import combinations
from pathlib import Path

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.testing.util import assert_that

from transforms.dedup.documents import DocumentsFile
from transforms.dedup.fingerprint import fingerprint, prepare
from transforms.dedup.keeper import DuplicateVerdicts
from transforms.dedup.params import DedupParams, SignatureParams
from transforms.dedup.signature import estimate_jaccard
from transforms.dedup.stage import FindDuplicates
from transforms.errors import FirsthandError
from transforms.records import Fingerprint
from transforms.schema import DOCUMENTS, arrow_schema

SKETCHER = prepare(SignatureParams(num_hashes=64))
PARAMS = DedupParams(bands=16, rows=4)


@dataclass(frozen=True)
class Record:
    """One page as dedup sees it."""

    id: str
    date: str
    quality: float
    sketch: Fingerprint


@dataclass(frozen=True)
class Told:
    """A verdict on one page."""

    keep: bool
    exact: bool
    keeper_id: str
    component_id: str
    first_seen: str
    duplicate_count: int


def make_records(seed: int) -> list[Record]:
    """Texts with exact copies, near copies of several degrees, chains of them, and texts too short to compare."""
    choose = random.Random(seed)
    texts = []
    for _ in range(40):
        words = [f"w{choose.randrange(3000)}" for _ in range(choose.choice([3, 60, 120]))]
        for _ in range(choose.randrange(1, 5)):
            texts += [" ".join(words)] * choose.choice([1, 1, 2, 3])
            words = list(words)
            for _ in range(choose.randrange(4)):
                words[choose.randrange(len(words))] = "other"
    return [
        Record(
            id=f"{choose.getrandbits(128):032x}",
            date=choose.choice(["", "2019-01-01T00:00:00Z", "2023-01-01T00:00:00Z"]),
            quality=choose.choice([0.25, 0.5]),
            sketch=fingerprint(text, SKETCHER),
        )
        for text in texts
    ]


def find_roots(texts: dict[str, Fingerprint], params: DedupParams) -> dict[str, str]:
    """The smallest text digest of each text's component: dictionaries of buckets, every two texts of a group."""
    groups: dict[str, set[str]] = defaultdict(set)
    for band in range(params.bands):
        buckets: dict[bytes, set[str]] = defaultdict(set)
        for digest, sketch in texts.items():
            if sketch.shingles >= params.min_shingles:
                buckets[sketch.signature[band * params.rows : (band + 1) * params.rows].tobytes()].add(digest)
        for bucket in buckets.values():
            groups[min(bucket)] |= bucket
    root = {digest: digest for digest in texts}
    for group in groups.values():
        for one, other in combinations(sorted(group), 2):
            if are_near(texts[one], texts[other], params):
                old, new = sorted((root[one], root[other]), reverse=True)
                root = {node: new if at == old else at for node, at in root.items()}
    return root


def are_near(left: Fingerprint, right: Fingerprint, params: DedupParams) -> bool:
    small, large = sorted((left.shingles, right.shingles))
    return small >= params.threshold * large and bool(
        estimate_jaccard(left.signature, right.signature) >= params.threshold
    )


def find_directly(records: list[Record], params: DedupParams) -> dict[str, Told]:
    """Verdicts by id, page by page and without arrays; unique pages are left out."""
    texts = {record.sketch.text_digest: record.sketch for record in records}
    root = find_roots(texts, params) if params.method == "near" else {digest: digest for digest in texts}
    components: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        components[root[record.sketch.text_digest]].append(record)
    told = {}
    for members in components.values():
        keeper = min(members, key=lambda r: (r.date or "9999", -r.quality, r.id))
        for record in members if len(members) > 1 else []:
            alike = [m.date for m in members if m.sketch.text_digest == record.sketch.text_digest and m.date]
            same = record.sketch.text_digest == keeper.sketch.text_digest
            told[record.id] = Told(
                keep=record is keeper,
                exact=same and record is not keeper,
                keeper_id=keeper.id,
                component_id=min(member.id for member in members),
                first_seen=min(alike, default=""),
                duplicate_count=len(members),
            )
    return told


def write_files(folder: Path, chunks: list[list[Record]], ordinals: list[int]) -> list[DocumentsFile]:
    """One documents file a chunk, narrow columns only."""
    files = []
    for records, ordinal in zip(chunks, ordinals, strict=True):
        path = folder / f"{ordinal}.parquet"
        content = {
            "id": [r.id for r in records],
            "text_digest": [r.sketch.text_digest for r in records],
            "date": [r.date for r in records],
            "quality": [r.quality for r in records],
            "shingles": [r.sketch.shingles for r in records],
            "signature": [r.sketch.signature.tobytes() for r in records],
        }
        schema = pa.schema([arrow_schema(DOCUMENTS).field(name) for name in content])
        table = pa.table(content, schema=schema)
        pq.write_table(table, path)
        files.append(DocumentsFile(str(path), ordinal, len(records)))
    return files


def cut(records: list[Record], size: int) -> list[list[Record]]:
    return [records[start : start + size] for start in range(0, len(records), size)]


def check_pipeline(
    files: list[DocumentsFile],
    chunks: list[list[Record]],
    expected: dict[str, Told],
    params: DedupParams,
    partitions: int = 5,
) -> None:
    """Run the pipeline on `files`, whose rows are `chunks`, and compare its verdicts by id."""
    rows = {file.ordinal: [record.id for record in chunk] for file, chunk in zip(files, chunks, strict=True)}

    def check(blocks: list[tuple[int, DuplicateVerdicts]]) -> None:
        told: dict[str, Told] = {}
        for ordinal, block in blocks:
            for index, row in enumerate(block.row.tolist()):
                id_ = rows[ordinal][row]
                assert id_ not in told, "a row was told twice"
                told[id_] = Told(
                    keep=bool(block.keep[index]),
                    exact=bool(block.exact[index]),
                    keeper_id=block.keeper_id[index].decode(),
                    component_id=block.component_id[index].decode(),
                    first_seen=block.first_seen[index].decode(),
                    duplicate_count=int(block.duplicate_count[index]),
                )
        assert {k: astuple(v) for k, v in told.items()} == {k: astuple(v) for k, v in expected.items()}

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create(files) | FindDuplicates(params, partitions=partitions), check)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return make_records(seed=1)


@pytest.fixture(scope="module")
def expected(records: list[Record]) -> dict[str, Told]:
    return find_directly(records, PARAMS)


def test_generated_pages_show_every_kind_of_verdict(records: list[Record], expected: dict[str, Told]) -> None:
    assert len(expected) < len(records)
    near = [told for told in expected.values() if not told.keep and not told.exact]
    assert len(near) > 20
    assert sum(told.exact for told in expected.values()) > 20
    assert len({told.component_id for told in expected.values()}) > 10


@pytest.mark.parametrize(("size", "partitions"), [(10_000, 1), (10_000, 5), (17, 5), (50, 64)], ids=str)
def test_pipeline_equals_the_direct_computation(
    tmp_path: Path, records: list[Record], expected: dict[str, Told], size: int, partitions: int
) -> None:
    chunks = cut(records, size)
    files = write_files(tmp_path, chunks, list(range(len(chunks))))
    check_pipeline(files, chunks, expected, PARAMS, partitions)


def test_order_and_ordinals_of_files_and_rows_decide_nothing(
    tmp_path: Path, records: list[Record], expected: dict[str, Told]
) -> None:
    shuffled = random.Random(2).sample(records, len(records))
    chunks = cut(shuffled, 40)
    ordinals = random.Random(3).sample(range(2**32), len(chunks))
    files = write_files(tmp_path, chunks, ordinals)
    check_pipeline(files[::-1], chunks[::-1], expected, PARAMS)


def test_method_exact_joins_equal_texts_only(tmp_path: Path, records: list[Record]) -> None:
    params = DedupParams(method="exact")
    chunks = cut(records, 60)
    told = find_directly(records, params)
    assert all(verdict.keep or verdict.exact for verdict in told.values())
    check_pipeline(write_files(tmp_path, chunks, list(range(len(chunks)))), chunks, told, params)


def test_method_none_tells_nothing(tmp_path: Path, records: list[Record]) -> None:
    files = write_files(tmp_path, [records], [0])
    check_pipeline(files, [records], {}, DedupParams(method="none"))


def test_two_thousand_identical_pages_keep_one(tmp_path: Path, records: list[Record]) -> None:
    copies = [Record(f"{i:032x}", "2020-01-01T00:00:00Z", 0.5, records[0].sketch) for i in range(2000)]
    chunks = cut(copies, 700)
    expected = {
        copy.id: Told(copy is copies[0], copy is not copies[0], copies[0].id, copies[0].id, copy.date, 2000)
        for copy in copies
    }
    check_pipeline(write_files(tmp_path, chunks, [0, 1, 2]), chunks, expected, PARAMS)


def test_run_without_pages_tells_nothing(tmp_path: Path) -> None:
    check_pipeline(write_files(tmp_path, [[], []], [0, 1]), [[], []], {}, PARAMS)


def test_texts_too_short_to_compare_have_exact_copies_only(tmp_path: Path) -> None:
    sketches = [fingerprint(text, SKETCHER) for text in ("a b c d e f g", "a b c d e f g", "a b c d e f h")]
    pages = [Record(f"{i:032x}", "", 0.5, sketch) for i, sketch in enumerate(sketches)]
    zero, one = f"{0:032x}", f"{1:032x}"
    expected = {zero: Told(True, False, zero, zero, "", 2), one: Told(False, True, zero, zero, "", 2)}
    assert np.median([sketch.shingles for sketch in sketches]) < PARAMS.min_shingles
    check_pipeline(write_files(tmp_path, [pages], [0]), [pages], expected, PARAMS)


def test_more_near_duplicates_than_a_worker_can_join_end_the_run_with_the_cure(
    tmp_path: Path, records: list[Record]
) -> None:
    files = write_files(tmp_path, [records], [0])
    roots = find_roots({record.sketch.text_digest: record.sketch for record in records}, PARAMS)
    edges = sum(root != text for text, root in roots.items())

    def run(max_edges: int) -> None:
        with beam.Pipeline(runner="FnApiRunner") as pipeline:
            _ = pipeline | beam.Create(files) | FindDuplicates(PARAMS, partitions=3, max_edges=max_edges)

    run(edges)
    with pytest.raises(FirsthandError, match=r"curate the documents in parts"):
        run(edges - 1)
