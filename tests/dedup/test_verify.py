"""Candidates compared on whole signatures."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.blocks import Sketches
from transforms.dedup.verify import MOST_LEADERS, find_edges

# (group, text); a text's signature of four values and its size follow from the text.
ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 15)), min_size=1, max_size=30)
THRESHOLD = 0.75


def signature(text: int) -> list[int]:
    """Four values; texts that differ in one bit agree in three of them."""
    return [text >> bit & 1 for bit in range(4)]


def sketches(rows: list[tuple[int, int]], shingles: int = 100) -> Sketches:
    group, text = (np.array(column, dtype=np.uint64) for column in zip(*rows, strict=True))
    values = np.array([signature(text) for _, text in rows], dtype=np.uint16)
    return Sketches(group, text, np.full(len(rows), shingles, dtype=np.int32), values)


def slow_edges(rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leader by leader, in lists."""
    found = set()
    for group in {group for group, _ in rows}:
        waiting = sorted({text for other, text in rows if other == group})
        while waiting:
            leader, *others = waiting
            similar = [t for t in others if np.mean(np.array(signature(t)) == signature(leader)) >= THRESHOLD]
            found |= {(leader, text) for text in similar}
            waiting = [text for text in others if text not in similar]
    return sorted(found)


@given(ROWS)
@settings(deadline=None)
def test_edges_are_those_of_leader_by_leader(rows: list[tuple[int, int]]) -> None:
    assert find_edges(sketches(rows), THRESHOLD).tolist() == slow_edges(rows)


@given(ROWS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_edges_do_not_depend_on_order_or_repetition(rows: list[tuple[int, int]], random: Random) -> None:
    shuffled = rows + rows[:4]
    random.shuffle(shuffled)
    assert find_edges(sketches(shuffled), THRESHOLD).tolist() == find_edges(sketches(rows), THRESHOLD).tolist()


def test_texts_of_very_different_size_are_not_joined_whatever_their_signatures_say() -> None:
    same = np.zeros((3, 16), dtype=np.uint16)
    shingles = np.array([100, 75, 74], dtype=np.int32)
    texts = np.arange(3, dtype=np.uint64)
    edges = find_edges(Sketches(np.zeros(3, dtype=np.uint64), texts, shingles, same), THRESHOLD)
    assert edges.tolist() == [(0, 1)]


def test_more_comparisons_than_fit_at_a_time_give_every_edge() -> None:
    texts = np.arange(10_000, dtype=np.uint64)
    same = np.zeros((texts.size, 16), dtype=np.uint16)
    edges = find_edges(Sketches(texts * np.uint64(0), texts, np.full(texts.size, 50, np.int32), same), THRESHOLD)
    assert edges["high"].tolist() == list(range(1, 10_000))
    assert set(edges["low"].tolist()) == {0}


def test_group_of_strangers_is_given_up_after_the_last_leader() -> None:
    def last_pair_found(strangers: int) -> bool:
        values = np.repeat(np.append(np.arange(strangers), [10**6, 10**6]).astype(np.uint32)[:, np.newaxis], 8, axis=1)
        texts = np.arange(strangers + 2, dtype=np.uint64)
        group, shingles = np.zeros_like(texts), np.full(texts.size, 50, dtype=np.int32)
        return find_edges(Sketches(group, texts, shingles, values), THRESHOLD).size == 1

    assert last_pair_found(MOST_LEADERS - 1)
    assert not last_pair_found(MOST_LEADERS)
