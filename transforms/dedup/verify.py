"""Candidates compared on all the hashes of their signatures: edges between texts that are near-duplicates.

Never all pairs. In a group, ordered by text key, the first text leads; whoever is similar to it is joined to it and
done; the rest elects a leader again. The edges depend on the set of texts in a group and on nothing else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import EDGE, Block, Sketches, run_starts
from transforms.dedup.signature import estimate_jaccard

# Leaders a group may elect. Near-duplicates share many bands and so many groups; a group in which 64 texts in turn
# resemble no other holds accidental company, and going on would cost its size squared.
MOST_LEADERS = 64
_CHUNK = 4096  # comparisons at a time: 2 × 2 MiB of signatures of 256 hashes

Indices = NDArray[np.int64]


def find_edges(sketches: Sketches, threshold: float) -> Block:
    """EDGE rows, sorted and distinct: leader and follower whose estimated Jaccard index is at least `threshold`.

    The Jaccard index is at most the smaller number of shingles over the larger; that bound is exact and also used.
    """
    order = np.lexsort((sketches.text, sketches.group))
    waiting = order[run_starts(sketches.group[order], sketches.text[order])]
    found = [np.empty(0, dtype=EDGE)]
    for _ in range(MOST_LEADERS):
        leaders, followers = _pair_with_leaders(sketches, waiting)
        if followers.size == 0:
            break
        similar = _are_similar(sketches, leaders, followers, threshold)
        found.append(_edges(sketches, leaders[similar], followers[similar]))
        waiting = followers[~similar]
    return np.unique(np.concatenate(found))


def _pair_with_leaders(sketches: Sketches, waiting: Indices) -> tuple[Indices, Indices]:
    """The first of each group beside each of the others: two int64 [n], in the order of `waiting`."""
    begins = run_starts(sketches.group[waiting])
    leaders = np.repeat(waiting[begins], np.diff(begins, append=waiting.size))
    follows = leaders != waiting
    return leaders[follows], waiting[follows]


def _are_similar(sketches: Sketches, left: Indices, right: Indices, threshold: float) -> NDArray[np.bool_]:
    """Whether each pair is a near-duplicate: bool [n]."""
    sizes = np.stack((sketches.shingles[left], sketches.shingles[right]))
    similar = np.asarray(sizes.min(axis=0) >= threshold * sizes.max(axis=0))
    possible = np.flatnonzero(similar)
    for start in range(0, possible.size, _CHUNK):
        pairs = possible[start : start + _CHUNK]
        estimate = estimate_jaccard(sketches.signature[left[pairs]], sketches.signature[right[pairs]])
        similar[pairs] = estimate >= threshold
    return similar


def _edges(sketches: Sketches, leaders: Indices, followers: Indices) -> Block:
    """EDGE rows of leaders, whose text key is smaller, and followers."""
    edges = np.empty(leaders.size, dtype=EDGE)
    edges["low"], edges["high"] = sketches.text[leaders], sketches.text[followers]
    return edges
