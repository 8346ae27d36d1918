"""An explanation as the `score` command writes it: rounded, and with what of it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from transforms.score.calibration import Line, bound
from transforms.score.explain import Explanation
from transforms.score.phrases import Phrase
from transforms.score.traits import Trait


class Weighed(TypedDict):
    """One phrase, quoted as written; `weight` in nats over all its places, positive points to a machine."""

    text: str
    weight: float
    times: int


class Measured(TypedDict):
    """One measure of a text's style; `weight` in nats, positive points to a machine."""

    measure: str  # one of transforms.score.style.MEASURES
    value: float
    level: str  # one of transforms.score.traits.LEVELS
    weight: float


class Reasons(TypedDict):
    """A score taken apart: Σ weights + rest + style_rest + constant = total, to the digits given.

    Calibrated, total is the log-ratio by the line of the language. Of a page of a corpus clip(total, ±limit) counts, of
    a single text, as here, no more than bound either, which is what p_null allows. Else total is detector_score, and
    limit, bound and counted are null.
    """

    calibrated: bool
    total: float
    limit: float | None  # of the language
    bound: float | None  # transforms.score.calibration.bound; at least 0
    counted: float | None
    constant: float  # the same for every text of the language
    rest: float  # what all other words add
    for_machine: list[Weighed]  # strongest first
    for_human: list[Weighed]
    style_rest: float  # what all other measures of style add; 0 where style is not measured
    style_for_machine: list[Measured]  # strongest first
    style_for_human: list[Measured]


def to_reasons(found: Explanation, line: Line | None, p_null: float | None) -> Reasons:
    """The explanation in nats of the log-ratio by the line of its language; of the bare score if there is none.

    `p_null`: of the score; None where there is no line.
    """
    limit = highest = None
    if line is not None and p_null is not None:
        found = found.calibrated(line.slope, line.offset)
        limit, highest = round(line.limit, 4), round(float(bound(p_null)), 4)
    total, constant, style_rest = (round(value, 4) + 0.0 for value in (found.total, found.constant, found.style_rest))
    for_machine, for_human = _weighed(found.for_machine), _weighed(found.for_human)
    style_for_machine, style_for_human = _measured(found.style_for_machine), _measured(found.style_for_human)
    carried = sum(part["weight"] for part in (*for_machine, *for_human, *style_for_machine, *style_for_human))
    return {
        "calibrated": limit is not None,
        "total": total,
        "limit": limit,
        "bound": highest,
        "counted": None if limit is None or highest is None else min(max(total, -limit), limit, highest),
        "constant": constant,
        "rest": round(total - constant - style_rest - carried, 4),
        "for_machine": for_machine,
        "for_human": for_human,
        "style_rest": style_rest,
        "style_for_machine": style_for_machine,
        "style_for_human": style_for_human,
    }


def _weighed(phrases: Iterable[Phrase]) -> list[Weighed]:
    return [{"text": phrase.text, "weight": round(phrase.weight, 4), "times": phrase.times} for phrase in phrases]


def _measured(traits: Iterable[Trait]) -> list[Measured]:
    return [
        {"measure": each.measure, "value": round(each.value, 4), "level": each.level, "weight": round(each.weight, 4)}
        for each in traits
    ]
