"""Ordinary pages beside hostile ones: the same rows, at the same speed?"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hostile.pages.every import MAKERS, hostile
from transforms.extract.extractor import Extractor
from transforms.read.params import ReadParams
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Extraction, Page
from transforms.rejection import Rejection

_HOSTILE_BYTES = 1 << 16
_SMALL = b"<html><body><p>So that the next page finds a parser that is ready.</p></body></html>"
Outcome = Extraction | Rejection


def compare(archives: Sequence[str], *, rounds: int) -> str:
    """A Markdown table: milliseconds of CPU an ordinary page, alone and with hostile pages between, and their ratio.

    A parser that a hostile page killed is started again before the next ordinary page is timed: that is the hostile
    page's cost, and told apart.
    """
    ordinary, attackers = list(_ordinary(archives)), list(_attackers())
    lines = ["| round | ms CPU a page alone | between hostile pages | ratio | hostile pages, s in all | rows |"]
    lines.append("|---|---|---|---|---|---|")
    ratios = []
    for at in range(rounds):
        alone, _, before = _extract(ordinary, [])
        among, hostile_s, after = _extract(ordinary, attackers)
        ratios.append(among / alone)
        same = "identical" if before == after else "DIFFERENT"
        lines.append(
            f"| {at + 1} | {1000 * alone / len(ordinary):.2f} | {1000 * among / len(ordinary):.2f} | {ratios[-1]:.3f} "
            f"| {hostile_s:.1f} | {same} |"
        )
    median = statistics.median(ratios)
    lines.append(f"\n{len(ordinary)} ordinary pages, {len(attackers)} hostile ones. Median ratio {median:.3f}.")
    return "\n".join(lines)


def _ordinary(archives: Sequence[str]) -> Iterator[Page]:
    for path in archives:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            split = Split(path, Path(path).name, size, 0, size, None)
            yield from (item for item in read_split(stream, split, ReadParams()) if isinstance(item, Page))


def _attackers() -> Iterator[Page]:
    """Those hostile pages that get as far as the parser."""
    for name in MAKERS:
        record = hostile(name, _HOSTILE_BYTES).record()
        split = Split(name, name, len(record), 0, len(record), None)
        yield from (i for i in read_split(io.BytesIO(record), split, ReadParams()) if isinstance(i, Page))


def _extract(ordinary: list[Page], attackers: list[Page]) -> tuple[float, float, list[Outcome]]:
    """CPU seconds of the ordinary pages, of the hostile ones spread among them, and what the former became."""
    every = len(ordinary) / len(attackers) if attackers else 0.0
    seconds, hostile_s, outcomes, sent = 0.0, 0.0, [], 0
    with Extractor() as extractor:
        _timed(extractor, _small(ordinary[0]))
        for at, page in enumerate(ordinary):
            while sent < len(attackers) and sent * every <= at:
                hostile_s += _timed(extractor, attackers[sent])[0] + _timed(extractor, _small(page))[0]
                sent += 1
            spent, outcome = _timed(extractor, page)
            seconds += spent
            outcomes.append(outcome)
    return seconds, hostile_s, outcomes


def _timed(extractor: Extractor, page: Page) -> tuple[float, Outcome]:
    before = time.process_time() + extractor.cpu_seconds
    outcome = extractor.extract(page)
    return time.process_time() + extractor.cpu_seconds - before, outcome


def _small(page: Page) -> Page:
    return Page(page.origin, page.date, "", (), "text/html", "utf-8", "", _SMALL)
