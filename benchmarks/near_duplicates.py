"""Seeded synthetic documents with planted copies whose exact Jaccard index is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

NGRAM = 5
VOCABULARY = 60_000
"""Different words there are."""
_PLAN = (  # (share of the documents, near copies a family, exact copies a family)
    (0.40, 0, 0),  # alone
    (0.40, 1, 0),  # pairs, Jaccard index uniform over .3–1
    (0.12, 3, 0),  # families of four: pairs of copies lie lower than copies from their base
    (0.08, 0, 1),  # identical pairs
)

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Document:
    """A text, and the family of which it is a copy; texts of different families share words by chance only."""

    text: str
    family: int


def make_documents(count: int, seed: int) -> list[Document]:
    """About `count` documents in random order, log-normal length with a mean near 640 words."""
    random = np.random.default_rng(seed)
    words = np.array([spell(i) for i in range(VOCABULARY)])
    texts = [(family, ids) for family, members in enumerate(_families(count, random)) for ids in members]
    order = random.permutation(len(texts))
    return [Document(" ".join(words[texts[i][1]].tolist()), texts[i][0]) for i in order.tolist()]


def true_pairs(documents: list[Document]) -> dict[tuple[int, int], float]:
    """The Jaccard index of every two documents of one family, by their positions in ascending order."""
    families: dict[int, list[int]] = {}
    for index, document in enumerate(documents):
        families.setdefault(document.family, []).append(index)
    pairs = {}
    for members in families.values():
        sets = {i: string_shingles(documents[i].text) for i in members} if len(members) > 1 else {}
        pairs.update({(a, b): jaccard(sets[a], sets[b]) for a, b in combinations(members, 2)})
    return pairs


def string_shingles(text: str) -> set[str]:
    """The word 5-grams of a text without punctuation, as strings."""
    words = text.split()
    return {" ".join(words[i : i + NGRAM]) for i in range(max(len(words) - NGRAM + 1, 1))}


def jaccard(left: set[str], right: set[str]) -> float:
    """Shared over all."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def _families(count: int, random: np.random.Generator) -> Iterator[list[Ids]]:
    for share, near, exact in _PLAN:
        for _ in range(round(count * share / (1 + near + exact))):
            base = draw_words(random, int(np.clip(random.lognormal(6.2, 0.7), 60, 6000)))
            yield [base, *(edit_words(base, random.uniform(0.3, 1.0), random) for _ in range(near)), *[base] * exact]


def draw_words(random: np.random.Generator, size: int) -> Ids:
    """Word numbers with the long tail of language: log-uniform ranks."""
    return (VOCABULARY ** random.random(size)).astype(np.int64) - 1


def edit_words(base: Ids, target: float, random: np.random.Generator) -> Ids:
    """A copy whose Jaccard index is near `target`: words replaced here and there, one passage replaced, or cut short.

    Replacing r of n shingles gives (n - r) / (n + r); cutting to a share s gives s.
    """
    copy, replaced = base.copy(), (1 - target) / (1 + target)
    kind = random.integers(3)
    if kind == 0:
        places = random.choice(copy.size, max(1, round(replaced * copy.size / NGRAM)), replace=False)
        copy[places] = draw_words(random, places.size)
    elif kind == 1:
        size = max(1, round(replaced * copy.size))
        start = random.integers(copy.size - size + 1)
        copy[start : start + size] = draw_words(random, size)
    else:
        copy = copy[: max(NGRAM, round(target * copy.size))]
    return copy


def spell(number: int) -> str:
    """A pronounceable word, a different one for each number."""
    consonants, vowels, word = "bdfgklmnprstvz", "aeiou", ""
    while number or not word:
        number, syllable = divmod(number, len(consonants) * len(vowels))
        word += consonants[syllable % len(consonants)] + vowels[syllable // len(consonants)]
    return word
