"""The weights, made again from the rows alone: likelihood ratios, priors of cells, probabilities, weights."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import closing
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.cells import cells_json
from pipeline.config import Config
from pipeline.manifest import calibration_digest, versions
from pipeline.verdicts import sum_evidence
from pipeline.verify.check import Check, Findings, many, skipped
from pipeline.verify.claim import Claim
from pipeline.verify.corpus import batches, row_name
from pipeline.verify.progress import Pulse
from transforms.host import host
from transforms.probability import seen_before_chatbots
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema
from transforms.score.abstention import UNCALIBRATED
from transforms.score.detector import Detector
from transforms.weigh.block import ScoredBlock, WeightBlock, encode_labels
from transforms.weigh.borrow import Priors, Stratum, estimate_priors
from transforms.weigh.cells import Cell
from transforms.weigh.histogram import Histogram, merge_histograms
from transforms.weigh.passes import count_ratios, count_tokens, rate_block, weigh_block
from transforms.weigh.report import CellMass, WeighReport, assemble_report, merge_masses, settle_cell

_SCHEMA = arrow_schema(CORPUS)
_SIGNS = ["language", "language_script", "url", "token_count", "detector_score", "abstain_reason", "evidence"]
_GIVEN = ["human_probability", "p_null", "human_weight", "expected_repeats", "weight_bucket"]
_COLUMNS = [*_SIGNS, "first_seen", *_GIVEN, "id"]
_BATCH = 50_000
_CLOSE = 1e-6  # relative: 8 steps of float32. Another processor's exp and log may differ in the last digit of a double.
_PARTS = 32
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Sums(Generic[K, V]):
    """Sums of a monoid by key. Memory does not grow with the number of parts."""

    def __init__(self, merge: Callable[[Iterable[V]], V]) -> None:
        self._merge = merge
        self._parts: defaultdict[K, list[V]] = defaultdict(list)

    def add(self, items: Iterable[tuple[K, V]]) -> None:
        for key, value in items:
            parts = self._parts[key]
            parts.append(value)
            if len(parts) == _PARTS:
                self._parts[key] = [self._merge(parts)]

    def items(self) -> list[tuple[K, V]]:
        return [(key, self._merge(parts)) for key, parts in self._parts.items()]


def obstacle(claim: Claim) -> str:
    """Why the weights of this output cannot be made again by this installation, "" if they can."""
    here = Detector.load().model_id, calibration_digest(), versions()["firsthand"]
    for name, theirs, ours in zip(
        ("detector", "calibration", "firsthand"), (claim.model, claim.calibration, claim.version), here, strict=True
    ):
        if theirs != ours:
            return f"made with {name} {theirs}, {ours} is installed: what that one would give is not known here"
    return "" if claim.config else "the configuration in the manifest is none that this release knows"


class WeightReader:
    """Reads the narrow columns of the corpus three times, as weighing does."""

    def __init__(self, folder: Folder, claim: Claim, pulse: Pulse) -> None:
        self._folder = folder
        self._rows = claim.rows()
        self._pulse = pulse
        self._findings = Findings()
        self._detector = Detector.load()

    def check(self, config: Config) -> list[Check]:
        """The checks on weights and on cells.json."""
        ratios: _Sums[Stratum, Histogram] = _Sums(merge_histograms)
        for _, table in self._tables("likelihood ratios"):
            ratios.add(count_ratios(scored_rows(table), self._calibrate, config.weigh))
        priors = estimate_priors(ratios.items(), config.weigh)
        masses: _Sums[Cell, CellMass] = _Sums(merge_masses)
        for _, table in self._tables("cells"):
            masses.add(count_tokens(rate_block(scored_rows(table), priors, self._calibrate, config.weigh)))
        rows = [settle_cell(entry, priors, config.weigh) for entry in masses.items()]
        self._compare(config, priors, {row.cell: row.lift for row in rows})
        said = (
            "probability, weight, repeats, band and p_null of every row, made again from score, evidence, date of all"
        )
        if (number := sum(row.pages for row in rows)) != self._rows:
            said += f"; {many(number, 'row')} where the manifest has {self._rows:,}, so that cells differ"
        cells = check_cells(self._folder, assemble_report(rows, priors))
        return [self._findings.check("weights", said), cells]

    def _tables(self, what: str) -> Iterator[tuple[str, pa.Table]]:
        done, unread = 0, Findings()
        for path in self._folder.parquet("corpus"):
            for table in batches(self._folder, path, _SCHEMA, _COLUMNS, unread, rows=_BATCH):
                yield path, table
                done += table.num_rows
                self._pulse(what, done, self._rows)
        if unread.found and not self._findings.broken:  # once, not in every pass
            self._findings.broken = True
            self._findings.add(f"{unread.named[0]}: the weights of all others rest on those rows too")

    def _calibrate(self, score: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
        return self._detector.calibration.corpus_log_ratio(score, language, script)

    def _compare(self, config: Config, priors: Priors, lifts: dict[Cell, float]) -> None:
        """Note every row that has another verdict."""
        for path, table in self._tables("weights"):
            block = rate_block(scored_rows(table), priors, self._calibrate, config.weigh)
            verdict = weigh_block(block, lifts, config.weigh)
            _note(table, path, _expected(verdict, self._p_null(table, verdict)), self._findings)

    def _p_null(self, table: pa.Table, verdict: WeightBlock) -> NDArray[np.float32]:
        rarity = np.full(table.num_rows, np.nan, np.float32)
        score = pc.fill_null(table["detector_score"], float("nan")).to_numpy()
        judged = ~np.isnan(verdict.human_probability)
        names = np.array([*zip(table["language"].to_pylist(), table["language_script"].to_pylist(), strict=True)])
        for name in {tuple(pair) for pair in names[judged].tolist()}:
            rows = judged & (names == name).all(axis=1)
            rarity[rows] = self._detector.calibration.p_null(score[rows], *name)
        return rarity


def scored_rows(table: pa.Table) -> ScoredBlock:
    """What weighing knows of these rows of the corpus."""
    return ScoredBlock(
        file=0,
        row=np.arange(table.num_rows, dtype=np.int32),
        language=encode_labels(table["language"].to_pylist()),
        script=encode_labels(table["language_script"].to_pylist()),
        host=encode_labels(map(host, table["url"].to_pylist())),
        token_count=table["token_count"].to_numpy(),
        detector_score=pc.fill_null(table["detector_score"], float("nan")).to_numpy(),
        abstained=pc.invert(pc.is_in(table["abstain_reason"], pa.array(["", UNCALIBRATED]))).to_numpy(),
        evidence_log_ratio=sum_evidence(table["evidence"].combine_chunks()),
        before_chatbots=np.array([seen_before_chatbots(date) for date in table["first_seen"].to_pylist()], np.bool_),
    )


def _expected(verdict: WeightBlock, p_null: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    return {
        "human_probability": verdict.human_probability.astype(np.float64),
        "p_null": p_null.astype(np.float64),
        "human_weight": verdict.human_weight.astype(np.float64),
        "expected_repeats": verdict.expected_repeats.astype(np.float64),
        "weight_bucket": verdict.weight_bucket.astype(np.float64),
    }


def _note(table: pa.Table, path: str, expected: dict[str, NDArray[np.float64]], findings: Findings) -> None:
    for name, ours in expected.items():
        theirs = pc.fill_null(table[name].cast(pa.float64()), float("nan")).to_numpy()
        for row in np.flatnonzero(~np.isclose(theirs, ours, rtol=_CLOSE, atol=0, equal_nan=True)).tolist():
            named = row_name({"id": table["id"][row].as_py(), "url": table["url"][row].as_py()}, path)
            says = "its cell says" if name != "p_null" else "its score says"
            findings.add(f"{named}: {name} is {_said(theirs[row])}, {says} {_said(ours[row])}")


def _said(value: float) -> str:
    return "null" if np.isnan(value) else f"{value:.6g}"


def check_cells(folder: Folder, report: WeighReport) -> Check:
    """cells.json tells of the cells that the rows make."""
    findings = Findings()
    with findings.reading("cells.json"), closing(folder.open_file(folder.path("cells.json"))) as file:
        found = json.loads(file.read())
        for difference in _differences(found, json.loads(cells_json(report)), "cells.json"):
            findings.add(difference)
    return findings.check("cells", f"cells.json beside the {many(len(report.cells), 'cell')} that the rows make")


def _differences(found: object, expected: object, where: str) -> Iterator[str]:
    """Where two JSON values differ, numbers by more than `_CLOSE`."""
    if isinstance(found, dict) and isinstance(expected, dict):
        where = " ".join([where, *(str(expected[key]) for key in ("language", "length") if key in expected)])
        for key in sorted(found.keys() | expected.keys()):
            yield from _differences(found.get(key), expected.get(key), f"{where} {key}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for theirs, ours in zip(found, expected, strict=True):
            yield from _differences(theirs, ours, where)
    elif isinstance(found, list) and isinstance(expected, list):
        yield f"{where} are {len(found)}, the rows give {len(expected)}"
    elif not _same(found, expected):
        yield f"{where} is {found!r}, the rows give {expected!r}"


def _same(found: object, expected: object) -> bool:
    if isinstance(found, float | int) and isinstance(expected, float | int):
        return bool(np.isclose(float(found), float(expected), rtol=_CLOSE, atol=1e-12))
    return found == expected


def check_weights(folder: Folder, claim: Claim, pulse: Pulse) -> list[Check]:
    """The checks that need the weights made again, or why they were not made."""
    reason = obstacle(claim)
    if reason or claim.config is None:
        return [skipped("weights", reason), skipped("cells", reason)]
    return WeightReader(folder, claim, pulse).check(claim.config)
