"""A verdict of the `score` command for a person at a terminal: a few lines of plain text, 80 columns at most."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from transforms.score.abstention import ABSTENTIONS
from transforms.score.lines import ScoredLine
from transforms.score.reasons import Measured, Reasons, Weighed
from transforms.terminal import clean, columns, fit

WIDTH = 80
_LONGEST = 200  # characters of anything a text or a user wrote, before it is cut to the width


def to_block(line: ScoredLine) -> str:
    """The verdict as lines of at most `WIDTH` columns, each ended by a newline."""
    return "".join(f"{fit(part, WIDTH)}\n" for part in _parts(line))


def _parts(line: ScoredLine) -> Iterator[str]:
    yield clean(f"{line['id']} ({line['language']})", _LONGEST)
    yield from _opinion(line)
    if line["evidence"]:
        yield "  signs"
        for sign in line["evidence"]:
            yield _row(sign["log_ratio"], clean(sign["detail"], _LONGEST))
    reasons = line.get("explanation")
    if reasons is not None:
        yield from _reasons(reasons, line["p_null"])


def _opinion(line: ScoredLine) -> Iterator[str]:
    if line["detector_score"] is not None:
        yield f"  score {line['detector_score']:+.2f}, higher is more machine"
    if line["human_probability"] is not None:
        yield f"  probability that a human wrote it: {line['human_probability']:.3f}"
        if line["p_null"] is not None:
            yield f"  human texts of the language that score as high: at most {_percent(line['p_null'])}"
        return
    reason = line["abstain_reason"]
    why = f"no opinion, {reason}: {ABSTENTIONS[reason]}"
    yield from textwrap.wrap(why, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _reasons(reasons: Reasons, p_null: float | None) -> Iterator[str]:
    units = "" if reasons["calibrated"] else ", not calibrated"
    for heading, phrases in (("for a machine", reasons["for_machine"]), ("for a human", reasons["for_human"])):
        if phrases:
            yield f"  phrases {heading}{units}"
            yield from map(_phrase, phrases)
    for heading, traits in (("a machine", reasons["style_for_machine"]), ("a human", reasons["style_for_human"])):
        if traits:
            yield f"  style for {heading}, beside that of other texts{units}"
            yield from map(_trait, traits)
    yield "  all told"
    yield from _sum(reasons)
    yield from _counted(reasons, p_null)


def _sum(reasons: Reasons) -> Iterator[str]:
    every = "the same for every text" + (" of the language" if reasons["calibrated"] else "")
    traits = [*reasons["style_for_machine"], *reasons["style_for_human"]]
    yield _row(_total([*reasons["for_machine"], *reasons["for_human"]]), "these phrases")
    yield _row(reasons["rest"], "all other words")
    if traits:
        yield _row(_total(traits), "these measures of style")
        yield _row(reasons["style_rest"], "all other measures of style")
    yield _row(reasons["constant"], every)
    yield _row(reasons["total"], "log-ratio of machine to human" if reasons["calibrated"] else "score")


def _counted(reasons: Reasons, p_null: float | None) -> Iterator[str]:
    """What counts of the total, if that is not all of it, and why."""
    counted, limit = reasons["counted"], reasons["limit"]
    if counted is None or limit is None or p_null is None or counted == reasons["total"]:
        return
    if -limit < counted < limit:
        yield _row(counted, f"counted, for up to {_percent(p_null)} of human texts score as high")
    else:
        yield _row(counted, "counted, for no score of the language counts more either way")


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _total(parts: Iterable[Weighed] | Iterable[Measured]) -> float:
    return sum(part["weight"] for part in parts)


def _phrase(phrase: Weighed) -> str:
    times = f" × {phrase['times']}" if phrase["times"] > 1 else ""
    room = WIDTH - columns(_row(phrase["weight"], f"“”{times}"))
    return _row(phrase["weight"], f"“{fit(clean(phrase['text'], _LONGEST), room)}”{times}")


def _trait(trait: Measured) -> str:
    return _row(trait["weight"], f"{trait['measure']}: {trait['value']:.3g}, {trait['level']}")


def _row(nats: float, what: str) -> str:
    return f"    {nats:+6.2f}  {what}"
