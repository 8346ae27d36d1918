"""The metadata of a corpus, without the library that reads it (tests/cards)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from transforms.report.croissant import MOST_FILES, croissant_json
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.params import PublishParams
from transforms.report.publication import FileEntry, Publication, read_publication
from transforms.report.sources import sources_of
from transforms.schema import CORPUS, SIGNALS

MakeOutput = Callable[..., Path]


def made(output: Path, params: PublishParams | None = None, **changes: Any) -> tuple[dict[str, Any], bytes]:
    manifest = (output / "manifest.json").read_bytes()
    publication: Publication = replace(read_publication(json.loads(manifest), params), **changes)
    folder = Folder(str(output))
    content = croissant_json(read_story(folder), publication, sources_of(folder), manifest=manifest)
    document: dict[str, Any] = json.loads(content)
    return document, content


def test_every_column_is_a_field_with_its_meaning(reference: Path) -> None:
    fields = made(reference)[0]["recordSet"][0]["field"]
    assert {field["name"]: field["description"] for field in fields} == {c.name: c.meaning for c in CORPUS}
    nested = {field["name"]: [part["name"] for part in field["subField"]] for field in fields if "subField" in field}
    assert nested == {"signals": list(SIGNALS), "evidence": ["kind", "detail", "log_ratio"]}
    assert [field["name"] for field in fields if field.get("isArray")] == ["rules_failed", "evidence", "rights"]


def test_files_are_known_by_their_digests(reference: Path) -> None:
    objects = [entry for entry in made(reference)[0]["distribution"] if entry["@type"] == "cr:FileObject"]
    assert {entry["contentUrl"] for entry in objects} >= {"manifest.json", "cells.json", "corpus/part-00000.parquet"}
    for entry in objects:
        content = (reference / entry["contentUrl"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["contentSize"] == f"{len(content)} B"


def test_the_shards_that_are_named_are_bounded(reference: Path) -> None:
    shards = tuple(FileEntry(f"corpus/part-{i:05}.parquet", 1, 1, "ab") for i in range(MOST_FILES + 5))
    document, _ = made(reference, files=shards)
    named = [entry for entry in document["distribution"] if entry["@id"].startswith("corpus/")]
    assert len(named) == MOST_FILES
    assert document["distribution"][-1]["description"] == "All 1,005 shards of the corpus."


def test_the_same_output_has_the_same_bytes_wherever_it_lies(reference: Path) -> None:
    content = made(reference)[1]
    assert content == made(reference)[1]
    assert str(reference).encode() not in content


def test_what_is_not_known_is_not_said(make_output: MakeOutput) -> None:
    document, _ = made(make_output())
    assert document["license"]["name"] == "unknown"
    assert {"url", "creator", "datePublished", "rai:dataCollectionTimeframe"}.isdisjoint(document)


def test_what_is_configured_is_said(make_output: MakeOutput) -> None:
    params = PublishParams(
        name="ferries",
        version="2.0.1",
        description="All.",
        license="ODC-By-1.0",
        url="https://e.org/",
        creator="Office",
    )
    document, _ = made(make_output(), params, ended="2026-01-31T12:00:00Z")
    assert document["name"] == "ferries"
    assert document["version"] == "2.0.1"
    assert document["description"] == "All."
    assert document["license"] == "https://spdx.org/licenses/ODC-By-1.0.html"
    assert document["url"] == "https://e.org/"
    assert document["creator"] == {"@type": "sc:Organization", "name": "Office"}
    assert document["datePublished"] == "2026-01-31T12:00:00Z"


def test_opt_outs_and_licences_are_told_apart(make_output: MakeOutput) -> None:
    rows = [{"id": str(i), "url": f"https://{i}.example/", "rights": ["noai", "license:gfdl"]} for i in range(2)]
    document, _ = made(make_output([rows], counts={"records": 2, "responses": 2, "rows": 2}))
    said = " ".join(document["rai:dataLimitations"])
    assert "Opt-outs from mining or training, of 2 pages: noai 2." in said
    assert "Licences declared, of 2 pages: license:gfdl 2." in said
