"""Edited copies are the same on every run and as alike as they claim."""

from __future__ import annotations

from examples.edits import HEAVY, LIGHT, edited, jaccard
from examples.prose import Article, Block

WORDS = " ".join(f"word{i}" for i in range(500))
ARTICLE = Article("a", "A", (Block("heading", "head", 2), Block("paragraph", WORDS), Block("code", "x = 1")))


def changed(share: float) -> int:
    before, after = WORDS.split(), edited(ARTICLE, share).blocks[1].text.split()
    return sum(a != b for a, b in zip(before, after, strict=True))


def test_the_share_of_words_asked_for_is_exchanged() -> None:
    assert (changed(LIGHT), changed(HEAVY)) == (4, 75)


def test_headings_and_code_stay() -> None:
    assert edited(ARTICLE, HEAVY).blocks[::2] == ARTICLE.blocks[::2]


def test_the_same_edit_is_made_every_time() -> None:
    assert edited(ARTICLE, LIGHT) == edited(ARTICLE, LIGHT)


def test_an_article_of_one_word_survives_an_edit() -> None:
    article = Article("a", "A", (Block("paragraph", "alone"),))
    assert edited(article, HEAVY) == article


def test_jaccard_counts_word_5_grams() -> None:
    first = Article("a", "A", (Block("paragraph", "a b c d e f"),))
    second = Article("b", "B", (Block("paragraph", "a b c d e g"),))
    assert jaccard(first, second) == 1 / 3
    assert jaccard(first, first) == 1.0
