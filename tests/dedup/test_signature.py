"""MinHash signatures, held to datasketch bit by bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.signature import EMPTY, draw_permutations, estimate_jaccard, minhash

HASHES = st.lists(st.integers(0, 2**32 - 1), max_size=40)


def reference(hashes: list[int], num_hashes: int, seed: int) -> MinHash:
    """datasketch's MinHash of these hashes."""
    sketch = MinHash(num_perm=num_hashes, seed=seed, hashfunc=int)
    sketch.update_batch(hashes)
    return sketch


@given(HASHES, st.sampled_from([1, 16, 112]), st.integers(0, 5))
@settings(deadline=None)
def test_signature_is_that_of_datasketch(hashes: list[int], num_hashes: int, seed: int) -> None:
    ours = minhash(np.array(hashes, dtype=np.uint32), draw_permutations(num_hashes, seed))
    assert ours.dtype == np.uint32
    assert ours.tolist() == reference(hashes, num_hashes, seed).hashvalues.tolist()


@pytest.mark.parametrize("size", [255, 256, 257, 5000])
def test_signature_of_a_long_text_is_that_of_datasketch(size: int) -> None:
    hashes = np.random.default_rng(size).integers(0, 2**32, size, dtype=np.uint32)
    assert minhash(hashes, draw_permutations(256, 1)).tolist() == reference(hashes.tolist(), 256, 1).hashvalues.tolist()


@given(HASHES, HASHES)
@settings(deadline=None)
def test_signature_of_a_union_is_the_minimum(left: list[int], right: list[int]) -> None:
    permutations = draw_permutations(32, 1)
    one, other, both = (minhash(np.array(h, dtype=np.uint32), permutations) for h in (left, right, left + right))
    assert np.minimum(one, other).tolist() == both.tolist()


def test_no_shingles_give_the_empty_signature() -> None:
    assert (minhash(np.empty(0, dtype=np.uint32), draw_permutations(16, 1)) == EMPTY).all()


def test_estimate_is_that_of_datasketch() -> None:
    one, other = reference(list(range(80)), 256, 1), reference(list(range(20, 100)), 256, 1)
    assert estimate_jaccard(one.hashvalues, other.hashvalues) == one.jaccard(other)


@pytest.mark.parametrize("shared", [100, 300, 480, 590])
def test_mean_estimate_lies_within_five_standard_errors(shared: int) -> None:
    # Each value is a Bernoulli trial of probability J: over m pairs the standard error is sqrt(J (1 - J) / (m k)).
    random, permutations, pairs = np.random.default_rng(shared), draw_permutations(256, 1), 100
    true = shared / (1200 - shared)
    estimates = []
    for _ in range(pairs):
        hashes = random.integers(0, 2**32, 1200 - shared, dtype=np.uint32)
        left, right = minhash(hashes[:600], permutations), minhash(hashes[600 - shared :], permutations)
        estimates.append(float(estimate_jaccard(left, right)))
    assert abs(np.mean(estimates) - true) < 5 * math.sqrt(true * (1 - true) / (pairs * 256))
    assert np.std(estimates) < 1.5 * math.sqrt(true * (1 - true) / 256)
