"""The published quality signals of a text, measured in one pass over one tokenisation.

Everything is measured on the lower-case text, so that "The end" and "THE END" repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.filter.lines import javascript_lines, line_signals, lines_of, policy_lines
from transforms.filter.repetition import Words, ngram_shares_all
from transforms.filter.stopwords import STOP_WORDS
from transforms.filter.tokens import Tokens, number_words, tokenise, tokens_in

# N-grams and stop words are looked for in so many words: Gopher rejects longer texts anyway (table A1: at most 100,000
# words), and a hostile page cannot ask for more memory than this.
MEASURED_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one pass over a text yields."""

    signals: dict[str, float]  # one value for each name in transforms.schema.SIGNALS
    token_count: int  # see transforms.filter.tokens.count_tokens


def measure(text: str, language: str) -> Measurement:
    """The signals of a text. The language decides only which stop words are looked for."""
    return measure_all([(text, language)])[0]


def measure_all(texts: Sequence[tuple[str, str]]) -> list[Measurement]:
    """`measure` of each text and its language, for less: what repeats in them is looked for in all of them at once."""
    looks = [_look(text, language) for text, language in texts]
    shares = ngram_shares_all([look.words for look in looks])
    return [
        Measurement({**look.of_words, **share, **look.of_lines}, look.token_count)
        for look, share in zip(looks, shares, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Look:
    """What one pass over a text yields before its n-grams are counted."""

    of_words: dict[str, float]
    of_lines: dict[str, float]
    token_count: int
    words: Words


def _look(text: str, language: str) -> _Look:
    lower = text.lower()
    tokens = tokenise(lower)
    lines = lines_of(lower)
    keys = tokens.keys(MEASURED_WORDS)
    of_words = _word_signals(lower, tokens) | {"stop_words": float(_stop_words_found(keys, language))}
    of_lines = line_signals(lower, lines) | _c4_signals(lower, lines, tokens.sentences())
    return _Look(of_words, of_lines, tokens_in(tokens), (number_words(keys), tokens.lengths[:MEASURED_WORDS]))


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


def _word_signals(lower: str, tokens: Tokens) -> dict[str, float]:
    words = tokens.half_words() / 2
    counted = max(words, 1.0)
    hashes, ellipses = lower.count("#"), lower.count("...") + lower.count("…")
    return {
        "words": words,
        "mean_word_length": int(tokens.lengths.sum()) / words if words else 0.0,
        "symbol_ratio": max(hashes, ellipses) / counted,
        "alpha_words": tokens.words_with_letters() / max(len(tokens.starts), 1),
        "newline_ratio": lower.count("\n") / counted,
    }


def _c4_signals(lower: str, lines: Sequence[str], sentences: int) -> dict[str, float]:
    scripts, policies = javascript_lines(lower, lines), policy_lines(lower, lines)
    dropped = set(scripts).union(policies)
    lost = tokenise("\n".join(line for line in lines if line in dropped)).sentences() if dropped else 0
    return {
        "curly_brackets": float(lower.count("{") + lower.count("}")),
        "lorem_ipsum": float("lorem ipsum" in lower),
        "javascript_lines": float(len(scripts)),
        "policy_lines": float(len(policies)),
        "sentences": float(sentences - lost),
    }


def _stop_words_found(keys: NDArray[np.uint64], language: str) -> int:
    """How many of the language's stop words are among these keys."""
    wanted = _stop_word_keys(language)
    return int(np.count_nonzero(np.equal.outer(wanted, keys).any(axis=1)))


@cache
def _stop_word_keys(language: str) -> NDArray[np.uint64]:
    words = tokenise(" ".join(STOP_WORDS.get(language, ())))
    return np.unique(words.keys(MEASURED_WORDS))
