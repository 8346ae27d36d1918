"""Connected components: the forest of one worker beside rounds of large-star and small-star.

    python -m benchmarks.components

The rounds (Kiveris et al., Connected Components in MapReduce and Beyond, 2014) are computed in memory here; on an
engine each is two shuffles of all edges. CPU seconds of this process.
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import EDGE, Block, Keys
from transforms.dedup.components import spanning_forest

EDGES = 1_000_000
Indices = NDArray[np.int64]


def make_graphs(seed: int) -> dict[str, Block]:
    """Small clusters as LSH finds them, a random graph with one giant component, and a chain."""
    random = np.random.default_rng(seed)
    nodes = np.unique(random.integers(0, 2**63, EDGES, dtype=np.uint64))
    random.shuffle(nodes)
    place = np.arange(nodes.size)
    back = random.integers(0, 4, nodes.size) * (random.random(nodes.size) < 0.7)
    return {
        "clusters": _edges(nodes[np.maximum(place - back, 0)], nodes),
        "random": _edges(random.choice(nodes, EDGES), random.choice(nodes, EDGES)),
        "chain of 3,000": _edges(nodes[:2999], nodes[1:3000]),
    }


def count_star_rounds(edges: Block) -> int:
    """Rounds of large-star and small-star until one changes nothing."""
    nodes, flat = np.unique(np.concatenate((edges["low"], edges["high"])), return_inverse=True)
    low, high, rounds = flat[: edges.size], flat[edges.size :], 0
    while True:
        rounds += 1
        smallest = _smallest_neighbour(np.concatenate((low, high)), np.concatenate((high, low)), nodes.size)
        far, near = _distinct(high, smallest[low])  # large star: larger neighbours to the smallest of the neighbourhood
        smallest = _smallest_neighbour(far, near, nodes.size)
        # small star: smaller neighbours, and the node itself, to the smallest of them
        far, near = _distinct(np.concatenate((far, near)), np.concatenate((smallest[far], smallest[far])))
        if np.array_equal(far, high) and np.array_equal(near, low):
            return rounds
        low, high = near, far


def _smallest_neighbour(node: Indices, neighbour: Indices, size: int) -> Indices:
    smallest = np.arange(size)
    np.minimum.at(smallest, node, neighbour)
    return smallest


def _distinct(far: Indices, near: Indices) -> tuple[Indices, Indices]:
    """Edges without loops and repetitions, each from its larger to its smaller end, sorted."""
    pairs = np.stack((np.maximum(far, near), np.minimum(far, near)), axis=1)[far != near]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    fresh = np.ones(len(pairs), dtype=np.bool_)
    fresh[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return pairs[fresh, 0], pairs[fresh, 1]


def _edges(one: Keys, other: Keys) -> Block:
    edges = np.empty(one.size, dtype=EDGE)
    edges["low"], edges["high"] = np.minimum(one, other), np.maximum(one, other)
    return edges


def main() -> None:
    """Print one line a graph."""
    for name, edges in make_graphs(seed=1).items():
        begin = time.process_time()
        forest = spanning_forest(edges)
        once = time.process_time() - begin
        begin = time.process_time()
        spanning_forest(np.concatenate((forest, forest)))
        merged = time.process_time() - begin
        begin = time.process_time()
        rounds = count_star_rounds(edges)
        stars = time.process_time() - begin
        print(
            f"{name}: {edges.size} edges; forest of {forest.size} in {once:.3f} s and {_peak(edges):.0f} MiB, "
            f"two merged in {merged:.3f} s; {rounds} star rounds in {stars:.2f} s"
        )


def _peak(edges: Block) -> float:
    """The most memory that making their forest takes beside the edges, MiB."""
    tracemalloc.start()
    spanning_forest(edges)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    main()
