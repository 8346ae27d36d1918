"""What every generation of a study shares: its human text as ids, its sizes, and what models are judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.collapse.model import UNKNOWN, Ids, LanguageModel
from training.collapse.texts import Passage, Texts
from training.collapse.tokens import PARAGRAPH, Vocabulary

Floats = NDArray[np.float64]

_MINORITY = 0.05  # share of the human documents of a generation that are of the minority register
_TAIL = 0.1  # share of the held-out tokens that are its rarest words


@dataclass(frozen=True, slots=True)
class Size:
    """How large a study is."""

    documents: int = 600  # in a generation
    generations: int = 6  # after the first, which is of people only
    vocabulary: int = 8000
    tokens: int = 500  # in a sampled document, at most


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The texts of a study, as models see them."""

    size: Size
    vocabulary: Vocabulary
    train: tuple[Passage, ...]
    ids: list[Ids]  # of `train`
    held: list[Ids]
    held_minority: list[Ids]
    rare: NDArray[np.bool_]  # [vocabulary]: the words of the tail

    @classmethod
    def of(cls, texts: Texts, size: Size) -> World:
        """Vocabulary and rarity are those of all text that may be learned from, whatever a generation draws of it."""
        vocabulary = Vocabulary.of((passage.text for passage in texts.train), size.vocabulary)
        ids = [vocabulary.encode(passage.text) for passage in texts.train]
        held = [vocabulary.encode(passage.text) for passage in texts.held if not passage.minority]
        minority = [vocabulary.encode(passage.text) for passage in texts.held if passage.minority]
        return cls(size, vocabulary, texts.train, ids, held, minority, _rarest(held, len(vocabulary)))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
        """So many documents by people, as indices of `train`, without repetition as long as there are others."""
        minority = np.array([passage.minority for passage in self.train])
        few = round(count * _MINORITY) if minority.any() else 0
        parts = ((np.flatnonzero(minority), few), (np.flatnonzero(~minority), count - few))
        return np.concatenate([_draw(pool, wanted, rng) for pool, wanted in parts])

    def pages(self, model: LanguageModel, count: int, seed: int) -> list[Ids]:
        """So many documents of a model: its answers on paragraphs of their own, cut at the length of a human document.

        So the shares of documents and of tokens are the same, and length tells a detector nothing.
        """
        rng = np.random.default_rng(seed)
        lengths = np.array([document.size for document in self.ids])
        wanted = lengths[rng.integers(0, lengths.size, count)]
        pages: list[Ids] = []
        page: list[Ids] = []
        while len(pages) < count:
            asked = max(2 * (count - len(pages)), 16) if pages else count
            for answer in model.sample(asked, self.size.tokens, seed=int(rng.integers(1 << 31))):
                page += [answer] if answer.size else []
                if len(pages) < count and sum(part.size for part in page) >= wanted[len(pages)]:
                    pages.append(self._join(page)[: wanted[len(pages)]])
                    page = []
        return pages

    def _join(self, answers: Sequence[Ids]) -> Ids:
        between = self.vocabulary.encode(PARAGRAPH)
        parts = [part for answer in answers for part in (between, answer)]
        return np.concatenate(parts[1:])


@dataclass(frozen=True, slots=True)
class Judged:
    """How well a model knows people's text: perplexities of the words of the vocabulary, given that they are of it."""

    perplexity: float  # on held-out text of the majority register
    tail: float  # on its rarest words, a tenth of its tokens
    minority: float  # on held-out text of the minority register; NaN if there is none


def judge(model: LanguageModel, world: World) -> Judged:
    """Held-out perplexities, exp of the mean surprisal a token."""
    ids, surprisal = _told(model, world.held)
    known = ids != UNKNOWN
    few = _told(model, world.held_minority) if world.held_minority else None
    minority = float("nan") if few is None else _perplexity(few[1][few[0] != UNKNOWN])
    return Judged(_perplexity(surprisal[known]), _perplexity(surprisal[known & world.rare[ids]]), minority)


def word_types(pages: Sequence[Ids], tokens: int) -> int:
    """Distinct tokens among the first so many."""
    return int(np.unique(np.concatenate(pages)[:tokens]).size)


def _told(model: LanguageModel, documents: Sequence[Ids]) -> tuple[Ids, Floats]:
    ids = np.concatenate([np.append(document, 0) for document in documents]).astype(np.int32)
    return ids, np.concatenate(model.surprisal(documents, known=True))


def _perplexity(surprisal: Floats) -> float:
    return float(np.exp(surprisal.mean()))


def _draw(pool: NDArray[np.intp], count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """`count` of the pool in random order, each equally often but for one."""
    rounds = -(-count // pool.size) if count else 0
    return np.concatenate([np.zeros(0, np.intp), *(rng.permutation(pool) for _ in range(rounds))])[:count]


def _rarest(held: Sequence[Ids], vocabulary: int) -> NDArray[np.bool_]:
    """The words of the highest ids, which are the rarest, up to `_TAIL` of the held-out tokens."""
    counts = np.bincount(np.concatenate(held), minlength=vocabulary).astype(np.float64)
    counts[UNKNOWN] = 0
    from_the_end = np.cumsum(counts[::-1])[::-1]
    return np.asarray(from_the_end <= _TAIL * counts.sum(), dtype=np.bool_)
