"""How a text is written, in numbers: lengths and rhythm of words and sentences, marks, kinds of words, repetition.

Each measure is put into one of `BINS` bins, and each bin has a weight: a curve for every measure, learned with the
n-grams. The bins' edges belong to the model. Word lists and endings are English, so other languages are not measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import Words, split_words
from transforms.score.hashing import U64, hash_sizes
from transforms.score.plain import LETTER, Plain, to_plain

LANGUAGES = frozenset(("en",))
BINS = 12

_MARKS = {
    "commas": ",",
    "full stops": ".",
    "semicolons": ";",
    "colons": ":",
    "exclamation marks": "!",
    "question marks": "?",
    "dashes and hyphens": "-",
    "single quotes": "'",
    "double quotes": '"',
    "opening brackets": "(",
    "closing brackets": ")",
    "slashes": "/",
    "per cent signs": "%",
    "dollar signs": "$",
    "ampersands": "&",
    "numbers": "0",  # digits are folded to 0
}
_WORDS = {
    "I, me, we, us": "i me my mine myself we us our ours ourselves",
    "you": "you your yours yourself",
    "he, she, they": "he him his she her hers they them their",
    "it, this, that": "it its this that these those",
    "articles": "the a an",
    "prepositions": "of in to for with on at by from into through over under between about against during across "
    "within without",
    "and, or, but": "and or but nor so yet",
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
_ENDINGS = ("ing", "ion", "ent", "ity", "ive", "ed", "ly", "al", "s")

MEASURES: tuple[str, ...] = (
    *("mean word length", "spread of word lengths", "words of 8 letters or more", "words of 11 letters or more"),
    "words of 3 letters or fewer",
    *(f"share of {name}" for name in _MARKS),
    *("capitalised words", "capitals inside sentences"),
    *("mean sentence length", "spread of sentence lengths", "evenness of sentence lengths", "median sentence length"),
    *("longest sentence", "sentences of under 8 words", "sentences of over 35 words", "change between sentences"),
    "sentences that begin alike",
    *(f"share of {name}" for name in _WORDS),
    *("variety of the first 100 words", "variety of the first 250 words", "words used once", "growth of vocabulary"),
    *("concentration of vocabulary", "repeated pairs", "repeated triples", "repeated runs of four"),
    *("comma before and, or, but", "comma before -ing"),
    *(f"words ending in -{ending}" for ending in _ENDINGS),
)
"""What is measured, in order; most are shares of words or of words and marks."""

_MARK_CODES = np.array([ord(mark) for mark in _MARKS.values()])
_LONGEST = 24  # letters; longer words count as this
_LAST = 127  # code points from here on share one count
_FEWEST = 5  # words and marks below which nothing is measured

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


@cache
def _and_hashes() -> U64:
    return np.sort(split_words(to_plain(_WORDS["and, or, but"])).hashes)


def measure(plain: Plain, words: Words) -> NDArray[np.float32]:
    """float32 [len(MEASURES)] of a text; zeros for one of fewer than five words and marks."""
    count = words.hashes.size
    if count < _FEWEST:
        return np.zeros(len(MEASURES), dtype=np.float32)
    first = np.minimum(plain.folded.take(words.starts), _LAST).astype(np.intp)
    letters = words.kind == LETTER
    hashes = words.hashes[letters]
    lettered = max(hashes.size, 1)
    marks = np.bincount(first, minlength=_LAST + 1)[_MARK_CODES] / count
    ends = np.flatnonzero((first == ord(".")) | (first == ord("!")) | (first == ord("?")))
    capital = words.upper & letters
    inside = np.ones(count, dtype=np.bool_)
    inside[0] = False
    inside[np.minimum(ends + 1, count - 1)] = False
    ordered = np.sort(hashes)  # counted by hand: several times as fast as np.unique on a page
    is_last = np.ones(hashes.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_last[:-1])
    lasts = np.flatnonzero(is_last)
    counts = lasts.copy()
    counts[1:] -= lasts[:-1]
    counts[:1] += 1
    parts = (
        _word_lengths(words.lengths[letters]),
        marks,
        [np.count_nonzero(capital) / lettered, np.count_nonzero(capital & inside) / lettered],
        _sentences(words.hashes, ends),
        _listed(ordered[lasts], counts) / lettered,
        _variety(words.hashes, hashes, counts),
        _commas_and_endings(plain, words, first, letters),
    )
    return np.concatenate(parts).astype(np.float32)


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


def _word_lengths(lengths: NDArray[np.intp]) -> Floats:
    counts = np.bincount(np.minimum(lengths, _LONGEST), minlength=_LONGEST + 1)
    total = max(int(counts.sum()), 1)
    sizes = np.arange(_LONGEST + 1)
    mean = float(counts @ sizes) / total
    spread = np.sqrt(max(float(counts @ sizes**2) / total - mean**2, 0.0))
    return np.array([mean, spread, counts[8:].sum() / total, counts[11:].sum() / total, counts[:4].sum() / total])


def _sentences(hashes: U64, ends: NDArray[np.intp]) -> Floats:
    """Of sentence lengths in words and marks; sentences of one or two are none."""
    places = np.empty(ends.size + 2, dtype=np.intp)
    places[0], places[1:-1], places[-1] = -1, ends, hashes.size - 1
    sizes = places[1:] - places[:-1]
    sizes = sizes[sizes > 2]
    begins = hashes[np.minimum(ends[:-1] + 1, hashes.size - 1)]
    alike = 1.0 - _count_distinct(begins) / begins.size if begins.size else 0.0
    if not sizes.size:
        return np.array([0.0] * 8 + [alike])
    count, ordered = sizes.size, np.sort(sizes)
    mean = float(sizes.sum()) / count
    away = sizes - mean
    spread = math.sqrt(float(away @ away) / count)
    median = float(ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    change = float(np.abs(sizes[1:] - sizes[:-1]).sum()) / (count - 1) / mean if count > 1 else 0.0
    short, long = int(ordered.searchsorted(8)), count - int(ordered.searchsorted(36))
    shares = [short / count, long / count]
    return np.array([mean, spread, spread / mean, median, float(ordered[-1]), *shares, change, alike])


def _listed(distinct: U64, counts: NDArray[np.intp]) -> Floats:
    """How many words are in each of the lists. `distinct`: hashes of the words, ascending; `counts` of each."""
    table, lists = _word_table()
    place = np.searchsorted(distinct, table)
    held = np.append(distinct, np.uint64(0))[place] == table
    found = np.bincount(lists[held], weights=counts[place[held]], minlength=len(_WORDS))
    return np.asarray(found, dtype=np.float64)


def _variety(members: U64, hashes: U64, counts: NDArray[np.intp]) -> Floats:
    """Of the words `hashes`: distinct among the first, used once, growth, concentration; of all: repeated n-grams."""
    early = [_count_distinct(hashes[:most]) / max(min(most, hashes.size), 1) for most in (100, 250)]
    total = max(hashes.size, 2)
    growth = np.log(max(counts.size, 1)) / np.log(total)
    whole = [np.count_nonzero(counts == 1) / total, growth, float(counts @ counts) / total**2]
    runs = hash_sizes(members, (2, 3, 4), 1)
    return np.array([*early, *whole, *(1.0 - _count_distinct(run) / max(run.size, 1) for run in runs)])


def _count_distinct(hashes: U64) -> int:
    ordered = np.sort(hashes)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(hashes.size)


def _commas_and_endings(plain: Plain, words: Words, first: NDArray[np.intp], letters: NDArray[np.bool_]) -> Floats:
    comma = first[:-1] == ord(",")
    following = words.hashes[1:][comma]
    links = _and_hashes()
    place = np.minimum(np.searchsorted(links, following), links.size - 1)
    linked = int(np.count_nonzero(links[place] == following))
    last = words.starts + words.lengths - 1
    one, two, three = (plain.folded.take(np.maximum(last - back, 0)).astype(np.int64) for back in range(3))
    whole = (one, one + (two << 16), one + (two << 16) + (three << 32))
    endings = [code * (letters & (words.lengths > count + 1)) for count, code in enumerate(whole, start=1)]
    lettered = max(int(np.count_nonzero(letters)), 1)
    found = [endings[count - 1] == code for count, code in _ending_codes()]
    trailing = int(np.count_nonzero(comma & found[0][1:]))
    shares = [int(np.count_nonzero(held)) / lettered for held in found]
    return np.array([linked / words.hashes.size, trailing / words.hashes.size, *shares])


@cache
def _ending_codes() -> tuple[tuple[int, int], ...]:
    """For each of `_ENDINGS` its letters and its code: 16 bits a letter, the last one lowest."""
    return tuple(
        (len(ending), sum(ord(letter) << (16 * place) for place, letter in enumerate(reversed(ending))))
        for ending in _ENDINGS
    )
