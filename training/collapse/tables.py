"""The tables of docs/study.md, put between markers; what stands outside them is by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.collapse.arms import BLIND, Arm
from training.collapse.recovery import Outcomes, mean
from training.collapse.results import Record
from training.collapse.world import Size
from transforms.errors import InputError

PAGE = "study.md"

_HEAD = (
    "| arm | perplexity | rare words | minority | word types | synthetic | ESS/N | R | R, rare | R, minority |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Account:
    """What a run of the command did."""

    tier: int
    added: int  # generations
    seconds: float
    size: Size
    seeds: int


def write_section(records: Sequence[Record], account: Account, docs: Path | None) -> str:
    """The tables; if a folder is given, put into its study.md between the markers of the tier.

    Raises InputError if the page has no such markers.
    """
    text = "\n".join(_section(Outcomes.of(records), account))
    if docs is not None:
        page = docs / PAGE
        begin, end = (f"<!-- tier {account.tier} {edge} -->" for edge in ("begins", "ends"))
        content = page.read_text(encoding="utf-8")
        if content.count(begin) != 1 or content.count(end) != 1:
            raise InputError(f"{page}: expected one {begin} and one {end}, between which the tables go")
        head, tail = content.split(begin)[0], content.split(end)[1]
        page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")
    done = f"{account.added} generations in {account.seconds:.0f} s of wall time"
    return f"{text}\n\n{done}"


def _section(outcomes: Outcomes, account: Account) -> Iterator[str]:
    size = account.size
    yield (
        f"{account.seeds} seeds, {size.documents} documents a generation, generation {outcomes.last} of "
        f"{size.generations}; ± is the half width of a 95 % interval over seeds, missing where one got so far. "
        "Perplexities: lower is better."
    )
    arms = outcomes.arms()
    groups = {(arm.human, arm.detector) for arm in arms if arm.rule not in BLIND}
    yield "\n**Compared with**\n"
    yield _HEAD
    yield from (_row(outcomes, arm, arm.name) for arm in arms if arm.rule in BLIND)
    for human, detector in sorted(groups, key=lambda group: (group[1], group[0])):
        own = [arm for arm in arms if (arm.human, arm.detector) == (human, detector)]
        areas = mean(outcomes.values(own[0], "auroc"))
        yield f"\n**{human:.0%} human, detector: {detector}** (AUROC in this mixture {areas.text(3)})\n"
        yield _HEAD
        yield from (_row(outcomes, arm, arm.rule) for arm in own)


def _row(outcomes: Outcomes, arm: Arm, name: str) -> str:
    digits = {"perplexity": 0, "tail": 0, "minority": 0, "types": 0, "synthetic": 3, "effective": 2}
    cells = [mean(outcomes.values(arm, measure)).text(count) for measure, count in digits.items()]
    inside = 0 < arm.human < 1
    cells += [
        outcomes.recovery(arm, measure).text(2) if inside else "–" for measure in ("perplexity", "tail", "minority")
    ]
    return f"| {name} | {' | '.join(cells)} |"
