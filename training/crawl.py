"""`python -m training.crawl --documents DIR --pages FILE --labelled DIR`: the detector on a crawl of known origin.

DIR holds documents/*.parquet of `firsthand extract`; FILE says of each URL its origin and date. Pages whose text begins
as a labelled text does are left out: the model has learned from them. Writes training/crawl.md.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from training.corpus import beginning, read
from transforms.probability import CHATBOT_EPOCH, fuse
from transforms.score.detector import Detector
from transforms.score.params import ScoreParams

_COLUMNS = ["url", "text", "language", "language_script"]
_QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Scored:
    """A page of the crawl that no labelled text begins like."""

    kind: str  # origin, and for pages of unknown origin whether they predate chatbots
    score: float | None  # log-odds, higher is more machine; None if the detector abstained
    human_probability: float  # from the score alone, under the default prior; NaN if the detector abstained


def kinds(pages: Path) -> dict[str, str]:
    """For each URL of a table of pages its origin, with the age of pages that are not known to be machine-made."""
    with pages.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["url"]: _kind(row["origin"], row["fetched_or_published_date"]) for row in rows}


def _kind(origin: str, date: str) -> str:
    if origin != "human-or-unknown":
        return origin
    if not date:
        return f"{origin}, undated"
    return f"{origin}, {'before' if date < CHATBOT_EPOCH else 'since'} {CHATBOT_EPOCH}"


def score_pages(documents: Path, kind_of: dict[str, str], learned: set[str]) -> Iterator[Scored]:
    """The pages of every documents file that are in the table and do not begin as a learned text does."""
    detector, prior = Detector.load(), ScoreParams().prior_human
    for path in sorted(documents.glob("documents/*.parquet")):
        for row in pq.read_table(path, columns=_COLUMNS).to_pylist():
            if row["url"] in kind_of and beginning(row["text"]) not in learned:
                language, script = row["language"], row["language_script"]
                assessment = detector.assess(row["text"], language=language, script=script)
                score = None if assessment.abstain_reason else assessment.detector_score
                value = np.nan if score is None else score
                ratio = detector.calibration.log_likelihood_ratio(value, language, script)
                yield Scored(kind_of[row["url"]], score, float(fuse(ratio, 0.0, prior, False)))


def table(pages: Iterable[Scored]) -> str:
    """A Markdown table, one row a kind."""
    by_kind: dict[str, list[Scored]] = {}
    for page in pages:
        by_kind.setdefault(page.kind, []).append(page)
    lines = ["| origin | pages | abstained | score 5 % | 50 % | 95 % | human_probability < 0.5 |", "|" + " --- |" * 7]
    for kind, members in sorted(by_kind.items()):
        scores = [page.score for page in members if page.score is not None]
        if scores:
            quantiles = (f"{value:.2f}" for value in np.quantile(scores, _QUANTILES))
            accused = sum(page.human_probability < 0.5 for page in members)
            cells = [kind, str(len(members)), str(len(members) - len(scores)), *quantiles, f"{accused}/{len(scores)}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Score the crawl and write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.crawl", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="output directory of `firsthand extract`")
    parser.add_argument("--pages", type=Path, required=True, help="table of pages: url, origin, date")
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("crawl.md"))
    arguments = parser.parse_args()
    learned = {beginning(text) for text in read(arguments.labelled).texts}
    pages = table(score_pages(arguments.documents, kinds(arguments.pages), learned))
    model = Detector.load().model_id
    heading = f"# The shipped detector ({model}) on a crawl of known origin\n\n"
    note = (
        "Made by `python -m training.crawl`; do not edit. The score alone, without evidence or dates, under a prior of "
        f"{ScoreParams().prior_human} human.\nPages that begin as a labelled text does are left out; of machine-made "
        "sites, other pages were learned from.\n\n"
    )
    arguments.out.write_text(heading + note + pages, encoding="utf-8")


if __name__ == "__main__":
    main()
