"""LightGBM's trees in the form that ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from transforms.extract.trees import LEAVES, NODES, Trees

_SCALE = 1 / 4096  # log-odds a unit; leaves beyond ±8 do not occur


class Node(TypedDict, total=False):
    """What LightGBM's dump says of a node; a leaf has a value alone."""

    split_feature: int
    threshold: float
    left_child: Node
    right_child: Node
    leaf_value: float


@dataclass(slots=True)
class _Flat:
    """A tree in the form of `Trees`."""

    nodes: list[tuple[int, float, int]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, node: Node) -> int:
        """Takes in a node and what is below it, leaves from left to right; returns the bits of these leaves."""
        if "leaf_value" in node and "left_child" not in node:
            self.values.append(node["leaf_value"])
            return 1 << len(self.values) - 1
        place = len(self.nodes)
        self.nodes.append((node["split_feature"], node["threshold"], 0))
        left = self.add(node["left_child"])
        self.nodes[place] = (node["split_feature"], node["threshold"], left)
        return left | self.add(node["right_child"])


def convert(dumped: Sequence[Node]) -> Trees:
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
