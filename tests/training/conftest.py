"""A judged corpus of which everything is known: scores of people are N(0, 1), of machines N(2.5, 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from training.corpus import Corpus

PAGES, DISGUISED, RUSSIAN = 600, 60, 150
SEPARATION = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Texts with held-out scores; arrays [texts]."""

    corpus: Corpus
    score: NDArray[np.float64]
    fold: NDArray[np.intp]


@pytest.fixture(scope="session")
def known() -> Known:
    """600 English web pages and as many machine texts, 60 of these disguised; 150 and 150 Russian texts; 3 folds."""
    rng = np.random.default_rng(8)
    count = 2 * PAGES + 2 * RUSSIAN
    number = np.arange(count)
    english = number < 2 * PAGES
    machine = number % 2 == 1
    attacked = english & machine & (number < 2 * DISGUISED)

    def named(name: str, values: int, where: NDArray[np.bool_]) -> NDArray[np.str_]:
        return np.where(where, np.array([f"{name} {n // 2 % values}" for n in number]), "")

    corpus = Corpus(
        texts=[""] * count,
        machine=machine,
        language=np.where(english, "en", "ru"),
        script=np.where(english, "Latn", "Cyrl"),
        origin=np.char.add(np.where(machine, "m", "h"), named("", 12, number >= 0)),
        family=named("family", 4, machine),
        era=named("era", 2, machine),
        domain=named("domain", 3, number >= 0),
        attack=np.where(attacked, "paraphrase", ""),
        license=np.full(count, "CC0-1.0"),
        group=np.array([f"group {n}" for n in number]),
        web=english & ~machine,
        packaged=np.zeros(count, np.bool_),
        repeated=np.zeros(count, np.bool_),
    )
    return Known(corpus, rng.normal(SEPARATION * machine, 1.0), (number // 2 % 3).astype(np.intp))
