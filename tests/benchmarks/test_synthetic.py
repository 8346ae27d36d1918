"""Synthetic documents: what is planted is there, and curation takes them for an extraction and finds it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.families import ALIKE, CHAIN, EXACT, KINDS, NEAR, Layout, lay_out, make_words
from benchmarks.near_duplicates import Ids, jaccard
from benchmarks.synthetic import write_documents
from benchmarks.synthetic_pages import PageMaker
from pipeline.cli import main
from tests.outputs import corpus
from transforms.dedup.params import SignatureParams

COUNT, SEED = 1_000, 7


@pytest.fixture(scope="module")
def layout() -> Layout:
    return lay_out(COUNT, SEED)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "documents"
    write_documents(COUNT, str(folder), files=3, seed=SEED)
    return folder


def shingles(words: Ids) -> set[str]:
    """The 5-grams of numbered words."""
    return {str(words[i : i + 5].tolist()) for i in range(words.size - 4)}


def families(layout: Layout, kind: str) -> dict[int, list[int]]:
    """The documents of each family of a kind, in the order of its members."""
    found: dict[int, list[int]] = {}
    for number in np.lexsort((layout.member, layout.family)).tolist():
        if layout.kind[number] == KINDS.index(kind):
            found.setdefault(int(layout.family[number]), []).append(number)
    return found


@pytest.mark.parametrize("kind", [NEAR, ALIKE])
def test_a_copy_is_beyond_doubt_a_duplicate_or_none(layout: Layout, kind: str) -> None:
    for first, *copies in families(layout, kind).values():
        base = shingles(make_words(layout, SEED, first))
        found = [jaccard(base, shingles(make_words(layout, SEED, copy))) for copy in copies]
        assert min(found) >= 0.88 if kind == NEAR else max(found) <= 0.56


def test_exact_copies_are_the_same_text_and_alone_in_it(layout: Layout) -> None:
    maker = PageMaker.of(layout, SEED, SignatureParams())
    texts = {number: maker.text(number) for number in range(COUNT)}
    counts = Counter(texts.values())
    for members in families(layout, EXACT).values():
        assert counts[texts[members[0]]] == len(members)
        assert {texts[member] for member in members} == {texts[members[0]]}


def test_the_links_of_a_chain_resemble_their_neighbours_and_not_the_other_end(layout: Layout) -> None:
    for members in families(layout, CHAIN).values():
        links = [shingles(make_words(layout, SEED, member)) for member in members]
        assert all(0.9 <= jaccard(link, after) < 0.95 for link, after in pairwise(links))
        assert len(links) < 9 or jaccard(links[0], links[-1]) < 0.6


def test_components_are_families_and_what_is_only_alike_stays_alone(layout: Layout) -> None:
    assert np.unique(layout.component).size == np.unique(layout.family).size + 50  # pairs of documents that are alike
    alike = np.flatnonzero(layout.kind == KINDS.index(ALIKE))
    assert alike.size == 100
    assert np.unique(layout.component[alike]).size == 100


def test_the_same_seed_writes_the_same_bytes(documents: Path, tmp_path: Path) -> None:
    write_documents(COUNT, str(tmp_path / "again"), files=3, seed=SEED)
    written = sorted(path.relative_to(documents) for path in documents.rglob("*.*"))
    assert len(written) == 3 + 3 + 2
    assert all((documents / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in written)


def test_another_seed_writes_other_texts(layout: Layout) -> None:
    other = lay_out(COUNT, SEED + 1)
    assert not np.array_equal(layout.family, other.family)
    assert make_words(layout, SEED, 0).tolist() != make_words(layout, SEED + 1, 0).tolist()


def test_curation_takes_them_for_an_extraction_and_finds_the_components(documents: Path, tmp_path: Path) -> None:
    assert main(["curate", str(documents), "--output", str(tmp_path / "out"), "--workers", "1"]) == 0
    rows = corpus(tmp_path / "out")
    truth = pq.read_table(documents / "truth.parquet")
    component = dict(zip(truth["id"].to_pylist(), truth["component"].to_pylist(), strict=True))
    sizes = Counter(component.values())
    assert {component[str(row["id"])]: row["duplicate_count"] for row in rows} == sizes
    assert len(rows) == len(sizes)
