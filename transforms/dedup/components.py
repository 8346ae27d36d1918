"""Connected components of the near-duplicate graph.

A set of edges is kept as its *forest*: for every text that has an edge, one edge to the smallest text key of its
component. The forest of a union is the forest of the forests' union, whatever the order: a commutative monoid, whose
accumulators are never larger than the number of texts that have a near-duplicate (docs/decisions/0003-components.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import EDGE, Block, Keys
from transforms.errors import FirsthandError, IntegrityError

MAX_EDGES = 100_000_000
"""Edges of the largest forest that is joined: 1.6 GB of the 2 GiB (protobuf) that Beam can send as one element."""


def spanning_forest(edges: Block) -> Block:
    """EDGE rows, in any order, repeated or not → EDGE rows from the root of a component to each of its other nodes.

    Sorted by node (`high`); the root (`low`) is the smallest node. The forest of a forest is itself.
    """
    if edges.size == 0:
        return np.empty(0, dtype=EDGE)
    nodes, flat = np.unique(np.concatenate((edges["low"], edges["high"])), return_inverse=True)
    low, high = flat[: edges.size], flat[edges.size :]
    roots = smallest_connected(low, high, nodes.size)
    if not np.array_equal(roots[low], roots[high]):
        raise IntegrityError("an edge between duplicates has its ends in two components: report this as a defect")
    branches = np.flatnonzero(roots != np.arange(nodes.size))
    forest = np.empty(branches.size, dtype=EDGE)
    forest["low"], forest["high"] = nodes[roots[branches]], nodes[branches]
    return forest


def check_size(forest: Block, most: int = MAX_EDGES) -> Block:
    """The same forest. Raises FirsthandError if it has more than `most` edges, before something in Beam gives way."""
    if forest.size > most:
        raise FirsthandError(
            f"more than {most:,} texts have a near-duplicate with a smaller key, too many to join in one worker: "
            'curate the documents in parts, raise dedup.threshold, or set dedup.method = "exact"'
        )
    return forest


def find_roots(forest: Block, keys: Keys) -> Keys:
    """The root of each key's component: uint64 [n]; a key that is in no edge is its own."""
    if forest.size == 0:
        return keys
    place = np.minimum(np.searchsorted(forest["high"], keys), forest.size - 1)
    return np.where(forest["high"][place] == keys, forest["low"][place], keys)


def name_roots(forest: Block) -> Block:
    """The forest and an edge from every root to itself: `high` then names every text that has a near-duplicate."""
    roots = np.unique(forest["low"])
    loops = np.empty(roots.size, dtype=EDGE)
    loops["low"] = loops["high"] = roots
    named = np.concatenate((forest, loops))
    return named[np.argsort(named["high"])]


def link_members(members: Block, named: Block) -> Block:
    """MEMBER rows that have a copy or near copy, each with the root of its component.

    `members` are all the pages of some texts; `named` is that part of a forest with named roots that is about them.
    """
    text = members["component"]
    _, inverse, count = np.unique(text, return_inverse=True, return_counts=True)
    linked = members[(count[inverse] > 1) | np.isin(text, named["high"])]
    linked["component"] = find_roots(named, linked["component"])
    return linked


def smallest_connected(low: NDArray[np.int64], high: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """For each of `size` nodes the smallest node of its component: int64 [size]; edges are those from `low` to `high`.

    Round by round, every root is hung under the smallest root that an edge joins it to. One that is smaller than all
    those has another hung under it, or is hung itself in the next round: two rounds leave half of the roots or fewer.
    """
    root = np.arange(size)
    while low.size:
        np.minimum.at(root, np.maximum(low, high), np.minimum(low, high))
        while not np.array_equal(above := root[root], root):
            root = above
        low, high = root[low], root[high]
        apart = low != high
        low, high = low[apart], high[apart]
    return root
