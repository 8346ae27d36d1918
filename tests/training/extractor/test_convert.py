"""LightGBM's trees in the form that ships."""

from __future__ import annotations

import numpy as np
import pytest

from training.extractor.convert import Node, convert
from transforms.extract.measures import MEASURES

RNG = np.random.default_rng(3)


def grow(leaves: int) -> Node:
    """A random tree as LightGBM dumps it."""
    if leaves == 1:
        return {"leaf_value": float(RNG.integers(-4000, 4000)) / 4096}
    left = int(RNG.integers(1, leaves))
    return {
        "split_feature": int(RNG.integers(len(MEASURES))),
        "threshold": float(RNG.normal()),
        "left_child": grow(left),
        "right_child": grow(leaves - left),
    }


def walk(node: Node, row: np.ndarray) -> float:
    """The leaf that a block falls into, from the root down."""
    while "left_child" in node:
        node = node["left_child"] if row[node["split_feature"]] <= node["threshold"] else node["right_child"]
    return node["leaf_value"]


def test_every_leaf_is_the_one_a_walk_from_the_root_reaches() -> None:
    dumped = [grow(leaves) for leaves in (1, 2, 5, 16, 16, 16)]
    rows = RNG.normal(size=(700, len(MEASURES))).astype(np.float32)
    expected = [sum(walk(tree, row) for tree in dumped) for row in rows]
    found = convert(dumped).probabilities(rows)
    assert np.log(found / (1 - found)) == pytest.approx(expected, abs=1e-9)


def test_a_measure_equal_to_the_threshold_goes_left() -> None:
    # .1 is no float32: the nearest is above it, and a block that has that goes right.
    tree: Node = {
        "split_feature": 0,
        "threshold": 0.1,
        "left_child": {"leaf_value": -1.0},
        "right_child": {"leaf_value": 1.0},
    }
    rows = np.zeros((3, len(MEASURES)), np.float32)
    rows[:, 0] = [np.nextafter(np.float32(0.1), np.float32(0)), np.float32(0.1), 0.5]
    assert (convert([tree]).probabilities(rows) > 0.5).tolist() == [False, True, True]
