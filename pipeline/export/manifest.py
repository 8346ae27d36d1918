"""What an export says of itself: `export.json`, and what a trainer reads beside the shards."""

from __future__ import annotations

import dataclasses
import json
import posixpath
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from itertools import groupby

from pipeline.export import mds
from pipeline.export.account import Account, ExportedFile, Sums
from pipeline.export.plan import ExportPlan
from pipeline.export.settings import BUCKETS, MDS
from pipeline.export.window import bucket_folder, configuration

MANIFEST, STREAMS = "export.json", "streams.json"


def documents(plan: ExportPlan, account: Account) -> Iterator[tuple[str, bytes]]:
    """Path and content of the files that are written once all shards are, in order; `_SUCCESS` seals the manifest."""
    if plan.settings.format == MDS:
        yield from _indices(plan, account.files)
    if plan.settings.layout == BUCKETS:
        yield STREAMS, _to_bytes({"streams": streams(account)})
    content = _to_bytes(manifest(plan, account))
    yield MANIFEST, content
    yield "_SUCCESS", f"{sha256(content).hexdigest()}\n".encode()


def manifest(plan: ExportPlan, account: Account) -> dict[str, object]:
    """`export.json` as JSON values."""
    return {
        "source": {
            "path": plan.source,
            "manifest_sha256": plan.manifest_sha256,
            "success": plan.success,
            "config_digest": plan.config_digest,
        },
        "settings": dataclasses.asdict(plan.settings),
        "firsthand": version("firsthand"),
        "counts": _sums(account.total()),
        "languages": {language: _sums(sums) for language, sums in account.by_language().items()},
        "weight_buckets": {str(band): _sums(sums) for band, sums in account.by_band().items()},
        "files": [dataclasses.asdict(file) for file in account.files],
    }


def _sums(sums: Sums) -> dict[str, object]:
    values = dataclasses.asdict(sums)
    return values | {name: round(values[name], 3) for name in ("weighted_tokens", "expected_tokens")}


def streams(account: Account) -> list[dict[str, object]]:
    """One entry for each weight band of a language: how often its rows are to be seen.

    `repeat` is the mean weight of its tokens, so tokens seen are Σ token_count · human_weight in every band of every
    language. `choose` is repeat · rows as a whole number, at least 1; `proportion` its share of all records.
    """
    chosen = {cell: max(1, round(sums.mean_weight * sums.rows)) for cell, sums in account.cells.items()}
    return [
        {
            "path": bucket_folder(language, band),
            "language": language,
            "weight_bucket": band,
            "rows": sums.rows,
            "tokens": sums.tokens,
            "repeat": round(sums.mean_weight, 6),
            "choose": chosen[language, band],
            "proportion": chosen[language, band] / sum(chosen.values()),
        }
        for (language, band), sums in sorted(account.cells.items())
    ]


def _indices(plan: ExportPlan, files: Sequence[ExportedFile]) -> Iterator[tuple[str, bytes]]:
    config = configuration(plan.settings)
    by_folder = groupby(sorted(files, key=lambda file: file.path), key=lambda file: posixpath.dirname(file.path))
    for folder, group in by_folder:
        shards = [(posixpath.basename(file.path), file.records, file.bytes) for file in group]
        yield posixpath.join(folder, mds.INDEX), mds.index_json(shards, config)


def _to_bytes(values: dict[str, object]) -> bytes:
    return json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False).encode()
