"""Changed copies of an article, the same on every run, and how alike two articles are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b

from examples.prose import Article, Block

LIGHT = 0.008
"""Share of words exchanged in a near-duplicate. A word touches five 5-grams, so a share f leaves a Jaccard
similarity of about s / (2 − s) with s = (1 − f)⁵: 0.92 here, above the 0.8 that counts as a near-duplicate."""

HEAVY = 0.15
"""Share exchanged in a rewritten page: Jaccard about 0.29, below the 0.65 under which nothing should be merged."""

_SHINGLE = 5


def edited(article: Article, share: float) -> Article:
    """The article with about this share of the words of its sentences exchanged for other words of its own.

    At least one word is exchanged. Headings and code stay. The choice depends on the article's name and the share only.
    """
    vocabulary = sorted({word for block in article.blocks if block.prose for word in block.text.split()})
    words = max(article.words, 1)
    chosen = sorted(range(words), key=lambda i: _draw(article.name, share, i))[: max(1, round(share * words))]
    return replace(article, blocks=tuple(_exchange(article, frozenset(chosen), vocabulary)))


def jaccard(first: Article, second: Article) -> float:
    """Share of word 5-grams, of all those of the two articles, that both have: 0–1, 1 if the words are the same."""
    a, b = _shingles(first), _shingles(second)
    return len(a & b) / len(a | b) if a | b else 1.0


def _exchange(article: Article, chosen: frozenset[int], vocabulary: list[str]) -> Iterator[Block]:
    """The blocks, with the words whose running number is in `chosen` exchanged."""
    number = 0
    for block in article.blocks:
        if not block.prose:
            yield block
            continue
        words = block.text.split()
        for i, word in enumerate(words):
            if number + i in chosen:
                others = [other for other in vocabulary if other != word] or [word]
                words[i] = others[_draw(article.name, word, number + i) % len(others)]
        number += len(words)
        yield replace(block, text=" ".join(words))


def _draw(*key: object) -> int:
    """A number of 64 bits that depends on the key only."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest(), "little")


def _shingles(article: Article) -> set[tuple[str, ...]]:
    words = " ".join(block.text for block in article.blocks).split()
    return {tuple(words[i : i + _SHINGLE]) for i in range(max(len(words) - _SHINGLE + 1, 1))}
