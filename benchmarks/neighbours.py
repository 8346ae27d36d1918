"""Ordinary pages beside hostile ones: the same rows, at the same speed?"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.pages.every import MAKERS, hostile
from transforms.extract.extractor import Extractor
from transforms.read.params import ReadParams
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Extraction, Page
from transforms.rejection import Rejection

_SMALL = b"<html><body><p>So that the next page finds a parser that is ready.</p></body></html>"
Outcome = Extraction | Rejection


@dataclass(frozen=True, slots=True)
class Taken:
    """Ordinary pages extracted: CPU seconds, and what became of them."""

    seconds: float  # of the ordinary pages
    restart_s: float  # of a small page behind each hostile one, the start of a new parser included
    hostile_s: float  # of the hostile pages
    outcomes: list[Outcome]


def compare(archives: Sequence[str], *, size: int, rounds: int) -> tuple[str, bool]:
    """A Markdown table, and whether the ordinary pages always became the same.

    It shows CPU an ordinary page, alone and with hostile pages of `size` bytes between, and the ratio of the two. A
    parser that a hostile page killed is started again before the next ordinary page is timed: the second ratio counts
    those starts as if they were the ordinary pages' cost. What hostile pages themselves take is told apart.
    """
    ordinary, attackers = list(_ordinary(archives)), list(_attackers(size))
    lines = [
        "| round | ms CPU a page alone | between hostile pages | ratio | with restarts | hostile, s in all | rows |"
    ]
    lines.append("|---|---|---|---|---|---|---|")
    ratios, every = [], True
    for at in range(rounds):
        alone, among = _extract(ordinary, []), _extract(ordinary, attackers)
        ratios.append(among.seconds / alone.seconds)
        same = alone.outcomes == among.outcomes
        every &= same
        lines.append(
            f"| {at + 1} | {1000 * alone.seconds / len(ordinary):.2f} | {1000 * among.seconds / len(ordinary):.2f} "
            f"| {ratios[-1]:.3f} | {(among.seconds + among.restart_s) / alone.seconds:.3f} "
            f"| {among.hostile_s:.1f} | {'identical' if same else 'DIFFERENT'} |"
        )
    median = statistics.median(ratios)
    lines.append(f"\n{len(ordinary)} ordinary pages, {len(attackers)} hostile ones. Median ratio {median:.3f}.")
    return "\n".join(lines), every


def _ordinary(archives: Sequence[str]) -> Iterator[Page]:
    for path in archives:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            split = Split(path, Path(path).name, size, 0, size, None)
            yield from (item for item in read_split(stream, split, ReadParams()) if isinstance(item, Page))


def _attackers(size: int) -> Iterator[Page]:
    """Those hostile pages that get as far as the parser."""
    for name in MAKERS:
        record = hostile(name, size).record()
        split = Split(name, name, len(record), 0, len(record), None)
        yield from (i for i in read_split(io.BytesIO(record), split, ReadParams()) if isinstance(i, Page))


def _extract(ordinary: list[Page], attackers: list[Page]) -> Taken:
    """The ordinary pages, with the hostile ones spread among them."""
    every = len(ordinary) / len(attackers) if attackers else 0.0
    seconds, restart_s, hostile_s, outcomes, sent = 0.0, 0.0, 0.0, [], 0
    with Extractor() as extractor:
        _timed(extractor, _small(ordinary[0]))
        for at, page in enumerate(ordinary):
            while sent < len(attackers) and sent * every <= at:
                hostile_s += _timed(extractor, attackers[sent])[0]
                restart_s += _timed(extractor, _small(page))[0]
                sent += 1
            spent, outcome = _timed(extractor, page)
            seconds += spent
            outcomes.append(outcome)
    return Taken(seconds, restart_s, hostile_s, outcomes)


def _timed(extractor: Extractor, page: Page) -> tuple[float, Outcome]:
    before = time.process_time() + extractor.cpu_seconds
    outcome = extractor.extract(page)
    return time.process_time() + extractor.cpu_seconds - before, outcome


def _small(page: Page) -> Page:
    return Page(page.origin, page.date, "", (), "text/html", "utf-8", "", _SMALL)
