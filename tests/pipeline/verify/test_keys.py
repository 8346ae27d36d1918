"""What all rows together tell, bucket by bucket, is what a plain count of everything tells."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.verify.check import Findings
from pipeline.verify.keys import KeyStore, Kind, is_key, judge_keys


def key(number: int) -> str:
    """One of many keys, spread over all buckets."""
    return blake2b(number.to_bytes(4), digest_size=16).hexdigest()


def problems(store: KeyStore, *, unique_texts: bool = True) -> tuple[int, str]:
    """How many problems there are, and the first of each bucket."""
    findings = Findings()
    for block in store.blocks():
        judge_keys(block, findings, unique_texts=unique_texts)
    return findings.found, "\n".join(findings.named)


def corpus(store: KeyStore, components: dict[int, list[int]]) -> None:
    """Rows by number, each with the numbers of its dropped copies, as a run writes them."""
    for row, copies in components.items():
        smallest = min(key(number) for number in (row, *copies))
        store.add(Kind.ROW, [key(row)], numbers=[1 + len(copies)], others=[smallest])
        store.add(Kind.TEXT, [key(10_000 + row)], others=[key(row)])
        store.add(Kind.DROPPED, [key(row)] * len(copies), others=[key(copy) for copy in copies])
        store.add(Kind.REFUSED, [key(copy) for copy in copies])
        store.add(Kind.DOCUMENT, [key(number) for number in (row, *copies)])


COMPONENTS = st.dictionaries(st.integers(0, 400), st.integers(0, 4), max_size=40).map(
    lambda sizes: {row: [1000 + 10 * row + copy for copy in range(size)] for row, size in sizes.items()}
)


@settings(deadline=None)
@given(COMPONENTS)
def test_a_whole_output_has_no_problem(components: dict[int, list[int]]) -> None:
    with KeyStore() as store:
        corpus(store, components)
        assert problems(store) == (0, "")


@settings(deadline=None)
@given(COMPONENTS.filter(bool), st.data())
def test_every_row_that_is_gone_is_found_once_as_a_keeper_and_once_as_a_document(
    components: dict[int, list[int]], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(components)), min_size=1))
    with KeyStore() as store:
        corpus(store, {row: copies for row, copies in components.items() if row not in gone})
        for row in gone:
            copies = components[row]
            store.add(Kind.DROPPED, [key(row)] * len(copies), others=[key(copy) for copy in copies])
            store.add(Kind.REFUSED, [key(copy) for copy in copies])
            store.add(Kind.DOCUMENT, [key(number) for number in (row, *copies)])
        assert problems(store)[0] == len(gone) + sum(bool(components[row]) for row in gone)


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=60), st.booleans())
def test_texts_that_stand_twice_are_counted_unless_copies_are_kept(texts: list[int], kept: bool) -> None:
    with KeyStore() as store:
        store.add(Kind.TEXT, [key(text) for text in texts], others=[key(1000 + row) for row in range(len(texts))])
        twice = sum(number > 1 for number in Counter(texts).values())
        assert problems(store, unique_texts=not kept)[0] == (0 if kept else twice)


@pytest.mark.parametrize(
    ("kind", "keys", "said"),
    [
        pytest.param(Kind.ROW, [1], "stands in the corpus 2 times", id="a row twice"),
        pytest.param(Kind.REFUSED, [1], "is in the corpus, and among the rejections too", id="kept and rejected"),
        pytest.param(Kind.REFUSED, [7, 7], "was rejected 2 times", id="rejected twice"),
        pytest.param(Kind.DROPPED, [1], "duplicate_count is 1, with its rejected copies it is 2", id="a copy more"),
        pytest.param(Kind.DROPPED, [8], "is missing: it is the keeper in 1 rejection", id="no keeper"),
        pytest.param(Kind.DOCUMENT, [9], "is missing: it is in documents/", id="a document of no row"),
    ],
)
def test_each_contradiction_is_named(kind: Kind, keys: list[int], said: str) -> None:
    with KeyStore() as store:
        corpus(store, {1: [], 2: []})
        others = [key(5)] * len(keys)
        numbers = [1] * len(keys) if kind is Kind.ROW else []
        store.add(kind, [key(number) for number in keys], numbers=numbers, others=others)
        assert said in problems(store)[1]


def test_a_key_is_32_digits_in_lower_case() -> None:
    assert is_key(key(3))
    assert not any(map(is_key, ("", "0" * 31, "0" * 33, "A" * 32, "g" * 32)))
