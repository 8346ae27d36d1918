"""The published quality signals of a text, measured in one pass over one tokenisation.

Everything is measured on the lower-case text, so that "The end" and "THE END" repeat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.filter.lines import javascript_lines, line_signals, lines_of, policy_lines
from transforms.filter.repetition import Words, ngram_shares
from transforms.filter.stopwords import STOP_WORDS
from transforms.filter.tokens import tokenise, tokens_in
from transforms.filter.vocabulary import Vocabulary, number_words

# N-grams and stop words are looked for in so many words: Gopher rejects longer texts anyway (table A1: at most 100,000
# words), and a hostile page cannot ask for more memory than this.
MEASURED_WORDS = 100_000

ROW_CHARACTERS = 1 << 16
"""Characters tokenised at once, but for a longer text: all of their words are measured, being fewer than the above."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one pass over a text yields."""

    signals: dict[str, float]  # one value for each name in transforms.schema.SIGNALS
    token_count: int  # see transforms.filter.tokens.count_tokens


def measure(text: str, language: str) -> Measurement:
    """The signals of a text. The language decides only which stop words are looked for."""
    return measure_all([(text, language)])[0]


def measure_all(texts: Sequence[tuple[str, str]]) -> list[Measurement]:
    """`measure` of each text and its language, for less: many are tokenised and looked through at once."""
    lowers = [text.lower() for text, _ in texts]
    languages = [language for _, language in texts]
    rows = [_look(lowers[row], languages[row]) for row in _cut(lowers)]
    shares = iter(ngram_shares([words for _, words in rows]))
    return [Measurement(found | next(shares), count) for looks, _ in rows for found, count in looks]


def _cut(texts: Sequence[str]) -> Iterator[slice]:
    """The texts, in order, in rows."""
    first, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if number > first and size > ROW_CHARACTERS:
            yield slice(first, number)
            first, size = number, len(text) + 1
    if len(texts) > first:
        yield slice(first, len(texts))


def _look(lowers: Sequence[str], languages: Sequence[str]) -> tuple[list[tuple[dict[str, float], int]], Words]:
    """Of each text of a row its signals but for those of n-grams, and its `count_tokens`; and the words of all."""
    tokens = tokenise(*lowers)
    keys = tokens.keys(MEASURED_WORDS)
    bounds = np.minimum(tokens.words, MEASURED_WORDS)
    known = number_words(keys, bounds)
    columns = zip(
        lowers,
        tokens.half_words().tolist(),
        np.diff(tokens.words).tolist(),
        tokens.word_characters().tolist(),
        tokens.words_with_letters().tolist(),
        _stop_words_found(known, languages),
        tokens.sentences().tolist(),
        strict=True,
    )
    signals = [_signals(_Counts(*each)) for each in columns]
    counts = tokens_in(tokens).tolist()
    return list(zip(signals, counts, strict=True)), Words(known.numbers, tokens.lengths[:MEASURED_WORDS], bounds)


class _Counts(NamedTuple):
    """What is counted in one text of a row."""

    lower: str
    half_words: int
    words: int
    word_characters: int
    words_with_letters: int
    stop_words: int
    sentences: int


def quality(signals: Mapping[str, float]) -> float:
    """How clean the prose is, 0–1, higher is cleaner: it orders the copies of a page and nothing else.

    The mean of six shares in which more is better: lines that end like sentences, lines that are not short, words with
    letters, characters outside repeated lines, characters outside repeated 5-grams, and length (0 at one word, 1 at a
    thousand, logarithmic). Monotone in each of these signals.
    """
    length = np.log(max(signals["words"], 1.0)) / np.log(1000)
    shares = (
        signals["line_punct"],
        1 - signals["short_lines"],
        signals["alpha_words"],
        1 - signals["dup_line_chars"],
        1 - signals["dup_5gram_chars"],
        min(float(length), 1.0),
    )
    return sum(shares) / len(shares)


def _signals(counts: _Counts) -> dict[str, float]:
    lower = counts.lower
    lines = lines_of(lower)
    words = counts.half_words / 2
    counted = max(words, 1.0)
    hashes, ellipses = lower.count("#"), lower.count("...") + lower.count("…")
    return {
        "words": words,
        "mean_word_length": counts.word_characters / words if words else 0.0,
        "symbol_ratio": max(hashes, ellipses) / counted,
        "alpha_words": counts.words_with_letters / max(counts.words, 1),
        "newline_ratio": lower.count("\n") / counted,
        "stop_words": float(counts.stop_words),
        **line_signals(lower, lines),
        **_c4_signals(lower, lines, counts.sentences),
    }


def _c4_signals(lower: str, lines: Sequence[str], sentences: int) -> dict[str, float]:
    scripts, policies = javascript_lines(lower, lines), policy_lines(lower, lines)
    dropped = set(scripts).union(policies)
    lost = int(tokenise("\n".join(line for line in lines if line in dropped)).sentences()[0]) if dropped else 0
    return {
        "curly_brackets": float(lower.count("{") + lower.count("}")),
        "lorem_ipsum": float("lorem ipsum" in lower),
        "javascript_lines": float(len(scripts)),
        "policy_lines": float(len(policies)),
        "sentences": float(sentences - lost),
    }


def _stop_words_found(known: Vocabulary, languages: Sequence[str]) -> list[int]:
    """How many of its language's stop words each text of a row has."""
    wanted = [_stop_word_keys(language) for language in languages]
    texts = np.repeat(np.arange(len(wanted)), [len(keys) for keys in wanted])
    found = known.found(np.concatenate(wanted), texts)
    counts: list[int] = np.bincount(texts[found], minlength=len(wanted)).tolist()
    return counts


@cache
def _stop_word_keys(language: str) -> NDArray[np.uint64]:
    words = tokenise(" ".join(STOP_WORDS.get(language, ())))
    return np.unique(words.keys(MEASURED_WORDS))
