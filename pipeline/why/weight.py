"""How one page's score became its weight: every number between them, by the functions that curation uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from transforms.probability import MAX_EVIDENCE, MAX_MACHINE_BEFORE_EPOCH, fuse, logit, seen_before_chatbots
from transforms.score.calibration import ORDINARY, Calibration, bound
from transforms.weigh.cells import length_bins, length_range
from transforms.weigh.params import WeighParams
from transforms.weigh.weight import ABSTAINED, LEVELS, expected_repeats, to_levels, weigh_levels, weight_bucket

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CellFacts:
    """The cell of a page, as cells.json has it."""

    language: str
    length: str  # range of tokens
    pages: int
    prior_human: float
    low: float  # of the 95 % interval
    high: float
    judged: int  # pages of the cell that the prior rests on
    borrowed_from: str
    lift: float
    mean_probability: float | None  # over tokens


@dataclass(frozen=True, slots=True)
class Ratio:
    """From the score to the log-ratio that counts."""

    score: float
    slope: float
    offset: float
    line: float  # slope·score + offset
    limit: float  # ±; no score of the language counts more
    p_null: float
    bound: float | None  # what p_null allows; None where the score is not ordinary, so that it does not apply
    counted: float  # nats, positive points to a machine


@dataclass(frozen=True, slots=True)
class Weighing:
    """The arithmetic of one row. Direction: log-ratios point to a machine, log-odds and probabilities to a human."""

    cell: CellFacts
    abstained: bool  # then the weight is 1, and nothing but `cell` and what follows `weight` counts
    ratio: Ratio | None  # None where it abstained, or by a calibration other than the run's
    evidence: float  # sum of the log-ratios, clipped to ±MAX_EVIDENCE
    prior_log_odds: float
    log_odds: float | None  # prior_log_odds − ratio.counted − evidence
    fused: float | None  # σ(log_odds)
    floor: float | None  # least probability of a text seen before chatbots; None for others
    probability: float | None  # in steps of 1/LEVELS, as it is stored
    beta: float
    lift: float
    ratio_to_mean: float | None  # lift · probability^beta
    ceiling: float  # (cap − rho) / (1 − rho): the largest ratio_to_mean that counts
    rho: float
    cap: float
    weight: float
    repeats: float  # expected repeats of a page of weight 1
    expected_repeats: float
    bucket: int
    bucket_range: str
    agrees: bool  # whether all of it is what the row holds


def find_cell(cells: Mapping[tuple[str, str], CellFacts], row: Row, params: WeighParams) -> CellFacts | None:
    """The cell of a row of the corpus, None if cells.json has it not."""
    tokens = np.array([cast(int, row["token_count"])], np.int32)
    number = int(length_bins(tokens, params.length_edges)[0])
    return cells.get((str(row["language"]), length_range(number, params.length_edges)))


def weigh_row(row: Row, cell: CellFacts, params: WeighParams, calibration: Calibration | None) -> Weighing:
    """The arithmetic of a row of the corpus. Without the run's calibration it begins at the stored probability."""
    abstained = row["human_probability"] is None
    ratio = None if abstained or calibration is None else find_ratio(row, calibration)
    evidence = _evidence(row)
    early = seen_before_chatbots(str(row["first_seen"]))
    prior = float(logit(cell.prior_human))
    log_odds = None if ratio is None else prior - (ratio.counted + evidence)
    fused = None if ratio is None else float(fuse(ratio.counted, evidence, cell.prior_human, False))
    level = _level(row, ratio, evidence, cell, early=early)
    weight = weigh_levels(level, np.array([cell.lift]), params)
    repeats, bucket = expected_repeats(weight, params), int(weight_bucket(weight, params)[0])
    probability = None if level[0] == ABSTAINED else float(level[0]) / LEVELS
    given = (probability, float(weight[0]), float(repeats[0]), bucket)
    return Weighing(
        cell=cell,
        abstained=abstained,
        ratio=ratio,
        evidence=evidence,
        prior_log_odds=prior,
        log_odds=log_odds,
        fused=fused,
        floor=1.0 - MAX_MACHINE_BEFORE_EPOCH if early else None,
        probability=probability,
        beta=params.beta,
        lift=cell.lift,
        ratio_to_mean=None if probability is None else cell.lift * probability**params.beta,
        ceiling=(params.cap - params.rho) / max(1 - params.rho, 1e-12),
        rho=params.rho,
        cap=params.cap,
        weight=given[1],
        repeats=params.repeats,
        expected_repeats=given[2],
        bucket=bucket,
        bucket_range=_range(bucket, params.bucket_edges),
        agrees=_agrees(row, given),
    )


def find_ratio(row: Row, calibration: Calibration) -> Ratio | None:
    """What the score of a row counts, None if its language is not calibrated."""
    language, script, score = str(row["language"]), str(row["language_script"]), row["detector_score"]
    line = calibration.line(language, script)
    if line is None or score is None:
        return None
    value = float(cast(float, score))
    p_null = float(calibration.p_null(value, language, script))
    return Ratio(
        score=value,
        slope=line.slope,
        offset=line.offset,
        line=line.slope * value + line.offset,
        limit=line.limit,
        p_null=p_null,
        bound=float(bound(p_null)) if p_null > ORDINARY else None,
        counted=float(calibration.corpus_log_ratio(value, language, script)),
    )


def _evidence(row: Row) -> float:
    signs = cast(list[dict[str, float]], row["evidence"])
    return float(np.clip(sum(float(sign["log_ratio"]) for sign in signs), -MAX_EVIDENCE, MAX_EVIDENCE))


def _level(
    row: Row, ratio: Ratio | None, evidence: float, cell: CellFacts, *, early: bool
) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The level of the row's probability, int32 [1]: from its score, else from what is stored."""
    if ratio is not None:
        return to_levels(fuse(np.array([ratio.counted]), np.array([evidence]), cell.prior_human, early))
    stored = row["human_probability"]
    return to_levels(np.array([np.nan if stored is None else float(cast(float, stored))]))


def _agrees(row: Row, given: tuple[float | None, float, float, int]) -> bool:
    probability, weight, repeats, bucket = given
    stored = row["human_probability"]
    same = (
        stored is None
        if probability is None
        else stored is not None and np.float32(probability) == np.float32(cast(float, stored))
    )
    return bool(same) and (weight, repeats, bucket) == (
        row["human_weight"],
        row["expected_repeats"],
        row["weight_bucket"],
    )


def _range(bucket: int, edges: tuple[float, ...]) -> str:
    """The weight band in words.

    >>> _range(0, (0.25, 2.0)), _range(1, (0.25, 2.0)), _range(2, (0.25, 2.0))
    ('below 0.25', '0.25 to 2', '2 and above')
    """
    if not edges:
        return "all"
    if bucket == 0:
        return f"below {edges[0]:g}"
    return f"{edges[-1]:g} and above" if bucket == len(edges) else f"{edges[bucket - 1]:g} to {edges[bucket]:g}"
