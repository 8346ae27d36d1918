"""Band keys, and candidates from buckets."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.bands import LARGEST_GROUP, band_keys, drop_repeated, find_candidates
from transforms.dedup.blocks import BAND_ENTRY, REQUEST, Block

MASK = (1 << 64) - 1
# Few bands and texts, so that buckets fill; several pages (references) of one text.
ENTRIES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(0, 3)), max_size=40)
SIGNATURES = st.lists(st.lists(st.integers(0, 1), min_size=7, max_size=7), min_size=1, max_size=8)


def entries(rows: list[tuple[int, int, int]]) -> Block:
    return np.array(rows, dtype=BAND_ENTRY)


def slow_candidates(rows: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """(group, text, reference): bucket by bucket, in dictionaries."""
    buckets: dict[int, dict[int, int]] = defaultdict(dict)
    for band, text, ref in rows:
        buckets[band][text] = min(ref, buckets[band].get(text, ref))
    found: dict[tuple[int, int], int] = {}
    for texts in buckets.values():
        for text, ref in texts.items():
            if len(texts) > 1:
                key = (min(texts), text)
                found[key] = min(ref, found.get(key, ref))
    return sorted((*key, ref) for key, ref in found.items())


@given(SIGNATURES)
@settings(deadline=None)
def test_keys_are_equal_exactly_where_bands_are(rows: list[list[int]]) -> None:
    keys = band_keys(np.array(rows, dtype=np.uint32), bands=3, rows=2)
    assert keys.shape == (len(rows), 3)
    bands = [(band, *row[2 * band : 2 * band + 2]) for row in rows for band in range(3)]
    assert len(set(zip(bands, keys.reshape(-1).tolist(), strict=True))) == len(set(bands)) == len(np.unique(keys))


def test_key_arithmetic_is_exact_modulo_two_to_the_64() -> None:
    def mix(value: int) -> int:
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = ((value ^ (value >> 33)) * factor) & MASK
        return value ^ (value >> 33)

    step, values = 0x9E3779B97F4A7C15, [4294967295, 7, 0, 123456789]
    factors = [mix((i * step) & MASK) | 1 for i in range(1, 5)]
    products = [value * factor for value, factor in zip(values, factors, strict=True)]
    expected = [mix((sum(products[2 * band : 2 * band + 2]) + band * step) & MASK) for band in range(2)]
    assert band_keys(np.array([values], dtype=np.uint32), bands=2, rows=2).tolist() == [expected]


@given(ENTRIES)
@settings(deadline=None)
def test_candidates_are_those_of_the_buckets(rows: list[tuple[int, int, int]]) -> None:
    assert find_candidates(entries(rows)).tolist() == slow_candidates(rows)


@given(ENTRIES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_candidates_do_not_depend_on_order_or_repetition(rows: list[tuple[int, int, int]], random: Random) -> None:
    shuffled = rows + rows[:3]
    random.shuffle(shuffled)
    assert find_candidates(entries(shuffled)).tolist() == find_candidates(entries(rows)).tolist()


def test_identical_pages_are_no_candidates() -> None:
    assert find_candidates(entries([(1, 42, page) for page in range(2000)])).size == 0


def test_two_thousand_texts_in_a_bucket_give_two_thousand_requests() -> None:
    assert find_candidates(entries([(1, text, text) for text in range(2000)])).size == 2000


def test_bucket_too_large_for_one_place_is_cut_and_each_part_has_the_leader() -> None:
    texts = np.random.default_rng(1).integers(0, 2**64, 5 * LARGEST_GROUP, dtype=np.uint64)
    rows = np.zeros(texts.size, dtype=BAND_ENTRY)
    rows["text"] = texts
    requests = find_candidates(rows)
    groups = np.unique(requests["group"])
    members = [requests["text"][requests["group"] == group] for group in groups]
    assert len(groups) == 8
    assert set(np.concatenate(members).tolist()) == set(texts.tolist())
    assert all(texts.min() in part for part in members)
    # Text keys are uniform: a part has 5/8 of the limit, and no part exceeds the limit by five standard deviations.
    assert max(part.size for part in members) < LARGEST_GROUP


def test_a_text_that_several_bands_ask_for_is_asked_for_once_a_group() -> None:
    requests = np.array([(9, 5, 1), (2, 5, 1), (9, 5, 1), (9, 4, 0)], dtype=REQUEST)
    assert drop_repeated(requests).tolist() == [(2, 5, 1), (9, 4, 0), (9, 5, 1)]
