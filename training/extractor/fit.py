"""Fitting the trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.extractor.convert import convert
from training.extractor.lessons import Lesson
from transforms.extract.trees import LEAVES, Trees


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the trees are grown."""

    trees: int = 160
    rate: float = 0.07
    silver: float = 0.6  # weight of a page whose main text nobody checked, beside 1 of one with gold text
    least_blocks: int = 100  # in a leaf
    l2: float = 5.0
    measures: float = 0.3  # share of the measures a tree may ask for
    blocks: float = 0.7  # share of the blocks it learns from
    seed: int = 1


def fit(lessons: Sequence[Lesson], recipe: Recipe) -> Trees:
    """Trees that give each block's share of main text. The same lessons give the same trees."""
    rows = np.concatenate([lesson.rows for lesson in lessons])
    share = np.concatenate([lesson.share for lesson in lessons])
    settings = {
        "objective": "cross_entropy",
        "num_leaves": LEAVES,
        "learning_rate": recipe.rate,
        "min_data_in_leaf": recipe.least_blocks,
        "lambda_l2": recipe.l2,
        "feature_fraction": recipe.measures,
        "bagging_fraction": recipe.blocks,
        "bagging_freq": 1,
        "max_bin": 63,
        "seed": recipe.seed,
        "deterministic": True,
        "num_threads": 1,
        "verbose": -1,
    }
    grown = lightgbm.train(settings, lightgbm.Dataset(rows, share, weight=weights(lessons, recipe)), recipe.trees)
    return convert([tree["tree_structure"] for tree in grown.dump_model()["tree_info"]])


def weights(lessons: Sequence[Lesson], recipe: Recipe) -> NDArray[np.float64]:
    """Of the blocks, mean 1. Within a page a block of n words weighs as √(n + 1); pages with gold text are worth 1."""
    found = []
    for lesson in lessons:
        root = np.sqrt(lesson.words + 1.0)
        found.append(root / root.sum() * (1.0 if lesson.gold else recipe.silver))
    together = np.concatenate(found)
    return np.asarray(together / together.mean(), np.float64)
