"""Passages of running prose, cut from the paragraphs of a file: whole paragraphs, as a page's main text would be."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from transforms.score.abstention import judge_prose
from transforms.score.features import Words, count_words, split_words
from transforms.score.plain import to_plain

MIN_WORDS, MAX_WORDS = 60, 500
MAX_CHARACTERS = 3000
"""As in the labelled texts."""

_SHORTEST, _LONGEST = 70, 420  # words at which a passage is closed: drawn evenly, so that lengths tell nothing
_MIN_PARAGRAPH = 8  # words: below, it is a heading, an item or a caption
_MAX_ODD = 0.03  # share of characters that occur in code, tables and addresses
_MAX_DIGITS = 0.08
_MAX_CAPITALS = 0.3  # share of letters
_ODD = re.compile(r"[^\w\s.,;:!?'\"()\-–—…“”‘’«»„‚।、。，；：！？「」『』（）・《》〈〉¿¡·%&/]|_", re.UNICODE)
_END = re.compile(r"[.!?…。！？।؟:;][\"'”’»)\]」』）]*$")
_START = re.compile(r"\W*([^\W\d_])?")
# Leaders and rules, things too long to be words, commands of a markup, comments, blanks that a program fills in.
_CODE = re.compile(r"\.{4}|[-=*_~]{3}|[!-~]{60}|\\\w|%[sdi]\b|@\w+\{|\]\(|(?:^|\s)#+\s")
_BOILERPLATE = re.compile(
    r"copyright (?:©|\(c\)|\d{4}|notice|holder)|©|\(c\) ?\d{4}|all rights reserved|permission (?:is|to use|notice)"
    r"|(?:no|without|any|implied) warrant|under the terms of|licen[cs]ed? (?:under|as published)|redistribut|merchantab"
    r"|free software foundation|GNU (?:general|free|lesser)|creative ?commons|enable javascript",
    re.IGNORECASE,
)


def cut(paragraphs: Iterable[str], seed: str) -> Iterator[str]:
    """Passages of `MIN_WORDS` to `MAX_WORDS` words, paragraphs on lines of their own; the same for the same seed."""
    lines: list[str] = []
    words = size = 0.0
    count = 0
    for paragraph in paragraphs:
        length = measure(paragraph) if is_prose(paragraph) else 0.0
        if not length or length > MAX_WORDS or len(paragraph) > MAX_CHARACTERS:
            continue
        if words + length > MAX_WORDS or size + len(paragraph) + 1 > MAX_CHARACTERS:
            yield from _whole(lines, words)
            lines, words, size, count = [], 0.0, 0.0, count + 1
        lines.append(paragraph)
        words, size = words + length, size + len(paragraph) + 1
        if words >= _SHORTEST + zlib.crc32(f"{seed} {count}".encode()) % (_LONGEST - _SHORTEST):
            yield from _whole(lines, words)
            lines, words, size, count = [], 0.0, 0.0, count + 1
    yield from _whole(lines, words)


def _whole(lines: list[str], words: float) -> Iterator[str]:
    text = "\n".join(lines)
    if words >= MIN_WORDS and not judge_prose(text, _words(text)):
        yield text


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is made of sentences, not of code, data, a heading or the words of a licence."""
    size = len(paragraph)
    letters = sum(c.isalpha() for c in paragraph)
    return (
        _END.search(paragraph) is not None
        and not _begins_inside(paragraph)
        and len(_ODD.findall(paragraph)) <= _MAX_ODD * size
        and sum(c.isdigit() for c in paragraph) <= _MAX_DIGITS * size
        and sum(c.isupper() for c in paragraph) <= _MAX_CAPITALS * letters
        and not _CODE.search(paragraph)
        and not _BOILERPLATE.search(paragraph)
        and measure(paragraph) >= _MIN_PARAGRAPH
    )


def _begins_inside(paragraph: str) -> bool:
    """Whether the first letter is small: then the beginning of the sentence was lost, or stands before a table."""
    match = _START.match(paragraph)
    return bool(match and match[1] and match[1].islower())


def measure(text: str) -> float:
    """Words of a text; a letter of a script without spaces is half a word."""
    return count_words(_words(text))


def _words(text: str) -> Words:
    return split_words(to_plain(text))
