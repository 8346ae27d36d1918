"""A gated recurrent network over token ids, and its gradients, in NumPy.

Cho et al. 2014 in the form whose reset gate stands behind the product, so that one matrix product serves all three
gates. The output layer is the embedding itself (Press and Wolf 2017). Rows of time-major arrays lie together: a step
of all sequences is one block of memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from training.collapse.model import END, Ids

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network."""

    vocabulary: int  # token ids 0 to vocabulary - 1
    embedding: int
    hidden: int

    @property
    def matrices(self) -> int:
        """Parameters that are entries of matrices."""
        return self.embedding * (self.vocabulary + 4 * self.hidden) + 3 * self.hidden**2

    @property
    def parameters(self) -> int:
        """Parameters in all: the matrices and the biases of gates and words."""
        return self.matrices + 3 * self.hidden + self.vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """All parameters, or their gradients: one vector, and windows into it. A gate's columns: reset, update, new."""

    flat: Floats  # [Shape.parameters], matrices first
    words: Floats  # [vocabulary, embedding], of what is read and of what is written
    inputs: Floats  # [embedding, 3 * hidden]
    recurrent: Floats  # [hidden, 3 * hidden]
    output: Floats  # [hidden, embedding]
    gates: Floats  # bias [3 * hidden]
    frequency: Floats  # bias [vocabulary]

    @classmethod
    def over(cls, flat: Floats, shape: Shape) -> Self:
        """Windows into a vector of `shape.parameters` numbers."""
        sides = (
            (shape.vocabulary, shape.embedding),
            (shape.embedding, 3 * shape.hidden),
            (shape.hidden, 3 * shape.hidden),
            (shape.hidden, shape.embedding),
            (3 * shape.hidden,),
            (shape.vocabulary,),
        )
        ends = np.cumsum([np.prod(side) for side in sides])
        parts = np.split(flat, ends[:-1])
        return cls(flat, *(part.reshape(side) for part, side in zip(parts, sides, strict=True)))

    @classmethod
    def drawn(cls, shape: Shape, rng: np.random.Generator) -> Self:
        """Before training: float32, normal with variance 1 / (rows that are summed), biases 0."""
        found = cls.over(np.zeros(shape.parameters, np.float32), shape)
        for matrix, fan in (
            (found.words, shape.embedding),
            (found.inputs, shape.embedding),
            (found.recurrent, shape.hidden),
            (found.output, shape.hidden),
        ):
            matrix[...] = rng.standard_normal(matrix.shape, np.float32) / np.float32(fan**0.5)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Drop:
    """Factors that silence parts of a network while it learns (Srivastava et al. 2014): 0, or 1 / (share kept)."""

    inputs: Floats  # [steps, sequences, embedding]
    states: Floats  # [steps, sequences, hidden]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What a pass forward leaves for the pass back; all [steps, sequences, …]."""

    tokens: Ids  # as read
    inputs: Floats  # their embeddings as they went in
    before: Floats  # states that each step began with
    gates: Floats  # reset, update, new: as they opened, [.., 3 * hidden]
    kept: Floats  # what the new state takes from the old one before the reset gate, [.., hidden]
    states: Floats  # states after each step


def advance(p: Parameters, inputs: Floats, state: Floats, gates: Floats, kept: Floats) -> Floats:
    """The states [sequences, hidden] after a step. `inputs` are the gates' shares of what is read [.., 3 * hidden].

    Fills `gates` [.., 3 * hidden] and `kept` [.., hidden] for the pass back.
    """
    size = state.shape[1]
    own = state @ p.recurrent
    both, new = gates[:, : 2 * size], gates[:, 2 * size :]
    np.add(inputs[:, : 2 * size], own[:, : 2 * size], out=both)
    both *= 0.5  # the logistic function by tanh, which costs a third of exp and a division
    np.tanh(both, out=both)
    both += 1
    both *= 0.5
    kept[...] = own[:, 2 * size :]
    np.multiply(gates[:, :size], kept, out=new)
    new += inputs[:, 2 * size :]
    np.tanh(new, out=new)
    return new + gates[:, size : 2 * size] * (state - new)


def forward(p: Parameters, tokens: Ids, state: Floats, drop: Drop | None = None) -> Trace:
    """Read `tokens` [steps, sequences], each the one before the token to be told; END begins a document afresh."""
    steps, sequences = tokens.shape
    size = state.shape[1]
    inputs = p.words[tokens] * p.words.dtype.type(p.words.shape[1] ** 0.5)
    if drop is not None:
        inputs *= drop.inputs
    shares = inputs @ p.inputs + p.gates
    before, states, kept = (np.empty((steps, sequences, size), state.dtype) for _ in range(3))
    gates = np.empty((steps, sequences, 3 * size), state.dtype)
    for step in range(steps):
        np.multiply(state, (tokens[step] != END)[:, None], out=before[step])
        state = advance(p, shares[step], before[step], gates[step], kept[step])
        states[step] = state
    return Trace(tokens, inputs, before, gates, kept, states)


def backward(p: Parameters, trace: Trace, change: Floats, drop: Drop | None, into: Parameters) -> None:
    """Add to `into` the gradients by all that made the states, given `change` [steps, sequences, hidden] by them.

    The states that the first step began with count as given: gradients end at the window's edge.
    """
    steps, sequences, size = trace.states.shape
    reset, update, new = np.split(trace.gates, 3, axis=2)
    shares = np.empty_like(trace.gates)  # gradients by what entered the gates from the input
    own = np.empty_like(trace.gates)  # and from the state
    carried = np.zeros_like(trace.states[0])
    for step in range(steps - 1, -1, -1):
        total = change[step] + carried
        fresh = total * (1 - update[step]) * (1 - new[step] ** 2)
        shares[step, :, :size] = fresh * trace.kept[step] * reset[step] * (1 - reset[step])
        shares[step, :, size : 2 * size] = total * (trace.before[step] - new[step]) * update[step] * (1 - update[step])
        shares[step, :, 2 * size :] = fresh
        own[step, :, : 2 * size] = shares[step, :, : 2 * size]
        own[step, :, 2 * size :] = fresh * reset[step]
        carried = total * update[step] + own[step] @ p.recurrent.T
        carried *= (trace.tokens[step] != END)[:, None]
    rows = shares.reshape(steps * sequences, -1)
    into.recurrent[...] += trace.before.reshape(len(rows), -1).T @ own.reshape(len(rows), -1)
    into.inputs[...] += trace.inputs.reshape(len(rows), -1).T @ rows
    into.gates[...] += rows.sum(axis=0)
    read = rows @ p.inputs.T * p.words.dtype.type(p.words.shape[1] ** 0.5)
    if drop is not None:
        read *= drop.inputs.reshape(read.shape)
    np.add.at(into.words, trace.tokens.ravel(), read)


def logits(p: Parameters, states: Floats) -> Floats:
    """Of every word [rows, vocabulary], from states [rows, hidden]: its log-probability but for a row's constant."""
    found: Floats = (states @ p.output) @ p.words.T
    found += p.frequency
    return found


def loss(p: Parameters, states: Floats, targets: Ids, weights: Floats, into: Parameters) -> tuple[float, Floats]:
    """The weighted sum of -ln P(target) over rows [rows], and its gradient by their states [rows, hidden].

    Adds the gradients by the output layer to `into`.
    """
    features = states @ p.output
    chance = logits(p, states)
    rows = np.arange(len(targets))
    chance -= chance.max(axis=1, keepdims=True)
    told = chance[rows, targets]
    np.exp(chance, out=chance)
    total = chance.sum(axis=1)
    chance *= (weights / total)[:, None]
    chance[rows, targets] -= weights
    into.words[...] += chance.T @ features
    into.frequency[...] += chance.sum(axis=0)
    by_features = chance @ p.words
    into.output[...] += states.T @ by_features
    return float(np.dot(weights, np.log(total) - told)), by_features @ p.output.T


def surprise(p: Parameters, states: Floats, targets: Ids, apart: int | None) -> NDArray[np.float64]:
    """-ln P(target) of rows of states [rows, hidden], given that it is not the token `apart`, if one is named."""
    chance = logits(p, states)
    if apart is not None:
        chance[:, apart] = -np.inf
    chance -= chance.max(axis=1, keepdims=True)
    told = chance[np.arange(len(targets)), targets].astype(np.float64)
    found: NDArray[np.float64] = np.log(np.exp(chance, out=chance).sum(axis=1, dtype=np.float64)) - told
    return found
