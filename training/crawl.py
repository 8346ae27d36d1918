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
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq

from training.corpus import beginning, read, scatter
from transforms.probability import CHATBOT_EPOCH, fuse
from transforms.score.detector import Detector
from transforms.score.params import ScoreParams
from transforms.weigh.histogram import histogram
from transforms.weigh.prior import HOST_GROUPS, CellPrior, estimate_prior, ratio_keys, resampling_weights, unfold_ratios

_COLUMNS = ["url", "text", "language", "language_script"]
_UNKNOWN = "human-or-unknown"
_QUANTILES = (0.05, 0.5, 0.95)
_EDGES = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)  # of the histogram, in the score's own units
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Scored:
    """A page of the crawl that no labelled text begins like."""

    url: str
    language: str
    kind: str  # origin, and for pages of unknown origin whether they predate chatbots
    score: float | None  # log-odds, higher is more machine; None if the detector abstained
    log_lr: float  # plain, as for a page of a corpus; NaN if the detector abstained
    human_probability: float  # by the bounded ratio alone, under the default prior; NaN if the detector abstained


def kinds(pages: Path) -> dict[str, str]:
    """For each URL of a table of pages its origin, with the age of pages that are not known to be machine-made."""
    with pages.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["url"]: _kind(row["origin"], row["fetched_or_published_date"]) for row in rows}


def _kind(origin: str, date: str) -> str:
    if origin != _UNKNOWN:
        return origin
    if not date:
        return f"{origin}, undated"
    return f"{origin}, {'before' if date < CHATBOT_EPOCH else 'since'} {CHATBOT_EPOCH}"


def score_pages(documents: Path, kind_of: dict[str, str], learned: set[str], detector: Detector) -> Iterator[Scored]:
    """The pages of every documents file that are in the table and do not begin as a learned text does."""
    known, prior = detector.calibration, ScoreParams().prior_human
    for path in sorted(documents.glob("documents/*.parquet")):
        for row in pq.read_table(path, columns=_COLUMNS).to_pylist():
            if row["url"] in kind_of and beginning(row["text"]) not in learned:
                language, script = row["language"], row["language_script"]
                assessment = detector.assess(row["text"], language=language, script=script)
                score = None if assessment.abstain_reason else assessment.detector_score
                value = np.nan if score is None else score
                log_lr = float(known.corpus_log_ratio(value, language, script))
                human = float(fuse(known.bounded_log_ratio(value, language, script), 0.0, prior, False))
                yield Scored(row["url"], language, kind_of[row["url"]], score, log_lr, human)


def table(pages: Iterable[Scored]) -> str:
    """A Markdown table, one row a kind: quantiles and histogram of the scores, pages that would be accused."""
    by_kind: dict[str, list[Scored]] = {}
    for page in pages:
        by_kind.setdefault(page.kind, []).append(page)
    bins = ["< -3", *(f"{low:g} to {low + 1:g}" for low in _EDGES[:-1]), "> 3"]
    names = ["origin", "pages", "abstained", "score 5 %", "50 %", "95 %", *bins, "human_probability < 0.5"]
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    for kind, members in sorted(by_kind.items()):
        scores = [page.score for page in members if page.score is not None]
        if scores:
            quantiles = (f"{value:.2f}" for value in np.quantile(scores, _QUANTILES))
            counts = np.bincount(np.digitize(scores, _EDGES), minlength=len(_EDGES) + 1)
            accused = sum(page.human_probability < 0.5 for page in members)
            cells = [kind, str(len(members)), str(len(members) - len(scores)), *quantiles, *map(str, counts)]
            lines.append("| " + " | ".join([*cells, f"{accused}/{len(scores)}"]) + " |")
    return "\n".join(lines) + "\n"


def by_language(pages: Iterable[Scored]) -> str:
    """Of each language with a judged page of human or unknown origin: how many would be accused."""
    found: dict[str, list[bool]] = {}
    for page in pages:
        if page.score is not None and page.kind.startswith(_UNKNOWN):
            found.setdefault(page.language, []).append(page.human_probability < 0.5)
    return ", ".join(f"{language} {sum(accused)}/{len(accused)}" for language, accused in sorted(found.items()))


def prevalence(pages: Iterable[Scored]) -> CellPrior:
    """The share of human pages, estimated from the ratios alone, resampled by host."""
    judged = [page for page in pages if not np.isnan(page.log_lr)]
    hosts = np.array([urlsplit(page.url).hostname or "" for page in judged])
    keys = ratio_keys(
        np.array([page.log_lr for page in judged]),
        scatter(hosts, HOST_GROUPS).astype(np.int64),
        np.zeros(len(judged), np.bool_),
    )
    counts = unfold_ratios(histogram(keys, np.ones(len(judged), np.int64)))[0]
    return estimate_prior(counts, resampling_weights(400, 0))


def most_machine_like(pages: Iterable[Scored]) -> str:
    """The pages of human or unknown origin with the highest ratio, as a Markdown list for a person to read up."""
    unknown = [page for page in pages if page.kind.startswith(_UNKNOWN) and page.score is not None]
    highest = sorted(unknown, key=lambda page: (-page.log_lr, -(page.score or 0.0)))[:_LISTED]
    return "".join(
        f"* {page.score:.2f}, {page.language}, {page.kind[len(_UNKNOWN) + 2 :]}: {page.url}\n" for page in highest
    )


def main() -> None:
    """Score the crawl and write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.crawl", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="output directory of `firsthand extract`")
    parser.add_argument("--pages", type=Path, required=True, help="table of pages: url, origin, date")
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("crawl.md"))
    arguments = parser.parse_args()
    learned = {beginning(text) for text in read(arguments.labelled).texts}
    pages = list(score_pages(arguments.documents, kinds(arguments.pages), learned, Detector.load()))
    arguments.out.write_text(render(pages), encoding="utf-8")


def render(pages: list[Scored]) -> str:
    """The whole report."""
    early = [page for page in pages if page.kind.endswith(f"before {CHATBOT_EPOCH}")]
    share = prevalence(early)
    interval = f"{1 - share.prior_human:.3f} [{1 - share.high:.3f}, {1 - share.low:.3f}]"
    parts = [
        f"# The shipped detector ({Detector.load().model_id}) on a crawl of known origin\n",
        "Made by `python -m training.crawl`; do not edit. The score alone, without evidence or dates, under a prior of",
        f"{ScoreParams().prior_human} human. Pages that begin as a labelled text does are left out; of machine-made",
        "sites, other pages were learned from. Pages are accused as the `score` command would, whose ratio is bounded",
        "by `p_null`; shares are estimated and pages listed by the ratio of `firsthand curate`.\n",
        table(pages),
        f"Pages of human or unknown origin accused, by language: {by_language(pages)}.\n",
        f"Machine-made share of the {share.pages} judged pages from before {CHATBOT_EPOCH}, estimated from the scores:",
        f"{interval}, 95 % by host.\n",
        f"## The {_LISTED} pages of human or unknown origin that look most machine-made\n",
        most_machine_like(pages),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
