"""What a mixture is drawn from, and how: as much of people and of machines as makes the share asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.calibrate import MIN_HUMAN
from training.corpus import Corpus
from training.mixture.judges import Judged

Rows = NDArray[np.intp]

LEAST_MACHINE = 20
"""Judged machine texts a language needs to be mixed; of another language there are people's texts alone."""

PER_SOURCE = 150
"""Texts of a language that a source which holds no web pages gives: no register is the corpus of one project."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Held-out texts of people and of machines, as rows of the corpus, with the clusters they are resampled by."""

    people: Rows
    machines: Rows
    language: NDArray[np.str_]  # [texts of the corpus], as the next three
    tokens: NDArray[np.int64]
    source: NDArray[np.str_]  # cluster of a human text
    prompt: NDArray[np.str_]  # cluster of a machine text

    def mixed(self) -> list[str]:
        """The languages with machine texts."""
        return [str(code) for code in np.unique(self.language[self.machines])]

    def draw(self, share: float, rng: np.random.Generator, *, resample: bool) -> Rows:
        """Rows of a mixture in which machines hold `share` of the tokens of each mixed language, in random order.

        The scarcer side is taken whole. `resample`: sources and prompts are first drawn anew, with replacement.
        """
        people, machines = self.people, self.machines
        if resample:
            people = _clusters(people, self.source[people], rng)
            machines = _clusters(machines, self.prompt[machines], rng)
        taken = []
        for code in np.unique(self.language[np.concatenate([people, machines])]):
            human = rng.permutation(people[self.language[people] == code])
            machine = rng.permutation(machines[self.language[machines] == code])
            taken.append(self._balance(human, machine, share))
        return rng.permutation(np.concatenate(taken))

    def _balance(self, human: Rows, machine: Rows, share: float) -> Rows:
        held, made = int(self.tokens[human].sum()), int(self.tokens[machine].sum())
        if not made or not held:
            return human
        wanted = held * share / (1 - share)
        if wanted <= made:
            return np.concatenate([human, self._up_to(machine, wanted)])
        return np.concatenate([self._up_to(human, made * (1 - share) / share), machine])

    def _up_to(self, rows: Rows, tokens: float) -> Rows:
        """The first rows whose tokens come nearest to `tokens`."""
        total = np.concatenate([[0], np.cumsum(self.tokens[rows])])
        return rows[: int(np.abs(total - tokens).argmin())]


def _clusters(rows: Rows, names: NDArray[np.str_], rng: np.random.Generator) -> Rows:
    """As many clusters as there are, drawn with replacement; all rows of each."""
    _, inverse, counts = np.unique(names, return_inverse=True, return_counts=True)
    parts = np.split(rows[np.argsort(inverse, kind="stable")], np.cumsum(counts)[:-1])
    return np.concatenate([parts[k] for k in rng.integers(0, len(parts), len(parts))])


def gather_pool(corpus: Corpus, judged: Judged, machines: NDArray[np.bool_], *, registers: bool, seed: int) -> Pool:
    """All held-out machine texts in `machines` [texts] of languages that have enough, and people's texts.

    Without `registers` people are web pages in the languages that have as many as a calibration wants, all texts in
    the others; with them all texts everywhere. Sources without web pages give at most `PER_SOURCE` texts a language.
    """
    rng = np.random.default_rng(seed)
    judgeable = judged.fold >= 0
    own = judgeable & machines & corpus.machine
    codes, counts = np.unique(corpus.language[own], return_counts=True)
    own &= np.isin(corpus.language, codes[(counts >= LEAST_MACHINE) & (codes != "und")])
    human = judgeable & ~corpus.machine
    pages = human & corpus.web
    codes, counts = np.unique(corpus.language[pages], return_counts=True)
    others = human & ~corpus.web
    if not registers:
        others &= ~np.isin(corpus.language, codes[counts >= MIN_HUMAN])
    source = np.where(corpus.packaged, "packages", corpus.origin)
    people = np.concatenate([np.flatnonzero(pages), _capped(others, source, corpus.language, rng)])
    return Pool(people, np.flatnonzero(own), corpus.language, judged.tokens.astype(np.int64), source, corpus.group)


def _capped(
    among: NDArray[np.bool_], source: NDArray[np.str_], language: NDArray[np.str_], rng: np.random.Generator
) -> Rows:
    rows = rng.permutation(np.flatnonzero(among))
    _, inverse = np.unique(np.char.add(np.char.add(language[rows], " "), source[rows]), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], inverse[order])
    return np.sort(rows[order[np.arange(order.size) - starts < PER_SOURCE]])
