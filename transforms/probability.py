"""From log-ratios to the probability that a person wrote a page: the arithmetic that scoring and weighing share.

Directions: a log-ratio is log P(sign | machine) / P(sign | human) in nats, positive points to a machine; a probability
is P(human | signs), higher is more human. NaN stands for "no opinion" and stays NaN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

CHATBOT_EPOCH = "2022-11-30"
"""The day the first public chatbot opened. A text fetched on an earlier day predates them all."""

MAX_MACHINE_BEFORE_EPOCH = 0.005
"""Cap on P(machine) of a text that was seen before `CHATBOT_EPOCH`: spun and GPT-2 text existed, but was rare."""


MAX_EVIDENCE = math.log(1000)
"""Clip on the sum of a page's evidence, nats either way: signs on one page are not independent."""


def seen_before_chatbots(first_seen: str) -> bool:
    """Whether this ISO 8601 date (or date and time) lies before `CHATBOT_EPOCH`; an empty date does not."""
    return bool(first_seen) and first_seen[:10] < CHATBOT_EPOCH


def logit(probability: ArrayLike) -> NDArray[np.float64]:
    """log p/(1−p) of probabilities in [0, 1], any shape; ±inf at the ends."""
    p = np.asarray(probability, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(p) - np.log1p(-p), dtype=np.float64)


def sigmoid(log_odds: ArrayLike) -> NDArray[np.float64]:
    """1/(1+e^−x), any shape, without overflow; exactly 0 and 1 at ∓inf."""
    x = np.asarray(log_odds, dtype=np.float64)
    small = np.exp(-np.abs(x))  # in [0, 1]: never overflows
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small), dtype=np.float64)


def fuse(
    log_lr: ArrayLike, evidence_log_ratio: ArrayLike, prior_human: ArrayLike, before_chatbots: ArrayLike
) -> NDArray[np.float64]:
    """P(human | score, evidence, date) of pages: float64 in the broadcast shape of the four arguments.

    p = σ(logit π − log_lr − evidence), the evidence clipped to ±`MAX_EVIDENCE`; where `before_chatbots` holds, p is at
    least 1 − `MAX_MACHINE_BEFORE_EPOCH`.

    `log_lr`: calibrated log-ratio of the detector's score, NaN where it abstained (p is NaN there).
    `evidence_log_ratio`: sum of the log-ratios of the page's evidence, 0 if it has none.
    `prior_human`: share of human pages in the page's cell, strictly between 0 and 1.
    `before_chatbots`: bool, see `seen_before_chatbots`.
    """
    evidence = np.clip(np.asarray(evidence_log_ratio, dtype=np.float64), -MAX_EVIDENCE, MAX_EVIDENCE)
    signs = np.asarray(log_lr, dtype=np.float64) + evidence
    human = sigmoid(logit(prior_human) - signs)
    floor = np.where(np.asarray(before_chatbots, dtype=np.bool_), 1.0 - MAX_MACHINE_BEFORE_EPOCH, 0.0)
    return np.asarray(np.maximum(human, floor), dtype=np.float64)
