"""Candidates compared on all the hashes of their signatures: edges between texts that are near-duplicates.

Never all pairs. In a group, ordered by text key, the first text leads; whoever is similar to it is joined to it and
done; the rest elects a leader again. Then those who were joined are compared with those whom later leaders gathered: a
text may be like a follower and unlike its leader. The edges depend on the set of texts in a group and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import EDGE, Block, Sketches, run_starts
from transforms.dedup.components import smallest_connected
from transforms.dedup.signature import estimate_jaccard

# Leaders a group may elect. Near-duplicates share many bands and so many groups; a group in which 64 texts in turn
# resemble no other holds accidental company, and going on would cost its size squared. As many followers are asked.
MOST_LEADERS = 64
_CHUNK = 4096  # comparisons at a time: 2 × 2 MiB of signatures of 256 hashes

Indices = NDArray[np.int64]


def find_edges(sketches: Sketches, threshold: float) -> Block:
    """EDGE rows, sorted and distinct: two texts of a group whose estimated Jaccard index is at least `threshold`.

    In a group of up to 64 texts they join what comparing every two of them would. The Jaccard index is at most the
    smaller number of shingles over the larger; that bound is exact and also used.
    """
    order = np.lexsort((sketches.text, sketches.group))
    texts = order[run_starts(sketches.group[order], sketches.text[order])]
    leader = _gather(sketches, texts, threshold)
    followers = np.flatnonzero(leader != np.arange(texts.size))
    found = [_edges(sketches, texts[leader[followers]], texts[followers])]
    for left, right in _bridges(sketches, texts, leader, threshold):
        found.append(_edges(sketches, texts[left], texts[right]))
    return np.unique(np.concatenate(found))


def _gather(sketches: Sketches, texts: Indices, threshold: float) -> Indices:
    """For each of `texts`, sorted by group, which of them it follows, itself if none: positions, int64 [n]."""
    leader = waiting = np.arange(texts.size)
    leader = leader.copy()
    for _ in range(MOST_LEADERS):
        leaders, others = _pair_with_leaders(sketches.group[texts], waiting)
        if others.size == 0:
            break
        similar = _are_similar(sketches, texts[leaders], texts[others], threshold)
        leader[others[similar]] = leaders[similar]
        waiting = others[~similar]
    return leader


def _bridges(
    sketches: Sketches, texts: Indices, leader: Indices, threshold: float
) -> Iterator[tuple[Indices, Indices]]:
    """Followers, and texts similar to them that a later leader gathered or leads: positions, two int64 [n] at a time.

    Follower by follower, until what each leader gathered is joined or `MOST_LEADERS` of the group were asked.
    """
    begins = run_starts(sketches.group[texts])
    sizes = np.diff(begins, append=texts.size)
    of = np.repeat(np.arange(begins.size), sizes)
    leads = leader == np.arange(texts.size)
    divided = np.bincount(of[leads], minlength=begins.size) > 1
    followers = np.flatnonzero(~leads & divided[of])
    first = run_starts(of[followers])
    turns = np.arange(followers.size) - np.repeat(first, np.diff(first, append=followers.size))
    joined = leader
    for turn in range(min(int(turns.max(initial=-1)) + 1, MOST_LEADERS)):
        asked = followers[turns == turn]
        left = np.repeat(asked, sizes[of[asked]])
        right = _ranges(begins[of[asked]], sizes[of[asked]])
        unseen = (leader[right] > leader[left]) & (joined[right] != joined[left])
        left, right = left[unseen], right[unseen]
        similar = _are_similar(sketches, texts[left], texts[right], threshold)
        left, right = left[similar], right[similar]
        joined = smallest_connected(joined[left], joined[right], texts.size)[joined]
        yield left, right


def _pair_with_leaders(group: NDArray[np.uint64], waiting: Indices) -> tuple[Indices, Indices]:
    """The first of each group beside each of the others: two int64 [n], in the order of `waiting`."""
    begins = run_starts(group[waiting])
    leaders = np.repeat(waiting[begins], np.diff(begins, append=waiting.size))
    follows = leaders != waiting
    return leaders[follows], waiting[follows]


def _ranges(begins: Indices, sizes: Indices) -> Indices:
    """The numbers from each begin on, so many, in one row.

    >>> _ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    within: Indices = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return within + np.repeat(begins, sizes)


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


def _edges(sketches: Sketches, left: Indices, right: Indices) -> Block:
    """EDGE rows, the smaller text key first."""
    edges = np.empty(left.size, dtype=EDGE)
    one, other = sketches.text[left], sketches.text[right]
    edges["low"], edges["high"] = np.minimum(one, other), np.maximum(one, other)
    return edges
