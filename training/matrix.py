"""Hashed features of many texts, and the sparse matrix of the buckets that are worth a weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from training.corpus import Corpus
from transforms.score.abstention import judge_prose
from transforms.score.features import BITS, VIEWS, count_words, split_words, view
from transforms.score.hashing import U64, HashSet
from transforms.score.plain import IDEOGRAPH, LETTER, to_plain
from transforms.score.style import BINS, LANGUAGES, MEASURES, measure

I32 = NDArray[np.int32]
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """The buckets of one view of n samples, end to end: sample i has `index[bounds[i]:bounds[i+1]]`."""

    index: NDArray[np.uint32]
    bounds: NDArray[np.int64]  # [samples + 1]

    def of(self, rows: Rows) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The buckets of these samples end to end, and how many each has."""
        counts = np.diff(self.bounds)[rows]
        ends = np.cumsum(counts)
        places = np.repeat(self.bounds[rows] - ends + counts, counts) + np.arange(int(ends[-1]) if rows.size else 0)
        return self.index[places], counts


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Texts and random crops of them with their features; every array [samples]."""

    views: tuple[Buckets, ...]  # one for each of VIEWS
    text: Rows  # index of the text in the corpus
    crop: Bools  # False for the text itself
    words: NDArray[np.float64]  # transforms.score.features.count_words
    judged: Bools  # whether the detector has an opinion: transforms.score.abstention.judge_prose
    style: NDArray[np.float32]  # [samples, measures] transforms.score.style.measure; zeros where it is not measured
    measured: Bools


def choose_function_words(corpus: Corpus, most: dict[str, int], least: int = 50) -> U64:
    """Hashes, ascending, of each language's words that occur in most texts: `most[language]` or most[""] of them.

    Words that are no names or topics are those that texts of all kinds share: manuals, which share "file" and "menu",
    have no say where there are others. Languages with fewer than `least` texts give none.
    """
    chosen: set[int] = set()
    for language in np.unique(corpus.language):
        rows = np.flatnonzero((corpus.language == language) & ~corpus.packaged)
        if rows.size < least:
            rows = np.flatnonzero(corpus.language == language)
        if rows.size < least:
            continue
        hashes, counts = np.unique(np.concatenate([_words(corpus.texts[row]) for row in rows]), return_counts=True)
        chosen.update(hashes[np.lexsort((hashes, -counts))][: most.get(str(language), most[""])].tolist())
    return np.array(sorted(chosen), dtype=np.uint64)


def _words(text: str) -> U64:
    words = split_words(to_plain(text))
    return np.unique(words.hashes[(words.kind == LETTER) | (words.kind == IDEOGRAPH)])


def crop(text: str, rng: np.random.Generator, least: int = 350) -> str | None:
    """A random stretch of a text of at least `least` characters, None if the text is shorter than two of them."""
    if len(text) < 2 * least:
        return None
    length = int(rng.integers(least, len(text)))
    start = int(rng.integers(0, len(text) - length + 1))
    return text[start : start + length]


def sample(texts: Sequence[str], language: NDArray[np.str_], function_words: U64, seed: int | None) -> Samples:
    """Features of every text and, if a seed is given, of one random crop of each text that is long enough.

    Crops make the model see texts that begin and end anywhere, as extracted pages do, and of every length.
    """
    rng, known = np.random.default_rng(seed), HashSet.of(function_words)
    found: list[list[NDArray[np.uint32]]] = [[] for _ in VIEWS]
    origin: list[tuple[int, bool, float, bool]] = []
    measured = np.isin(language, sorted(LANGUAGES))
    style: list[NDArray[np.float32]] = []
    for row, text in enumerate(texts):
        for cropped, part in ((False, text), (True, crop(text, rng) if seed is not None else None)):
            if part is not None:
                plain = to_plain(part)
                words = split_words(plain)
                style.append(measure(plain, words) if measured[row] else np.zeros(len(MEASURES), np.float32))
                origin.append((row, cropped, count_words(words), not judge_prose(part, words)))
                for kept, index in zip(found, view(plain, words, known), strict=True):
                    kept.append(index)
    rows, crops, words_in, judged = map(np.array, zip(*origin, strict=True))
    views = tuple(_join(kept) for kept in found)
    return Samples(views, rows, crops, words_in, judged, np.stack(style), measured[rows])


def _join(kept: list[NDArray[np.uint32]]) -> Buckets:
    bounds = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum([index.size for index in kept], out=bounds[1:])
    return Buckets(np.concatenate(kept), bounds)


def shared_columns(buckets: Buckets, rows: Rows, origin: NDArray[np.str_], least: int) -> NDArray[np.intp]:
    """Buckets that occur in the samples `rows` of at least `least` origins, ascending. `origin`: [len(rows)].

    A feature of one source tells that source from the others: it is what makes a classifier look perfect at home.
    """
    origins = np.zeros(1 << BITS, dtype=np.int32)
    for name in np.unique(origin):
        index, _ = buckets.of(rows[origin == name])
        seen = np.zeros(1 << BITS, dtype=np.bool_)
        seen[index] = True
        origins += seen
    return np.flatnonzero(origins >= least)


def assemble(buckets: Buckets, rows: Rows, columns: NDArray[np.intp]) -> sp.csr_matrix:
    """float32 CSR [rows, columns]: 1/√(buckets of the sample) where a bucket occurs, as LinearModel.score has it."""
    place = np.full(1 << BITS, -1, dtype=np.int32)
    place[columns] = np.arange(columns.size, dtype=np.int32)
    index, counts = buckets.of(rows)
    column = place[index]
    kept = column >= 0
    row = np.repeat(np.arange(rows.size), counts)[kept]
    bounds = np.zeros(rows.size + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=rows.size), out=bounds[1:])
    data = (1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)[row]
    return sp.csr_matrix((data, column[kept], bounds), shape=(rows.size, columns.size))


def choose_edges(style: NDArray[np.float32]) -> NDArray[np.float32]:
    """Edges of the bins, float32 [measures, BINS − 1]: quantiles of the values [samples, measures]."""
    return np.asarray(np.quantile(style, np.arange(1, BINS) / BINS, axis=0).T, dtype=np.float32)


def assemble_style(samples: Samples, rows: Rows, edges: NDArray[np.float32]) -> sp.csr_matrix:
    """float32 CSR [rows, measures · BINS]: 1/√measures in the bin of each measure, as Curves.score has it."""
    measured = samples.measured[rows]
    column = np.zeros((rows.size, len(MEASURES)), dtype=np.int32)
    for k in range(len(MEASURES)):
        column[:, k] = np.searchsorted(edges[k], samples.style[rows, k], side="right") + k * BINS
    bounds = np.concatenate([[0], np.cumsum(measured * len(MEASURES))])
    kept = column[measured].ravel()
    data = np.full(kept.size, 1.0 / np.sqrt(len(MEASURES)), dtype=np.float32)
    return sp.csr_matrix((data, kept, bounds), shape=(rows.size, len(MEASURES) * BINS))
