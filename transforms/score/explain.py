"""Why a text has its score: the phrases, as written, that raise and lower it most.

The model is linear, so nothing is approximated. A bucket adds scale·weight/√(distinct buckets of its view), once; that
is divided equally among the n-grams that fall into it and, in each, among its members. A word has the sum of what it
or its characters are given: bias + Σ words = score. A phrase has the sum of its words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import BITS, Stream, Words, split_words, streams
from transforms.score.hashing import to_buckets
from transforms.score.linear import LinearModel
from transforms.score.phrases import Phrase, choose
from transforms.score.plain import Plain, to_plain

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sum taken apart: the weights of all phrases + rest + constant = total, but for rounding."""

    for_machine: tuple[Phrase, ...]  # strongest first, each weight above 0
    for_human: tuple[Phrase, ...]  # strongest first, each weight below 0
    rest: float  # what all other words add
    constant: float  # what every text has
    total: float  # log-odds that a machine wrote it, nats

    def calibrated(self, slope: float, offset: float) -> Explanation:
        """The same of slope·total + offset."""
        return Explanation(
            for_machine=tuple(phrase.scaled(slope) for phrase in self.for_machine),
            for_human=tuple(phrase.scaled(slope) for phrase in self.for_human),
            rest=slope * self.rest,
            constant=slope * self.constant + offset,
            total=slope * self.total + offset,
        )


def explain(model: LinearModel, text: str, most: int) -> Explanation:
    """The score of a text taken apart, with at most `most` phrases in each direction."""
    plain = to_plain(text)
    words = split_words(plain)
    weights = weigh_words(model, plain, words)
    found = sorted(choose(text, words, weights, most), key=lambda phrase: -abs(phrase.weight))
    total = float(weights.sum())
    return Explanation(
        for_machine=tuple(phrase for phrase in found if phrase.weight > 0),
        for_human=tuple(phrase for phrase in found if phrase.weight < 0),
        rest=total - sum(phrase.weight for phrase in found),
        constant=model.bias,
        total=total + model.bias,
    )


def weigh_words(model: LinearModel, plain: Plain, words: Words) -> Floats:
    """What each word and mark adds to the score: float64 [words]; with the bias they add up to it.

    A space counts as the last character of the word before it.
    """
    total = np.zeros(words.hashes.size)
    if total.size == 0:
        return total
    owners = np.repeat(np.arange(total.size), np.diff(words.starts, append=plain.kind.size))
    found = streams(plain, words, model.function_words)
    for weights, scale, stream in zip(model.weights, model.scales, found, strict=True):
        shares = scale * _share(stream, weights)
        total += shares if stream.of_words else np.bincount(owners, shares, total.size)
    return total


def _share(stream: Stream, weights: NDArray[np.int8]) -> Floats:
    """What each member of a stream adds, in units of the view's scale: float64 [members]."""
    buckets = [to_buckets(hashes, BITS) for hashes in stream.hashes()]
    distinct, which, times = np.unique(np.concatenate(buckets), return_inverse=True, return_counts=True)
    each = (weights[distinct] / (times * np.sqrt(distinct.size)))[which]  # of each n-gram
    shares = np.zeros(stream.members.size)
    for size, of_size in zip(stream.sizes, np.split(each, np.cumsum([part.size for part in buckets])), strict=False):
        for k in range(size):
            shares[k : k + of_size.size] += of_size / size
    return shares
