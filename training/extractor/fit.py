"""Fitting the trees, and turning LightGBM's into ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.extractor.lessons import Lesson
from transforms.extract.trees import LEAVES, NODES, Trees

_SCALE = 1 / 4096  # log-odds a unit; leaves beyond ±8 do not occur


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


class _Node(TypedDict, total=False):
    """What LightGBM's dump says of a node; a leaf has a value alone."""

    split_feature: int
    threshold: float
    left_child: _Node
    right_child: _Node
    leaf_value: float


@dataclass(slots=True)
class _Flat:
    """A tree in the form of `Trees`."""

    nodes: list[tuple[int, float, int]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, node: _Node) -> int:
        """Takes in a node and what is below it, leaves from left to right; returns the bits of these leaves."""
        if "leaf_value" in node and "left_child" not in node:
            self.values.append(node["leaf_value"])
            return 1 << len(self.values) - 1
        place = len(self.nodes)
        self.nodes.append((node["split_feature"], node["threshold"], 0))
        left = self.add(node["left_child"])
        self.nodes[place] = (node["split_feature"], node["threshold"], left)
        return left | self.add(node["right_child"])


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


def convert(dumped: Sequence[_Node]) -> Trees:
    """Our form of LightGBM's trees: values rounded to 1/4096, thresholds to float32 towards −inf."""
    count = len(dumped)
    measures, ruled_out = np.zeros((NODES, count), np.uint8), np.zeros((NODES, count), np.uint16)
    thresholds, values = np.full((NODES, count), np.inf, np.float32), np.zeros((count, LEAVES), np.int16)
    for number, root in enumerate(dumped):
        flat = _Flat()
        flat.add(root)
        for place, (measure, threshold, left) in enumerate(flat.nodes):
            measures[place, number], ruled_out[place, number] = measure, left
            thresholds[place, number] = _below(threshold)
        values[number, : len(flat.values)] = np.rint(np.array(flat.values) / _SCALE)
    return Trees(measures, thresholds, ruled_out, values, _SCALE)


def _below(threshold: float) -> np.float32:
    """The largest float32 that is not above: a float32 is greater than one just when it is greater than the other."""
    near = np.float32(threshold)
    return near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf))
