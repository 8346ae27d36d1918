"""Why a text has its score: the phrases, as written, and the traits of its style that raise and lower it most.

The model is linear, so nothing is approximated. A bucket adds scale·weight/√(distinct buckets of its view), once; that
is divided equally among the n-grams that fall into it and, in each, among its members. A word has the sum of what it
or its characters are given, and each measure of style has its weight: bias + Σ words + Σ measures = score. A phrase
has the sum of its words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.score import phrases, traits
from transforms.score.features import BITS, Stream, Words, split_words, streams
from transforms.score.hashing import to_buckets
from transforms.score.linear import LinearModel
from transforms.score.phrases import Phrase
from transforms.score.plain import Plain, to_plain
from transforms.score.style import LANGUAGES, measure
from transforms.score.traits import Trait

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sum taken apart: the weights of all phrases + rest + all traits + style_rest + constant = total, but for
    rounding. Signs are strongest first; in a language whose style is not measured there are no traits."""

    for_machine: tuple[Phrase, ...]  # each weight above 0
    for_human: tuple[Phrase, ...]  # each weight below 0
    rest: float  # what all other words add
    style_for_machine: tuple[Trait, ...]  # each weight above 0
    style_for_human: tuple[Trait, ...]  # each weight below 0
    style_rest: float  # what all other measures of style add
    constant: float  # what every text has
    total: float  # log-odds that a machine wrote it, nats

    def calibrated(self, slope: float, offset: float) -> Explanation:
        """The same of slope·total + offset."""
        return Explanation(
            for_machine=tuple(phrase.scaled(slope) for phrase in self.for_machine),
            for_human=tuple(phrase.scaled(slope) for phrase in self.for_human),
            rest=slope * self.rest,
            style_for_machine=tuple(trait.scaled(slope) for trait in self.style_for_machine),
            style_for_human=tuple(trait.scaled(slope) for trait in self.style_for_human),
            style_rest=slope * self.style_rest,
            constant=slope * self.constant + offset,
            total=slope * self.total + offset,
        )


def explain(model: LinearModel, text: str, language: str, most: int) -> Explanation:
    """The score of a text taken apart, with at most `most` phrases and as many traits in each direction.

    `language`: ISO 639 code, as Detector.assess is given it.
    """
    plain = to_plain(text)
    words = split_words(plain)
    weights = weigh_words(model, plain, words)
    quoted = sorted(phrases.choose(text, words, weights, most), key=lambda phrase: -abs(phrase.weight))
    values = measure(plain, words) if language in LANGUAGES else None
    shown = [] if values is None else traits.choose(model.curves, values, most)
    of_words, of_style = float(weights.sum()), 0.0 if values is None else model.curves.score(values)
    return Explanation(
        for_machine=tuple(phrase for phrase in quoted if phrase.weight > 0),
        for_human=tuple(phrase for phrase in quoted if phrase.weight < 0),
        rest=of_words - sum(phrase.weight for phrase in quoted),
        style_for_machine=tuple(trait for trait in shown if trait.weight > 0),
        style_for_human=tuple(trait for trait in shown if trait.weight < 0),
        style_rest=of_style - sum(trait.weight for trait in shown),
        constant=model.bias,
        total=of_words + of_style + model.bias,
    )


def weigh_words(model: LinearModel, plain: Plain, words: Words) -> Floats:
    """What each word and mark adds to the score: float64 [words]; with bias and style they add up to it.

    A space counts as the last character of the word before it.
    """
    total = np.zeros(words.hashes.size)
    if total.size == 0:
        return total
    owners = np.repeat(np.arange(total.size), np.diff(words.starts, append=plain.kind.size))
    found = streams(plain, words, model.known)
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
