"""Which synthetic documents are copies of which, and the words of each: a function of the seed and of nothing else.

No copy of 480 words has a Jaccard index between .56 and .88 with the text it was made of (measured: .24–.54 and .90–1),
so what is a duplicate is beyond doubt: of 2,600 copies, 20 bands of 8 rows are expected to miss .0006, and a pair of
J = .56 is estimated at .75 or more from 256 hashes, six standard deviations up, once in 10^9 times. Where texts are
made short (110 words) a passage of four words that was replaced leaves J = .86, which the bands miss once in 1,200
times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.near_duplicates import Ids, draw_words, edit_words

ALONE, EXACT, NEAR, ALIKE, CHAIN = KINDS = ("alone", "exact", "near", "alike", "chain")
_LARGE = 0  # one family of all the documents of its line
_PLAN = (  # (kind, share of the documents, documents in a family); what is left over is alone
    (NEAR, 0.12, 2),
    (NEAR, 0.08, 4),
    (EXACT, 0.06, 2),
    (EXACT, 0.03, 10),
    (ALIKE, 0.10, 2),
    (CHAIN, 0.03, 12),
    (NEAR, 0.01, _LARGE),
    (EXACT, 0.01, _LARGE),
    (CHAIN, 0.01, _LARGE),
)
_NEAR, _ALIKE = (0.93, 0.99), (0.25, 0.45)  # J aimed at; `edit_words` may miss it by .03, upwards by .1 where it is low
_MEAN_WORDS = 480
_FEWEST = 110  # words of a scaled text: one of them replaced leaves J = .91
_STEP = 0.04  # of a chain: the share of its words by which a text is moved on, which gives J = .92 to the next


@dataclass(frozen=True, slots=True)
class Layout:
    """The documents in the order in which they are written: arrays of length n."""

    family: NDArray[np.int32]
    member: NDArray[np.int32]  # 0 is the text the family is made of
    kind: NDArray[np.int8]  # index in KINDS
    component: NDArray[np.int32]  # equal for documents that are duplicates, exact or near, over any number of steps
    scale: float = 1.0  # of the length of every text


def lay_out(count: int, seed: int, *, words: int = _MEAN_WORDS) -> Layout:
    """`count` documents in random order, of about so many words each."""
    kinds, sizes = _families(count)
    family = np.repeat(np.arange(sizes.size), sizes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    kind, number = kinds[family], np.arange(count)
    component = np.where(kind == KINDS.index(ALIKE), number, first)
    order = np.random.default_rng(seed).permutation(count)
    columns = [column[order].astype(np.int32) for column in (family, number - first, kind, component)]
    return Layout(columns[0], columns[1], columns[2].astype(np.int8), columns[3], words / _MEAN_WORDS)


def _families(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Kind and size of every family."""
    kinds, sizes = [], []
    for kind, share, usual in _PLAN:
        documents = int(count * share)
        size = documents if usual == _LARGE else usual
        kinds += [KINDS.index(kind)] * (documents // size)
        sizes += [size] * (documents // size)
    rest = count - sum(sizes)
    return np.array(kinds + [KINDS.index(ALONE)] * rest), np.array(sizes + [1] * rest)


def family_random(seed: int, family: int) -> np.random.Generator:
    """The generator of what the members of a family share."""
    return np.random.default_rng((seed, family))


def make_words(layout: Layout, seed: int, number: int) -> Ids:
    """The words of one document: 250 to 3,000 times the scale, about 480 on average, fewer where some were cut off."""
    family, member, kind = int(layout.family[number]), int(layout.member[number]), KINDS[layout.kind[number]]
    shared = family_random(seed, family)
    size = max(_FEWEST, int(np.clip(shared.lognormal(6.0, 0.6), 250, 3000) * layout.scale))
    if kind == CHAIN:
        return _link(shared, size, member)
    base = draw_words(shared, size)
    if member == 0 or kind == EXACT:
        return base
    own = np.random.default_rng((seed, family, member))
    return edit_words(base, own.uniform(*(_NEAR if kind == NEAR else _ALIKE)), own)


def _link(shared: np.random.Generator, size: int, member: int) -> Ids:
    """The text of a chain that begins `member` steps on: like its neighbours, unlike those far away."""
    start = member * int(_STEP * size)
    return draw_words(shared, start + size)[start:]
