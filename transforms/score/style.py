"""How a text is written, in numbers: lengths and rhythm of words and sentences, marks, kinds of words, repetition.

Each measure is put into one of `BINS` bins, and each bin has a weight: a curve for every measure, learned with the
n-grams. The bins' edges belong to the model. Word lists and endings are English, so other languages are not measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import Words, split_words
from transforms.score.hashing import U64, hash_sizes
from transforms.score.plain import Plain, to_plain
from transforms.score.tally import ENDINGS, LINKS, MARKS, tally

LANGUAGES = frozenset(("en",))
BINS = 12

_WORDS = {
    "I, me, we, us": "i me my mine myself we us our ours ourselves",
    "you": "you your yours yourself",
    "he, she, they": "he him his she her hers they them their",
    "it, this, that": "it its this that these those",
    "articles": "the a an",
    "prepositions": "of in to for with on at by from into through over under between about against during across "
    "within without",
    "and, or, but": LINKS,
    "subordinating words": "because although though while whereas if unless since when where which who whom whose",
    "forms of be": "is are was were be been being am",
    "forms of have and do": "has have had having do does did",
    "can, may, should": "can could will would may might must shall should",
    "negations": "not no never none nothing don't doesn't didn't isn't wasn't can't won't",
    "contractions": "i'm it's that's i've we're they're you're there's let's i'd i'll you'll we'll what's he's she's "
    "couldn't wouldn't",
    "connecting adverbs": "however moreover furthermore additionally also thus therefore hence indeed overall "
    "ultimately finally consequently instead often",
    "spoken adverbs": "very really just quite pretty actually basically literally maybe perhaps probably",
    "words for time": "yesterday today tomorrow ago last year years month week day monday tuesday wednesday thursday "
    "friday saturday sunday",
    "said, told": "said says told asked added wrote",
}
MEASURES: tuple[str, ...] = (
    *("mean word length", "spread of word lengths", "words of 8 letters or more", "words of 11 letters or more"),
    "words of 3 letters or fewer",
    *(f"share of {name}" for name in MARKS),
    *("capitalised words", "capitals inside sentences"),
    *("mean sentence length", "spread of sentence lengths", "evenness of sentence lengths", "median sentence length"),
    *("longest sentence", "sentences of under 8 words", "sentences of over 35 words", "change between sentences"),
    "sentences that begin alike",
    *(f"share of {name}" for name in _WORDS),
    *("variety of the first 100 words", "variety of the first 250 words", "words used once", "growth of vocabulary"),
    *("concentration of vocabulary", "repeated pairs", "repeated triples", "repeated runs of four"),
    *("comma before and, or, but", "comma before -ing"),
    *(f"words ending in -{ending}" for ending in ENDINGS),
)
"""What is measured, in order; most are shares of words or of words and marks."""

_RUNS = (2, 3, 4)  # words of the n-grams that may be repeated
_FEWEST = 5  # words and marks below which nothing is measured

_OWN = 9 + len(_WORDS) + 8  # measures that are taken of each text by itself

Floats = NDArray[np.float64]


@cache
def _word_table() -> tuple[U64, NDArray[np.intp]]:
    """Hashes of the listed words, ascending, and for each the number of its list."""
    hashes, lists = [], []
    for number, words in enumerate(_WORDS.values()):
        for word in words.split():
            hashes.append(int(split_words(to_plain(word)).hashes[0]))
            lists.append(number)
    order = np.argsort(np.array(hashes, dtype=np.uint64))
    return np.array(hashes, dtype=np.uint64)[order], np.array(lists, dtype=np.intp)[order]


def measure(plain: Plain, words: Words) -> NDArray[np.float32]:
    """float32 [len(MEASURES)] of a text; zeros for one of fewer than five words and marks."""
    return np.asarray(measure_all(plain, words, np.array([0, words.hashes.size]), (True,))[0], dtype=np.float32)


def measure_all(plain: Plain, words: Words, members: NDArray[np.intp], asked: Sequence[bool]) -> NDArray[np.float32]:
    """`measure` of those texts of a row that are `asked` for, zeros for the others: float32 [texts, len(MEASURES)].

    `members`: [texts + 1] the first word of each text, and how many there are.
    """
    if not any(asked):
        return np.zeros((len(asked), len(MEASURES)), dtype=np.float32)
    found = tally(plain, words, members)
    runs = hash_sizes(words.hashes, _RUNS, 1)
    sentences = np.searchsorted(found.ends, members)
    own = np.zeros((len(asked), _OWN))
    small = np.diff(members) < _FEWEST
    for text in np.flatnonzero(np.asarray(asked) & ~small).tolist():
        first, last = members[text], members[text + 1]
        hashes = words.hashes[first:last].take(np.flatnonzero(found.letters[first:last]))
        which = slice(sentences[text], sentences[text + 1])
        begins = words.hashes.take(found.following[which])[:-1]
        distinct, counts = _count(hashes)
        own[text] = (
            *_sentences(found.ends[which] - first, int(last - first), begins),
            *_listed(distinct, counts) / found.lettered[text],
            *_variety([run[first : last + 1 - size] for run, size in zip(runs, _RUNS, strict=True)], hashes, counts),
        )
    parts = (found.lengths, found.marks, found.capitals, own, found.commas, found.endings)
    measured = np.concatenate(parts, axis=1).astype(np.float32)
    measured[small | ~np.asarray(asked)] = 0
    return measured


def _count(hashes: U64) -> tuple[U64, NDArray[np.intp]]:
    """Each hash once, ascending, and how often it is met: several times as fast as `np.unique` on a page."""
    ordered = np.sort(hashes)
    is_last = np.ones(hashes.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_last[:-1])
    lasts = np.flatnonzero(is_last)
    counts = lasts.copy()
    counts[1:] -= lasts[:-1]
    counts[:1] += 1
    return ordered[lasts], counts


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What each measure adds to the score, by the bin that its value falls into; positive points to a machine."""

    edges: NDArray[np.float32]  # [measures, BINS − 1], rising in each row: where the next bin begins
    weights: NDArray[np.int8]  # [measures, BINS]
    scale: float  # what a weight of 1 is worth, nats

    def place(self, values: NDArray[np.float32]) -> NDArray[np.intp]:
        """The bin of each measure: [measures]. `values`: as `measure` gives them."""
        return np.asarray((values[:, None] >= self.edges).sum(axis=1), dtype=np.intp)

    def weigh(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """What each measure adds, nats: float64 [measures]. Learned as n-grams are: 1/√measures each."""
        found = self.weights[np.arange(len(MEASURES)), self.place(values)]
        return np.asarray(found * (self.scale / np.sqrt(len(MEASURES))), dtype=np.float64)

    def score(self, values: NDArray[np.float32]) -> float:
        """What all measures add, nats; the inner sum is of integers, so it is exact."""
        found = self.weights[np.arange(len(MEASURES)), self.place(values)]
        return self.scale * int(found.sum(dtype=np.int64)) / float(np.sqrt(len(MEASURES)))


def _sentences(ends: NDArray[np.intp], words: int, begins: U64) -> list[float]:
    """Of sentence lengths in words and marks; sentences of one or two are none.

    `ends`: their last words, of so many `words`; `begins`: hashes of the first words of all but the first sentence.
    """
    places = np.concatenate(((-1,), ends, (words - 1,)))
    sizes = places[1:] - places[:-1]
    sizes = sizes[sizes > 2]
    alike = 1.0 - _count_distinct(begins) / begins.size if begins.size else 0.0
    if not sizes.size:
        return [0.0] * 8 + [alike]
    count, ordered = sizes.size, np.sort(sizes)
    mean = float(sizes.sum()) / count
    away = sizes - mean
    spread = math.sqrt(float(away @ away) / count)
    median = float(ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    change = float(np.abs(sizes[1:] - sizes[:-1]).sum()) / (count - 1) / mean if count > 1 else 0.0
    short, long = int(ordered.searchsorted(8)), count - int(ordered.searchsorted(36))
    return [mean, spread, spread / mean, median, float(ordered[-1]), short / count, long / count, change, alike]


def _listed(distinct: U64, counts: NDArray[np.intp]) -> Floats:
    """How many words are in each of the lists. `distinct`: hashes of the words, ascending; `counts` of each."""
    table, lists = _word_table()
    place = np.searchsorted(distinct, table)
    held = np.append(distinct, np.uint64(0))[place] == table
    found = np.bincount(lists[held], weights=counts[place[held]], minlength=len(_WORDS))
    return np.asarray(found, dtype=np.float64)


def _variety(runs: Sequence[U64], hashes: U64, counts: NDArray[np.intp]) -> list[float]:
    """Of the words `hashes`: distinct among the first, used once, growth, concentration; of n-grams: repeated ones."""
    early = [_count_distinct(hashes[:most]) / max(min(most, hashes.size), 1) for most in (100, 250)]
    total = max(hashes.size, 2)
    growth = float(np.log(max(counts.size, 1)) / np.log(total))
    whole = [np.count_nonzero(counts == 1) / total, growth, float(counts @ counts) / total**2]
    return [*early, *whole, *(1.0 - _count_distinct(run) / max(run.size, 1) for run in runs)]


def _count_distinct(hashes: U64) -> int:
    ordered = np.sort(hashes)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(hashes.size)
