"""Disguises that need no model: what happens to a text between a machine and a page."""

from __future__ import annotations

import numpy as np


def misspell(text: str, share: float, rng: np.random.Generator) -> str:
    """The text with a typing mistake in about this share (0–1) of its words of four or more letters.

    Each mistake is one of four kinds: two letters swapped, one dropped, one doubled, or the blank before the word lost.
    The first letter stays, as people's mistakes mostly leave it.
    """
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) >= 4 and word.isalpha() and rng.random() < share:
            words[place] = _slip(word, rng)
    return " ".join(words).replace(" \b", "").removeprefix("\b")


def _slip(word: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(1, len(word) - 1))
    kind = int(rng.integers(4))
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:] if kind == 2 else "\b" + word
