"""Connected components: a commutative monoid of forests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from transforms.dedup.blocks import EDGE, MEMBER, Block
from transforms.dedup.components import MAX_EDGES, check_size, find_roots, link_members, name_roots, spanning_forest
from transforms.errors import FirsthandError

Pairs = list[tuple[int, int]]
PAIRS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=25)


def edges(pairs: Pairs) -> Block:
    return np.array(pairs, dtype=EDGE)


def slow_roots(pairs: Pairs) -> dict[int, int]:
    """Smallest node of each node's component, by spreading the smallest until nothing changes."""
    roots = {node: node for pair in pairs for node in pair}
    while any(roots[a] != roots[b] for a, b in pairs):
        for a, b in pairs:
            roots[a] = roots[b] = min(roots[a], roots[b])
    return roots


@given(PAIRS)
@settings(deadline=None)
def test_forest_names_the_smallest_node_of_every_component(pairs: Pairs) -> None:
    expected = sorted((node, root) for node, root in slow_roots(pairs).items() if node != root)
    assert [(int(high), int(low)) for low, high in spanning_forest(edges(pairs))] == expected


@given(PAIRS, PAIRS, PAIRS)
@settings(deadline=None)
def test_merging_forests_is_associative_commutative_and_idempotent(a: Pairs, b: Pairs, c: Pairs) -> None:
    def merge(left: Block, right: Block) -> Block:
        return spanning_forest(np.concatenate((left, right)))

    one, two, three = (spanning_forest(edges(pairs)) for pairs in (a, b, c))
    whole = spanning_forest(edges(a + b + c))
    assert np.array_equal(merge(merge(one, two), three), whole)
    assert np.array_equal(merge(three, merge(two, one)), whole)
    assert np.array_equal(merge(whole, whole), whole)
    assert np.array_equal(merge(whole, edges([])), whole)


@given(PAIRS)
@settings(deadline=None)
def test_both_ends_of_every_edge_have_the_same_root(pairs: Pairs) -> None:
    forest, rows = spanning_forest(edges(pairs)), edges(pairs)
    assert np.array_equal(find_roots(forest, rows["low"]), find_roots(forest, rows["high"]))


def test_key_in_no_edge_is_its_own_root() -> None:
    forest = spanning_forest(edges([(5, 2), (5, 9)]))
    assert find_roots(forest, np.array([0, 2, 5, 7, 9, 11], dtype=np.uint64)).tolist() == [0, 2, 2, 7, 2, 11]
    assert find_roots(edges([]), np.array([3], dtype=np.uint64)).tolist() == [3]


@pytest.mark.parametrize("seed", [0, 1])
def test_chain_of_three_thousand_is_one_component(seed: int) -> None:
    nodes = np.random.default_rng(seed).permutation(3000)
    forest = spanning_forest(edges(list(zip(nodes[:-1].tolist(), nodes[1:].tolist(), strict=True))))
    assert forest.size == 2999
    assert set(forest["low"].tolist()) == {0}


@given(st.integers(0, 2**32), st.integers(1, 3000), st.integers(1, 4000))
@settings(deadline=None, max_examples=30)
def test_components_of_a_large_graph_are_those_that_scipy_finds(seed: int, nodes: int, count: int) -> None:
    pairs = np.random.default_rng(seed).integers(0, nodes, (2, count))
    graph = coo_array((np.ones(count), tuple(pairs)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    _, smallest, label = np.unique(labels, return_index=True, return_inverse=True)
    rows = np.empty(count, dtype=EDGE)
    rows["low"], rows["high"] = pairs
    roots = find_roots(spanning_forest(rows), np.arange(nodes, dtype=np.uint64))
    assert np.array_equal(roots, smallest[label])


def test_named_roots_point_to_themselves() -> None:
    named = name_roots(spanning_forest(edges([(4, 7), (1, 2)])))
    assert named.tolist() == [(1, 1), (1, 2), (4, 4), (4, 7)]


def test_members_with_a_copy_or_near_copy_are_linked_and_others_left_out() -> None:
    members = np.zeros(6, dtype=MEMBER)
    members["component"] = [1, 2, 3, 3, 4, 5]
    members["ref"] = range(6)
    linked = link_members(members, name_roots(spanning_forest(edges([(1, 5)]))))
    assert linked["ref"].tolist() == [0, 2, 3, 5]
    assert linked["component"].tolist() == [1, 3, 3, 1]


def test_forest_that_no_worker_can_send_is_refused_with_the_cures() -> None:
    row = np.zeros(1, dtype=EDGE)
    largest = np.broadcast_to(row, MAX_EDGES)  # takes the memory of one row
    assert check_size(largest) is largest
    assert largest.nbytes < 2**31
    with pytest.raises(FirsthandError, match=r"100,000,000 .* in parts, .*threshold.*method"):
        check_size(np.broadcast_to(row, MAX_EDGES + 1))
