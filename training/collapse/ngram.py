"""An interpolated n-gram model whose counts are weights: what it learns of a document is as much as its weight says.

    P(w | h) = (c(h w) + α·P(w | h')) / (c(h ·) + α)

h' is h without its first word; below one word stands the uniform distribution (MacKay and Peto 1995: a hierarchy of
Dirichlet priors). Unlike discounting, it asks for no whole counts. How much it believes a context depends on how large
the counts are, so weights have to be scaled so that they sum to the effective sample size (Kish 1965),
Σw·(Σw/Σw²): the counts of an uneven sample, taken as they are, claim more text than it is worth. With weights 0 and
1/π the counts are exactly those of the documents that have a weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.collapse.model import END, UNKNOWN, Ids

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an n-gram model is, and how it is sampled."""

    vocabulary: int
    order: int = 3  # words in the longest n-gram
    strengths: tuple[float, ...] = (3000.0, 300.0, 80.0, 40.0, 40.0)
    """α by words of context, `order` of them used: of ten tried on 600 documents of the detector's own human texts the
    one with the least perplexity but for a still larger first, 222; (1, 300, 80) has 246, (3000, 1000, 200) 227."""
    temperature: float = 0.9  # above 0; below 1 likely words become likelier
    top: int = 50  # words that may follow a context, the likeliest


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The n-grams of one length, as children of those shorter by a word: `parent`·V + word, ascending."""

    keys: Ints  # [n]
    starts: Ints  # [parents + 1]: the children of parent i are starts[i] to starts[i + 1]
    totals: Floats  # [parents]: sum of the counts of its children
    suffix: Ints  # [n]: the n-gram without its first word, at the level before
    probability: Floats  # [n]: P(last word | the others)

    def find(self, parent: Ints, word: Ints, vocabulary: int) -> Ints:
        """The n-gram that is each parent's word, −1 where there is none, or no parent (−1)."""
        wanted = parent * vocabulary + word
        place = np.minimum(np.searchsorted(self.keys, wanted), self.keys.size - 1)
        return np.where((parent >= 0) & (self.keys[place] == wanted), place, -1)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What may follow each context of one length, the likeliest first; filled when first asked for."""

    words: NDArray[np.int32]  # [contexts, top]
    probability: NDArray[np.float32]  # [contexts, top], before temperature, 0 where there is no further word
    ready: NDArray[np.bool_]

    @classmethod
    def empty(cls, contexts: int, top: int) -> _Rows:
        shape = (contexts, top)
        return cls(np.zeros(shape, np.int32), np.zeros(shape, np.float32), np.zeros(contexts, np.bool_))


def kish(weights: Floats, sizes: Floats) -> Floats:
    """The weights, scaled so that the weighted sizes sum to the effective sample size; both [documents].

    >>> kish(np.array([2.0, 0.0, 2.0, 0.0]), np.ones(4)).tolist()
    [1.0, 0.0, 1.0, 0.0]
    """
    return np.asarray(weights * float(weights @ sizes) / float((weights**2) @ sizes), dtype=np.float64)


@dataclass(slots=True, eq=False)
class NGramModel:
    """A `training.collapse.model.LanguageModel`."""

    shape: Shape
    _levels: list[_Level] = field(default_factory=list, repr=False)  # of the n-grams of 1 … order words
    _rows: list[_Rows] = field(default_factory=list, repr=False)  # of the contexts of 0 … order − 1 words

    def fit(self, documents: Sequence[Ids], weights: Floats, *, seed: int = 0) -> None:
        """Count the n-grams, each document's as often as its scaled weight says; there is no chance in it."""
        sizes = np.array([document.size + 1.0 for document in documents])
        stream, told = self._stream(documents)
        weight = np.zeros(stream.size)
        weight[told] = np.repeat(kish(weights, sizes), sizes.astype(np.intp))
        node, below = np.zeros(stream.size, np.int64), np.full(1, 1.0 / self.shape.vocabulary)
        self._levels, self._rows = [], []
        for strength in self.shape.strengths[: self.shape.order]:
            parents = self._levels[-1].keys.size if self._levels else 1
            level, node = self._count(stream, weight, node, (strength, parents, below))
            below = level.probability
            self._rows.append(_Rows.empty(parents, self.shape.top))
            self._levels.append(level)

    def _count(
        self, stream: Ints, weight: Floats, shorter: Ints, prior: tuple[float, int, Floats]
    ) -> tuple[_Level, Ints]:
        """The n-grams one word longer than `shorter` [stream], which end at the same places, and where each ends."""
        strength, parents, below = prior
        found = np.roll(shorter, 1) * self.shape.vocabulary + stream
        keys, node = np.unique(found, return_inverse=True)
        parent = keys // self.shape.vocabulary
        counts = np.bincount(node, weights=weight, minlength=keys.size).astype(np.float64)
        totals = np.bincount(parent, weights=counts, minlength=parents).astype(np.float64)
        suffix = np.zeros(keys.size, np.int64)
        suffix[node] = shorter
        prior_of = below[suffix]
        probability = (counts + strength * prior_of) / (totals[parent] + strength)
        starts = np.searchsorted(parent, np.arange(parents + 1)).astype(np.int64)
        return _Level(keys, starts, totals, suffix, probability), node

    def surprisal(self, documents: Sequence[Ids], *, known: bool = False) -> list[Floats]:
        """See `LanguageModel`."""
        stream, told = self._stream(documents)
        unknown = np.full_like(stream, UNKNOWN)
        node = np.zeros(stream.size, np.int64)
        p = other = np.full(stream.size, 1.0 / self.shape.vocabulary)
        for level, strength in zip(self._levels, self.shape.strengths, strict=False):
            parent = np.roll(node, 1)
            if known:
                _, other = self._follow(level, strength, (parent, unknown, other))
            node, p = self._follow(level, strength, (parent, stream, p))
        ends = np.cumsum([document.size + 1 for document in documents])
        given = 1.0 - other[told] if known else 1.0
        return np.split(-np.log(p[told] / given), ends[:-1])

    def _follow(self, level: _Level, strength: float, step: tuple[Ints, Ints, Floats]) -> tuple[Ints, Floats]:
        """The n-gram that ends with a word after `parent`, −1 if not seen, and its probability; all [stream].

        `step`: the contexts, the words, and what the level of n-grams one word shorter says of them.
        """
        parent, word, below = step
        node = level.find(parent, word, self.shape.vocabulary)
        total = np.where(parent >= 0, level.totals[parent], 0.0)
        return node, np.where(node >= 0, level.probability[node], below * strength / (total + strength))

    def _stream(self, documents: Sequence[Ids]) -> tuple[Ints, NDArray[np.intp]]:
        """The documents end to end, before each as many END as a context has words, and the places that are told.

        The stream is read as a ring: what precedes the first document is the END of the last.
        """
        lead = np.full(self.shape.order - 1, END, np.int64)
        parts = [part for document in documents for part in (lead, document.astype(np.int64), [END])]
        stream = np.concatenate(parts).astype(np.int64)
        told = np.ones(stream.size, np.bool_)
        begins = np.cumsum([0] + [document.size + lead.size + 1 for document in documents[:-1]])
        told[(begins[:, None] + np.arange(lead.size)).ravel()] = False
        return stream, np.flatnonzero(told)

    def sample(self, documents: int, tokens: int, *, seed: int) -> list[Ids]:
        """See `LanguageModel`; by temperature and top as the shape says."""
        rng = np.random.default_rng(seed)
        written = np.zeros((documents, tokens), np.int32)
        length, context = self._begin(documents)
        alive = np.arange(documents)
        for step in range(tokens):
            word = self._draw(length, context, rng.random(alive.size))
            written[alive, step] = word
            goes_on = word != END
            alive = alive[goes_on]
            if not alive.size:
                break
            length, context = self._advance(length[goes_on], context[goes_on], word[goes_on])
        sizes = np.where((written == END).any(axis=1), (written == END).argmax(axis=1), tokens)
        return [row[:size] for row, size in zip(written, sizes.tolist(), strict=True)]

    def _begin(self, documents: int) -> tuple[Ints, Ints]:
        """The length of the context in which every document begins, and the context: nothing but END."""
        node = np.zeros(1, np.int64)
        for level in self._levels[:-1]:
            node = level.find(node, np.array([END]), self.shape.vocabulary)
        return np.full(documents, self.shape.order - 1), np.full(documents, node[0])

    def _draw(self, length: Ints, context: Ints, uniform: Floats) -> Ints:
        """A next word for each context [n]."""
        word = np.zeros(length.size, np.int64)
        for m in np.unique(length).tolist():
            own = np.flatnonzero(length == m)
            self._fill(m, context[own])
            likely = self._rows[m].probability[context[own]].astype(np.float64) ** (1.0 / self.shape.temperature)
            cumulative = np.cumsum(likely, axis=1)
            pick = (cumulative <= uniform[own, None] * cumulative[:, -1:]).sum(axis=1)
            word[own] = self._rows[m].words[context[own], pick]
        return word

    def _advance(self, length: Ints, context: Ints, word: Ints) -> tuple[Ints, Ints]:
        """The longest context that was seen, once each word has followed: n-grams of at most order − 1 words."""
        after, node = np.zeros_like(length), np.full_like(context, -1)
        for m in range(self.shape.order - 1, -1, -1):
            here = np.flatnonzero((length == m) & (node < 0))
            found = self._levels[m].find(context[here], word[here], self.shape.vocabulary)
            if m == self.shape.order - 1:
                found = np.where(found >= 0, self._levels[m].suffix[found], -1)
            known = found >= 0
            node[here[known]], after[here[known]] = found[known], min(m + 1, self.shape.order - 1)
            rest = here[~known]
            length = length.copy()
            length[rest] = m - 1
            if m > 0:
                context = context.copy()
                context[rest] = self._levels[m - 1].suffix[context[rest]]
        return after, node

    def _fill(self, m: int, contexts: Ints) -> None:
        """Make the rows of these contexts of m words ready."""
        rows = self._rows[m]
        missing = np.unique(contexts[~rows.ready[contexts]])
        if not missing.size:
            return
        row, word, p = self._children(m, missing)
        if m > 0:
            inherited = self._inherited(m, missing)
            row, word, p = (np.concatenate(pair) for pair in zip((row, word, p), inherited, strict=True))
        p = np.where(word == UNKNOWN, 0.0, p)
        order = np.lexsort((word, -p, row))
        row, word, p = row[order], word[order], p[order]
        rank = np.arange(row.size) - np.searchsorted(row, row)
        kept = rank < self.shape.top
        rows.words[missing[row[kept]], rank[kept]] = word[kept]
        rows.probability[missing[row[kept]], rank[kept]] = p[kept]
        rows.ready[missing] = True

    def _children(self, m: int, contexts: Ints) -> tuple[Ints, Ints, Floats]:
        """The words seen after each context: index of the context, word, probability, all [words]."""
        level = self._levels[m]
        counts = level.starts[contexts + 1] - level.starts[contexts]
        row = np.repeat(np.arange(contexts.size), counts)
        place = np.arange(row.size) + np.repeat(level.starts[contexts] - np.cumsum(counts) + counts, counts)
        return row, level.keys[place] % self.shape.vocabulary, level.probability[place]

    def _inherited(self, m: int, contexts: Ints) -> tuple[Ints, Ints, Floats]:
        """The likeliest words of the contexts shorter by a word that were not seen after these: as `_children`."""
        shorter = self._levels[m - 1].suffix[contexts]
        self._fill(m - 1, shorter)
        row = np.repeat(np.arange(contexts.size), self.shape.top)
        word = self._rows[m - 1].words[shorter].ravel().astype(np.int64)
        strength = self.shape.strengths[m]
        share = strength / (self._levels[m].totals[contexts] + strength)
        p = (self._rows[m - 1].probability[shorter] * share[:, None]).ravel().astype(np.float64)
        new = (self._levels[m].find(contexts[row], word, self.shape.vocabulary) < 0) & (p > 0)
        return row[new], word[new], p[new]
