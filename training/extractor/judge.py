"""`python -m training.extractor.judge`: how well the recipe finds main text on sites it never saw.

Prints a Markdown table. Pages of one registrable domain are in one fold; each page is judged by trees that were fitted
without its fold, in the form they ship in, once for each way of dealing the sites to folds. Other extractors are judged
on the same pages. Intervals hold 95 % of the differences from "fast" when sites are drawn again with replacement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.extraction import GoldPage, Score, bare, gold_pages, ours
from training.extractor.fit import Recipe, fit
from training.extractor.lessons import Lesson, lessons, site_of
from training.extractor.train import arguments
from transforms.extract.blocks import best_subset
from transforms.extract.plain import normalise
from transforms.extract.trees import Trees

_FOLDS = 5
_DRAWS = 2000

Figures = NDArray[np.float64]
"""[pages, 4]: word F1 (NaN without a gold text), segments found, missed, intruding."""


def held_out(known: Sequence[Lesson], recipe: Recipe, seed: int) -> dict[str, str]:
    """The text of each page by its URL, by trees that saw no page of its site."""
    sites = sorted({lesson.site for lesson in known})
    fold = dict(zip(sites, np.random.default_rng(seed).integers(0, _FOLDS, len(sites)).tolist(), strict=True))
    texts: dict[str, str] = {}
    for number in range(_FOLDS):
        trees = fit([lesson for lesson in known if fold[lesson.site] != number], recipe)
        texts |= {lesson.url: text_of(lesson, trees) for lesson in known if fold[lesson.site] == number}
    return texts


def text_of(lesson: Lesson, trees: Trees) -> str:
    """What the extractor would say with these trees."""
    sizes = np.array([len(text) for text in lesson.texts], np.float64)
    kept = best_subset(trees.probabilities(lesson.rows), sizes)
    return normalise("\n".join(lesson.texts[block] for block in np.flatnonzero(kept)))


def figures(pages: Sequence[GoldPage], texts: Mapping[str, str]) -> Figures:
    """What each page adds to the score; a page without a text counts as an empty one."""
    rows = []
    for page in pages:
        one = Score()
        one.add(page, texts.get(page.request.url, ""))
        rows.append([one.word_f1[0] if one.word_f1 else np.nan, one.found, one.missed, one.intruding])
    return np.array(rows, np.float64)


def totals(found: Figures, weights: NDArray[np.float64]) -> tuple[float, float]:
    """Word F1 and segment F1 of pages that count as often as `weights` says."""
    full = ~np.isnan(found[:, 0])
    hits, missed, intruding = weights @ found[:, 1:]
    return float(np.average(found[full, 0], weights=weights[full])), float(2 * hits / (2 * hits + missed + intruding))


def interval(ours_: Figures, theirs: Figures, sites: Sequence[str]) -> NDArray[np.float64]:
    """[2, 2] 2.5 % and 97.5 % of the differences in word F1, and in segment F1."""
    _, number = np.unique(np.array(sites), return_inverse=True)
    rng = np.random.default_rng(7)
    differences = []
    for _ in range(_DRAWS):
        drawn = rng.multinomial(number.max() + 1, np.full(number.max() + 1, 1 / (number.max() + 1)))
        weights = drawn[number].astype(np.float64)
        differences.append(np.subtract(totals(ours_, weights), totals(theirs, weights)))
    return np.asarray(np.quantile(np.array(differences), [0.025, 0.975], axis=0).T, np.float64)


def main() -> None:
    """Print the table."""
    parser = arguments("Judge the learned extractor on sites it never saw.")
    parser.add_argument("--repeats", type=int, default=3, help="ways of dealing sites to folds")
    given = parser.parse_args()
    pages = list(gold_pages(given.gold, given.crawl))
    sites = [site_of(page.request.url) for page in pages]
    fast = figures(pages, {page.request.url: ours("fast")(page) for page in pages})
    print("| extractor | word F1 | less fast's | segment F1 | less fast's |\n|---|---|---|---|---|")
    print(_row("fast", fast, fast, sites))
    for name, run in (("resiliparse", ours("resiliparse")), ("trafilatura, fast", bare(fast=True))):
        print(_row(name, figures(pages, {page.request.url: run(page) for page in pages}), fast, sites), flush=True)
    known = lessons(given.gold, given.crawl)
    found = [figures(pages, held_out(known, Recipe(), seed)) for seed in range(given.repeats)]
    for seed, one in enumerate(found):
        print(_row(f"blocks, folds {seed}", one, fast, sites), flush=True)
    print(_row("blocks, mean", np.mean(found, axis=0), fast, sites))


def _row(name: str, found: Figures, fast: Figures, sites: Sequence[str]) -> str:
    words, segments = totals(found, np.ones(len(found)))
    (low, high), (least, most) = interval(found, fast, sites)
    return f"| {name} | {words:.4f} | {low:+.3f} to {high:+.3f} | {segments:.4f} | {least:+.3f} to {most:+.3f} |"


if __name__ == "__main__":
    main()
