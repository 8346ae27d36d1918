"""A small neural language model in NumPy: a gated recurrent network of 1.4 million parameters, learned in 40 s of CPU.

Why NumPy and why recurrent: docs/decisions/0018-network-of-the-study.md. Same seed, same machine and same number of
threads, same model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from training.collapse.adamw import AdamW, Schedule
from training.collapse.model import END, UNKNOWN, Ids
from training.collapse.recurrent import Drop, Floats, Parameters, Shape, backward, forward, logits, loss, surprise
from training.collapse.windows import Window, effective_tokens, windows

_ROWS = 1024  # whose distributions over all words are held at once: 32 MB at 8,000 words


@dataclass(frozen=True, slots=True)
class Params:
    """What a network is, how it learns and how it writes."""

    vocabulary: int
    embedding: int = 128
    hidden: int = 256
    sequences: int = 32  # read side by side
    steps: int = 32  # tokens of each in an update; the state goes on to the next one, gradients do not
    drop: float = 0.2  # share of inputs and of states silenced while it learns
    schedule: Schedule = field(default_factory=Schedule)  # the same compute for every corpus, but for a small one:
    passes: float = 4.0  # over the effective tokens at most; up to four cost nearly nothing (Muennighoff et al. 2023)
    temperature: float = 0.9  # above 0; below 1 likely words become likelier
    top: int = 50  # words that may follow, the likeliest

    @property
    def shape(self) -> Shape:
        """The sizes of the network."""
        return Shape(self.vocabulary, self.embedding, self.hidden)

    def schedule_for(self, effective: float) -> Schedule:
        """The schedule for so many effective tokens: weights that leave little text leave little to learn."""
        most = math.ceil(self.passes * effective / (self.steps * self.sequences))
        return replace(self.schedule, updates=min(self.schedule.updates, most))


@dataclass(slots=True, eq=False)
class NeuralModel:
    """See the module. Fitted anew by every `fit`."""

    params: Params
    _parameters: Parameters | None = field(default=None, repr=False)

    def fit(self, documents: Sequence[Ids], weights: NDArray[np.float64], *, seed: int) -> None:
        """Minimise the weighted cross-entropy. Raises ValueError if no weight is above 0."""
        params, rng = self.params, np.random.default_rng(seed)
        p = Parameters.drawn(params.shape, rng)
        gradients = Parameters.over(np.zeros_like(p.flat), params.shape)
        schedule = params.schedule_for(effective_tokens(documents, weights))
        optimizer = AdamW(schedule, p.flat, decaying=params.shape.matrices)
        batches = windows(documents, weights, rng, steps=params.steps, sequences=params.sequences)
        state: Floats = np.zeros(0, np.float32)
        for _, window in zip(range(schedule.updates), batches, strict=False):
            if window.first:
                state = np.zeros((window.read.shape[1], params.hidden), np.float32)
            gradients.flat[:] = 0
            state = learn(p, window, state, self._silence(window, rng), gradients)[1]
            optimizer.update(gradients.flat)
        self._parameters = p

    def sample(self, documents: int, tokens: int, *, seed: int) -> list[Ids]:
        """So many documents of 1 to `tokens` tokens, none of them END or UNKNOWN."""
        p, rng = self._fitted(), np.random.default_rng(seed)
        state: Floats = np.zeros((documents, self.params.hidden), np.float32)
        read = np.full(documents, END, np.int32)
        written = np.full((tokens, documents), END, np.int32)
        going = np.arange(documents)
        for place in range(tokens):
            state = forward(p, read[None], state).states[0]
            score = logits(p, state)
            score[:, UNKNOWN] = -np.inf
            if place == 0:
                score[:, END] = -np.inf
            read = choose(score, self.params.temperature, self.params.top, rng)
            written[place, going] = read
            on = read != END
            going, read, state = going[on], read[on], state[on]
        return [column[: np.count_nonzero(column != END)] for column in written.T]

    def surprisal(self, documents: Sequence[Ids], *, known: bool = False) -> list[NDArray[np.float64]]:
        """See `LanguageModel`."""
        found: list[NDArray[np.float64]] = [np.empty(0)] * len(documents)
        order = sorted(range(len(documents)), key=lambda i: len(documents[i]))  # equals together: little is padding
        for start in range(0, len(order), self.params.sequences):
            some = order[start : start + self.params.sequences]
            for i, values in zip(some, self._surprisal([documents[i] for i in some], known), strict=True):
                found[i] = values
        return found

    def _surprisal(self, documents: Sequence[Ids], known: bool) -> list[NDArray[np.float64]]:
        p = self._fitted()
        told = np.full((max(map(len, documents)) + 1, len(documents)), END, np.int32)
        for column, document in enumerate(documents):
            told[: len(document), column] = document
        read = np.concatenate([np.full((1, len(documents)), END, np.int32), told[:-1]])
        states = forward(p, read, np.zeros((len(documents), self.params.hidden), np.float32)).states
        rows, targets = states.reshape(told.size, -1), told.ravel()
        apart = UNKNOWN if known else None
        parts = [surprise(p, rows[i : i + _ROWS], targets[i : i + _ROWS], apart) for i in range(0, told.size, _ROWS)]
        values = np.concatenate(parts).reshape(told.shape)
        return [values[: len(document) + 1, column] for column, document in enumerate(documents)]

    def _silence(self, window: Window, rng: np.random.Generator) -> Drop:
        kept, sides = np.float32(1 - self.params.drop), window.read.shape
        inputs, states = (
            (rng.random((*sides, size), np.float32) < kept) / kept
            for size in (self.params.embedding, self.params.hidden)
        )
        return Drop(inputs, states)

    def _fitted(self) -> Parameters:
        if self._parameters is None:
            raise ValueError("expected a fitted model, got one that was never fitted: call fit first")
        return self._parameters


def learn(p: Parameters, window: Window, state: Floats, drop: Drop | None, into: Parameters) -> tuple[float, Floats]:
    """The weighted mean of -ln P over a window's tokens, and the states after it; adds its gradients to `into`.

    The sum is divided by the tokens, which over a corpus is the sum of their weights: the mean weight is 1. Dividing by
    a window's own sum would let a light document count for more where its neighbours are light too.
    """
    trace = forward(p, window.read, state, drop)
    seen = trace.states if drop is None else trace.states * drop.states
    share = (window.weights / window.weights.size).ravel()
    cost, change = loss(p, seen.reshape(share.size, -1), window.told.ravel(), share, into)
    change = change.reshape(trace.states.shape)
    backward(p, trace, change if drop is None else change * drop.states, drop, into)
    return cost, trace.states[-1]


def choose(score: Floats, temperature: float, top: int, rng: np.random.Generator) -> Ids:
    """A token a row, drawn from its `top` likeliest at a temperature. `score` [rows, vocabulary]: log-probabilities but
    for a row's constant."""
    likeliest = np.argpartition(score, -min(top, score.shape[1]), axis=1)[:, -top:]
    likeliest.sort(axis=1)  # what a draw means shall not depend on how the selection went about it
    heat = np.take_along_axis(score, likeliest, axis=1) / temperature
    drawn = (heat + rng.gumbel(size=heat.shape)).argmax(axis=1)  # a draw from the softmax (Gumbel 1954)
    found: Ids = likeliest[np.arange(drawn.size), drawn].astype(np.int32)
    return found
