"""Seeds of what reads back our own files and answers."""

from __future__ import annotations

import io
import json

import pyarrow as pa

from pipeline.accounts import SplitAccount
from pipeline.config import Config, to_toml
from tests.fuzz.seeding.samples import PROSE
from transforms.read.chain import SplitReport
from transforms.read.splits import Split
from transforms.schema import CORPUS, DOCUMENTS, Column, arrow_schema
from transforms.score.features import BITS, VIEWS
from transforms.score.style import BINS, MEASURES
from transforms.write.parquet import ParquetSink


def configuration() -> dict[str, bytes]:
    """Seeds of tests/fuzz/configuration.py by name."""
    return {
        "overrides": b"\2dedup.threshold=0.9\nextract.extractor=precise\n[run]\nsplit_bytes = 8192\n",
        "mistakes": b"\0[read]\nmax_record_bytes = -1\nx = 1\n[unknown]\n[dedup]\nthreshold = 'x'\n",
        "odd-values": b"\0[filter]\nlanguages = ['en']\nmin_language_score = nan\n[publish]\nname = '\xc3\xa9'\n",
        "date": b"\0[publish]\nversion = 1979-05-27T07:32:00Z\n",
    }


def defaults() -> dict[str, bytes]:
    """More of them, of this version's settings."""
    return {"default": b"\0" + to_toml(Config()).encode()}


def footers() -> dict[str, bytes]:
    """Seeds of tests/fuzz/footers.py by name."""
    split = Split("/in/x.warc.gz", "x.warc.gz", 100, 0, 100, None)
    report = SplitReport(split, 2, 0, 2, 2, 0, 0, 0, 100)
    account = SplitAccount(report, "0" * 16, "linear-0", {}, 2, 10, {}, {}, {}, {"read": 0.1})
    made = _parquet(DOCUMENTS, account.as_json() | {"rejections": {}})
    forged = json.dumps(account.as_json()).encode()
    return {
        "documents": b"\0\0" + made,
        "flipped": b"\0\1\0\0\x04\0\x80" + made,
        "empty": b"\0\0",
        "accounts": b"\1\0" + forged,
        "accounts-changed": b"\1\1\x05\x0d" + forged,
    }


def models() -> dict[str, bytes]:
    """Seeds of tests/fuzz/models.py by name."""
    line = {
        "slope": 0.5,
        "offset": 0.1,
        "limit": 2.0,
        "human": 300,
        "machine": 300,
        "scripts": ["Latn"],
        "null": [0.1, 0.2],
    }
    header = {
        "bits": BITS,
        "views": VIEWS,
        "scales": [1.0] * len(VIEWS),
        "bias": 0.0,
        "function_words": 1,
        "measures": MEASURES,
        "bins": BINS,
        "style_scale": 1.0,
    }
    calibration = json.dumps({"model_digest": "0" * 32, "lines": {"en": line}}).encode()
    return {
        "calibration": b"\0" + calibration,
        "calibration-changed": b"\1\x07\x09" + calibration,
        "header": b"\0" + json.dumps(header).encode(),
    }


def shards() -> dict[str, bytes]:
    """Seeds of tests/fuzz/shards.py by name."""
    made = _parquet(CORPUS, {})
    return {"corpus": b"\0" + made, "flipped": b"\1\0\0\x04\0\x80" + made, "empty": b"\0"}


def _parquet(columns: tuple[Column, ...], accounts: dict[str, object]) -> bytes:
    """Two rows, of which only what is checked somewhere has a value."""
    sink, schema = io.BytesIO(), arrow_schema(columns)
    known = {"text": PROSE, "id": "0" * 32, "text_digest": "1" * 32, "date": "2024-05-01T10:20:30Z", "quality": 0.5}
    known |= {"shingles": 30, "signature": bytes(range(256)) * 4, "url": "http://example.com/", "token_count": 50}
    row = {field.name: known.get(field.name, _empty(field.type)) for field in schema}
    with ParquetSink(sink, schema, row_group_bytes=1 << 20) as writer:
        writer.add(row, 100)
        writer.add({**row, "id": "2" * 32}, 100)
        writer.close(accounts)
    return sink.getvalue()


def _empty(kind: pa.DataType) -> object:
    if pa.types.is_list(kind):
        return []
    if pa.types.is_struct(kind):
        return {kind.field(index).name: _empty(kind.field(index).type) for index in range(kind.num_fields)}
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return 0
    return b"" if pa.types.is_binary(kind) else ""


def frames() -> dict[str, bytes]:
    """Seeds of tests/fuzz/frames.py by name."""
    extraction = {"title": "A page", "extractor": "x/fast", "charset": "utf-8", "published": "2021-03-04",
                  "published_source": "meta", "declarations": [["ai-notice", "said"]], "rights": ["noai"]}  # fmt: skip
    replies: dict[str, dict[str, object]] = {
        "extraction": {"cpu_seconds": 1.5, "extraction": extraction},
        "no-text": {"cpu_seconds": 1.5, "extraction": None},
        "error": {"cpu_seconds": 1.5, "error": "KeyError"},
        "long": {"cpu_seconds": 1.5, "long": 1 << 30},
    }
    return {name: bytes(8) + json.dumps(reply).encode() + b"\n" + PROSE.encode() for name, reply in replies.items()}


def manifests() -> dict[str, bytes]:
    """Seeds of tests/fuzz/manifests.py by name."""
    counts = {
        "records": 3,
        "gaps": 0,
        "responses": 2,
        "rows": 1,
        "rejections": {"http_status": 1},
        "passed": {"warcinfo": 1},
    }
    archive = {"file_path": "/in/x.warc.gz", "warc_file": "x.warc.gz", "size": 100, "splittable": True}
    plan = {"makers": {"a": "b"}, "split_bytes": 4096, "limit": None, "archives": [archive], "unsplit": []}
    cell = {"language": "en", "length": "0-100", "pages": 1, "tokens": 50, "abstained_pages": 0, "abstained_tokens": 0}
    cell |= {"weight_sum": 50.0, "effective_share": 1.0, "mean_probability": 0.5, "weighted_probability": 0.5}
    cell |= {"prior": {"prior_human": 0.5, "low": 0.1, "high": 0.9, "borrowed_from": ""}}
    split = {"file_path": "/in/x", "warc_file": "x", "file_size": 1, "start": 0, "end": 1, "limit": None}
    read = {"split": split, "records": 1, "gaps": 0, "responses": 1, "pages": 1, "rejected": 0, "passed": 0}
    read |= {"first_offset": 0, "end_offset": 1}
    account = {"read": read, "layout": "0", "model": "m", "settings": {}, "rows": 1, "text_bytes": 1, "passed": {}}
    account |= {
        "not_responses": {},
        "rejections": {},
        "cpu_s": {"read": 0.1},
        "refused_file": {"bytes": 1, "sha256": "0"},
    }
    documents = {
        "manifest": {"counts": counts, "inputs": [archive], "cpu_s": {"read": 1.5}, "files": [], "config": {}},
        "plan": plan,
        "cells": {"cells": [cell], "early": {"all": cell["prior"]}},
        "account": account,
    }
    return {name: b"\0" + json.dumps(document).encode() for name, document in documents.items()}
