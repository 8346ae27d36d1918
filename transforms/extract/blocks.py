"""Main text by a learned filter over the blocks of the tree."""

from __future__ import annotations

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from transforms.extract.measures import measure
from transforms.extract.outline import outline
from transforms.extract.trees import shipped


def main_blocks(tree: HtmlElement) -> tuple[str, str]:
    """The blocks of main text in reading order, one a line ("" if the page has none), and the name of the filter.

    `tree` is not changed.
    """
    trees = shipped()
    name = f"blocks-{trees.digest[:12]}"
    page = outline(tree)
    if not page.texts:
        return "", name
    likely = trees.probabilities(measure(page))
    kept = best_subset(likely, np.array([len(text) for text in page.texts], np.float64))
    return "\n".join([page.texts[block] for block in np.flatnonzero(kept)]), name


def best_subset(likely: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """bool [blocks]: the blocks that together have the highest expected F1, were all else as likely as it seems.

    F1 of the k likeliest is 2·Σ p·s / (Σ s of these + Σ p·s of all): a page whose blocks are all doubtful keeps more of
    them than a fixed threshold would (Lipton, Elkan and Naryanaswamy 2014: the best threshold is half of the best F1).
    """
    order = np.argsort(-likely, kind="stable")
    found = np.cumsum((likely * sizes)[order])
    gain = 2 * found / (np.cumsum(sizes[order]) + found[-1])
    kept = np.zeros(likely.size, np.bool_)
    kept[order[: int(gain.argmax()) + 1]] = True
    return kept
