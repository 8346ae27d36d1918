"""Candidates compared on whole signatures."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.blocks import EDGE, Block, Sketches
from transforms.dedup.components import spanning_forest
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


def are_similar(one: int, other: int) -> bool:
    return bool(np.mean(np.array(signature(one)) == signature(other)) >= THRESHOLD)


def all_edges(rows: list[tuple[int, int]]) -> Block:
    """Every two texts of a group that are similar."""
    groups = [sorted({text for other, text in rows if other == group}) for group in {group for group, _ in rows}]
    pairs = [pair for texts in groups for pair in combinations(texts, 2) if are_similar(*pair)]
    return np.array(pairs, dtype=EDGE)


@given(ROWS)
@settings(deadline=None)
def test_edges_join_what_comparing_every_two_texts_of_a_group_joins(rows: list[tuple[int, int]]) -> None:
    edges, every = find_edges(sketches(rows), THRESHOLD), all_edges(rows)
    assert set(edges.tolist()) <= set(every.tolist())
    assert np.array_equal(spanning_forest(edges), spanning_forest(every))


def test_text_like_a_follower_and_unlike_the_leader_is_joined() -> None:
    assert are_similar(0, 1)
    assert are_similar(1, 3)
    assert not are_similar(0, 3)
    assert find_edges(sketches([(0, 0), (0, 1), (0, 3)]), THRESHOLD).tolist() == [(0, 1), (1, 3)]


@given(ROWS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_edges_do_not_depend_on_order_or_repetition(rows: list[tuple[int, int]], random: Random) -> None:
    shuffled = rows + rows[:4]
    random.shuffle(shuffled)
    assert find_edges(sketches(shuffled), THRESHOLD).tolist() == find_edges(sketches(rows), THRESHOLD).tolist()


def test_texts_of_very_different_size_are_not_joined_whatever_their_signatures_say() -> None:
    same = np.zeros((3, 16), dtype=np.uint16)
    shingles = np.array([100, 75, 56], dtype=np.int32)
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
