"""The arithmetic of a page, from score to weight, as lines that a reader can follow with a pocket calculator."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from pipeline.why.story import Explained, Opinion, Push
from pipeline.why.weight import CellFacts, Ratio, Weighing
from transforms.probability import CHATBOT_EPOCH
from transforms.report.story import FIXED
from transforms.score.calibration import NULL_LEVELS
from transforms.terminal import clean, fit

_LONGEST = 200  # characters of what a page wrote
_LENDERS = {"language": "its language", "script": "its script", "all": "the whole corpus", "even odds": "even odds"}


def opinion_lines(opinion: Opinion, width: int) -> Iterator[str]:
    """The score, how rare it is, the evidence, and the parts that the score is the sum of."""
    yield "How it was scored"
    if opinion.detector_score is not None:
        yield f"  log-odds {opinion.detector_score:+.4f} by {clean(opinion.model, 60)}; higher is more machine"
    if opinion.p_null is not None:
        share = f"at most {_percent(opinion.p_null)}" if opinion.p_null < 1 else f"more than {_percent(NULL_LEVELS[0])}"
        yield f"  {share} of human texts of the language score as high (p_null {opinion.p_null:g})"
    if opinion.abstain_reason:
        why = f"no opinion, {clean(opinion.abstain_reason, 60)}: {opinion.abstain_meaning}"
        yield from textwrap.wrap(why, width, initial_indent="  ", subsequent_indent="    ")
    if opinion.evidence:
        yield "  evidence beside the score, in nats; + points to a machine"
    for sign in opinion.evidence:
        told = f"{sign.log_ratio:+.2f}  {clean(sign.kind, 60)}: {sign.meaning}"
        yield from textwrap.wrap(told, width, initial_indent="    ", subsequent_indent=" " * 11)
        yield fit(f"           “{clean(sign.detail, _LONGEST)}”", width)
    if opinion.explained is not None:
        yield from _explained(opinion.explained, width)


def _explained(parts: Explained, width: int) -> Iterator[str]:
    unit = "in nats of the log-ratio" if parts.calibrated else "in the score's own units"
    yield f"  what makes up the score, {unit}; + points to a machine"
    yield from (_row(each.weight, _quoted(each), width) for each in parts.phrases)
    yield _row(parts.other_words, "all other words", width)
    yield from (_row(each.weight, clean(each.what, _LONGEST), width) for each in parts.style)
    if parts.style:
        yield _row(parts.other_style, "all other measures of style", width)
    yield _row(parts.constant, "the same for every text" + (" of the language" if parts.calibrated else ""), width)
    yield _row(parts.total, "all told", width)


def _quoted(phrase: Push) -> str:
    return f"“{clean(phrase.what, _LONGEST)}”" + (f" × {phrase.times}" if phrase.times > 1 else "")


def _row(nats: float, what: str, width: int) -> str:
    return fit(f"    {nats:+6.2f}  {what}", width)


def weighing_lines(weighing: Weighing, reason: str, width: int) -> Iterator[str]:
    """Every step from the prior to the bucket, and whether it ends at what the row holds."""
    yield "How the score became a weight"
    cell = weighing.cell
    judged = f"{cell.pages:,} pages, {cell.judged:,} of them judged"
    yield f"  cell {clean(cell.language, 20)}, {cell.length} tokens: {judged}"
    for number, what in _steps(weighing, reason):
        first, *rest = textwrap.wrap(what, width - 14)
        yield f"  {number:>10}  {first}"
        yield from (f"{'':14}{line}" for line in rest)
    yield "  " + ("the row holds the same numbers" if weighing.agrees else "THE ROW HOLDS OTHER NUMBERS")


def _steps(w: Weighing, reason: str) -> Iterator[tuple[str, str]]:
    if w.abstained:
        yield (
            f"{w.weight:.6f}",
            f"weight: a page without an opinion ({clean(reason, 60)}) weighs 1, and its cell keeps its mean",
        )
    else:
        yield from _to_probability(w)
        yield from _to_weight(w)
    yield f"{w.expected_repeats:.6f}", f"expected repeats: {w.repeats:g} × weight"
    yield str(w.bucket), f"weight bucket: {w.bucket_range}"


def _to_probability(w: Weighing) -> Iterator[tuple[str, str]]:
    prior = w.cell.prior_human
    yield f"{prior:.6f}", f"prior: share of human pages in the cell ({_origin(w.cell)})"
    if w.ratio is None or w.log_odds is None:
        yield _steps_of(w.probability), "probability as stored: the run's calibration is not at hand"
        return
    yield f"{w.prior_log_odds:+.6f}", f"its log-odds, ln({prior:.6f} / {1 - prior:.6f})"
    yield f"{0 - w.ratio.counted:+.6f}", _ratio(w.ratio)
    yield f"{0 - w.evidence:+.6f}", "evidence, with the sign turned" if w.evidence else "evidence: there is none"
    yield f"{w.log_odds:+.6f}", "log-odds that a human wrote it: the sum of these three"
    told = f"probability 1 / (1 + exp({-w.log_odds:.6f})), in steps of 0.00001 from 0.00001 to 0.99999"
    if w.floor is not None and w.fused is not None and w.fused < w.floor:
        told = f"probability: {w.fused:.6f} raised, for this text was seen before {CHATBOT_EPOCH}"
    yield _steps_of(w.probability), told


def _origin(cell: CellFacts) -> str:
    """Where a prior comes from: how well the pages let it be known, or the setting."""
    if cell.borrowed_from == FIXED:
        return "set by weigh.prior"
    lender = f", leaning on {_LENDERS.get(cell.borrowed_from, 'other cells')}" if cell.borrowed_from else ""
    return f"95 %: {cell.low:.3f} to {cell.high:.3f}{lender}"


def _ratio(ratio: Ratio) -> str:
    """How the log-ratio of a score came about."""
    told = f"log-ratio of the score, with the sign turned: {ratio.slope:.7g} × {ratio.score:.6f} {ratio.offset:+.6g}"
    if abs(ratio.line) > ratio.limit:
        told += f" = {ratio.line:+.4f}, cut at ±{ratio.limit:g}"
    clipped = max(min(ratio.line, ratio.limit), -ratio.limit)
    if ratio.bound is not None and ratio.bound < clipped:
        share = _percent(ratio.p_null)
        told += f" = {ratio.line:+.4f}, but at most {ratio.bound:.4f} counts where {share} of human texts score as high"
    return told


def _to_weight(w: Weighing) -> Iterator[tuple[str, str]]:
    if w.ratio_to_mean is None or w.probability is None:
        return
    power = "" if w.beta == 1 else f"^{w.beta:g}"
    told = f"lift of the cell {w.lift:.6f} × {_steps_of(w.probability)}{power}"
    mean = w.cell.mean_probability
    if w.beta == 1 and mean and abs(w.lift * mean - 1) < 1e-6:
        told += f"; the lift is 1 / {mean:.6f}, the mean probability in the cell"
    yield f"{w.ratio_to_mean:.6f}", told
    ratio = w.ratio_to_mean
    if ratio > w.ceiling:
        ratio = w.ceiling
        yield f"{ratio:.6f}", f"cut at (cap {w.cap:g} − rho) / (1 − rho)"
    yield f"{w.weight:.6f}", f"weight: rho {w.rho:g} + {1 - w.rho:g} × {ratio:.6f}"


def _steps_of(probability: float | None) -> str:
    return "-" if probability is None else f"{probability:.5f}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
