"""What a generation needs of a language model: to be fitted with weights, to write, and to be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
"""Token ids of one document [tokens], without the end."""

END = 0
"""Ends a document. It stands in no document: a model adds it where it needs it."""

UNKNOWN = 1
"""Stands for every word outside the vocabulary. It is learned from and judged, and never sampled."""


class LanguageModel(Protocol):
    """A model over the token ids 0 to vocabulary - 1."""

    def fit(self, documents: Sequence[Ids], weights: NDArray[np.float64], *, seed: int) -> None:
        """Learn afresh, forgetting everything before. `weights` [documents]: what each token of a document counts.

        The caller gives weights whose token-weighted mean is 1. Only their ratios may shape what is learned, but for a
        model of counts, which has to be told how much it has seen: it scales them to the effective sample size itself.
        """

    def sample(self, documents: int, tokens: int, *, seed: int) -> list[Ids]:
        """So many documents of at most `tokens` tokens, none of them END or UNKNOWN."""

    def surprisal(self, documents: Sequence[Ids], *, known: bool = False) -> list[NDArray[np.float64]]:
        """-ln P(token | those before it in its document), for each document [tokens + 1]: the last is that of END.

        If `known`, given that no token is UNKNOWN, for which the value then means nothing: a model that has seen much
        UNKNOWN would otherwise pay for words it is not asked about.
        """
