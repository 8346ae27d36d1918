"""Text as token ids and back: words and marks, each with the space before it, so that nothing has to be guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from training.collapse.model import END, UNKNOWN, Ids

_PIECE = re.compile(r"\n| ?[^\W_]+(?:['’\-_.][^\W_]+)*| ?[^\w\s]| ?_+|[^\S\n]")
_SPECIAL = 2  # END and UNKNOWN

PARAGRAPH = "\n"
"""Ends a paragraph that is not the last of its document. Every vocabulary has it."""


def pieces(text: str) -> list[str]:
    """The tokens of a text whose spaces are single; joined they are the text.

    >>> pieces("Don't stop (ever),\\nit's re.match.")
    ["Don't", ' stop', ' (', 'ever', ')', ',', '\\n', "it's", ' re.match', '.']
    """
    return _PIECE.findall(text)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of pieces; the id of `words[i]` is i + 2, after END and UNKNOWN."""

    words: tuple[str, ...]
    ids: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", {word: i + _SPECIAL for i, word in enumerate(self.words)})

    def __len__(self) -> int:
        """Number of ids, END and UNKNOWN among them."""
        return len(self.words) + _SPECIAL

    @classmethod
    def of(cls, texts: Iterable[str], size: int) -> Vocabulary:
        """The most frequent pieces of these texts, together with END and UNKNOWN at most `size` ids.

        The end of a paragraph comes first, then the more frequent before the less; of equals the first in the alphabet.
        """
        counts = Counter(piece for text in texts for piece in pieces(text))
        counts[PARAGRAPH] = counts.total() + 1
        ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
        return cls(tuple(ranked[: size - _SPECIAL]))

    def encode(self, text: str) -> Ids:
        """The ids of a text, UNKNOWN for pieces that are not in the vocabulary."""
        return np.array([self.ids.get(piece, UNKNOWN) for piece in pieces(text)], dtype=np.int32)

    def decode(self, ids: Ids) -> str:
        """The text of ids as a model samples them; raises ValueError at END or UNKNOWN, which no model may sample."""
        if ids.size and ids.min() <= UNKNOWN:
            raise ValueError(f"expected ids from {_SPECIAL} on, got {int(ids.min())}: END is {END}, UNKNOWN {UNKNOWN}")
        return "".join(self.words[i - _SPECIAL] for i in ids.tolist()).strip()
