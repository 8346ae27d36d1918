"""A page whose words have changed places: other text in the same markup, of the same length."""

from __future__ import annotations

import random
import re

# What is no text: comments, elements that show none, tags. This need not be a parser: a word only ever takes the place
# of a word, so that every bracket and quote stays where it was, whatever a page means by it.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<element>script|style|textarea|title|svg|template)\b.*?(?:</(?P=element)\s*>|\Z)|<[^>]*>"
    r"|&[A-Za-z]\w*;",
    re.DOTALL | re.IGNORECASE,
)
_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # words of their own
_MARKS = r"\u0300-\u036f\u0591-\u05bd\u0610-\u065f\u0900-\u0dff\u200c\u200d"  # of words, and no letters to Python
# A numeric reference is a letter of such a script more often than not: some sites write nothing else.
_WORD = re.compile(rf"&#\w+;|[{_LETTERS}]|(?:[^\W{_LETTERS}]|[{_MARKS}])+")


def shuffle_words(html: str, seed: str) -> str:
    """The page with the words of all its text permuted.

    >>> shuffle_words("<p class=x>one two, three&nbsp;four.</p>", "2")
    '<p class=x>two one, four&nbsp;three.</p>'
    """
    places, words = _words(html)
    random.Random(seed).shuffle(words)  # noqa: S311 - no secret
    return _put(html, places, words)


def change_words(html: str, seed: str, *, every: int) -> str:
    """The page with each `every`-th word of its text doubled, the first of them drawn: nearly the same text.

    >>> change_words("<p>one two</p>", "1", every=1)
    '<p>oneone twotwo</p>'
    """
    places, words = _words(html)
    first = random.Random(seed).randrange(every)  # noqa: S311
    words[first::every] = [word * 2 for word in words[first::every]]
    return _put(html, places, words)


def _words(html: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Where the words of the text are, from and to, and the words."""
    places: list[tuple[int, int]] = []
    start = 0
    for found in _MARKUP.finditer(html):
        places += [word.span() for word in _WORD.finditer(html, start, found.start())]
        start = found.end()
    places += [word.span() for word in _WORD.finditer(html, start)]
    return places, [html[begin:end] for begin, end in places]


def _put(html: str, places: list[tuple[int, int]], words: list[str]) -> str:
    parts, start = [], 0
    for (begin, end), word in zip(places, words, strict=True):
        parts += [html[start:begin], word]
        start = end
    return "".join([*parts, html[start:]])
