"""The provenance of a corpus, without the libraries that read it (tests/cards)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.params import PublishParams
from transforms.report.prov import MOST_MEMBERS, prov_json
from transforms.report.publication import Archive, read_publication

MakeOutput = Callable[..., Path]
Nodes = dict[str, dict[str, Any]]
RELATIONS = (
    "used",
    "wasGeneratedBy",
    "wasDerivedFrom",
    "wasAssociatedWith",
    "wasAttributedTo",
    "hadMember",
    "isPartOf",
)


def made(output: Path, params: PublishParams | None = None, **changes: Any) -> Nodes:
    manifest = (output / "manifest.json").read_bytes()
    publication = replace(read_publication(json.loads(manifest), params), **changes)
    content = prov_json(read_story(Folder(str(output))), publication, manifest=manifest)
    assert content == prov_json(read_story(Folder(str(output))), publication, manifest=manifest)
    assert str(output).encode() not in content
    return {node["@id"]: node for node in json.loads(content)["@graph"]}


def targets(node: dict[str, Any]) -> set[str]:
    values = [node[relation] for relation in RELATIONS if relation in node]
    return {name for value in values for name in (value if isinstance(value, list) else [value])}


def test_whatever_is_named_is_described(reference: Path) -> None:
    nodes = made(reference, PublishParams(creator="Office"))
    assert set().union(*map(targets, nodes.values())) <= nodes.keys()
    assert nodes["corpus/"]["wasAttributedTo"] == "#publisher"


def test_earlier_corpora_are_used_and_called_by_their_heads(reference: Path) -> None:
    nodes = made(reference, earlier=("ab" * 32,))
    assert "#earlier/" + "ab" * 32 in nodes["#curation"]["used"]
    assert nodes["#earlier/" + "ab" * 32]["identifier"] == "ab" * 32


def test_it_says_what_the_manifest_says(reference: Path) -> None:
    nodes, manifest = made(reference), json.loads((reference / "manifest.json").read_text())
    assert nodes["#configuration"]["identifier"] == manifest["config_digest"]
    assert nodes["#detector"]["identifier"] == manifest["model"]
    assert nodes["#calibration"]["identifier"] == manifest["calibration"]
    assert nodes["#firsthand"]["version"] == manifest["versions"]["firsthand"]
    assert nodes["manifest.json"]["identifier"] == manifest["chain"]["head"]
    assert nodes["#run"]["endedAtTime"] == manifest["ended"]
    assert nodes["corpus/part-00000.parquet"]["sha256"] == manifest["files"][0]["sha256"]
    assert len(nodes["#archives"]["hadMember"]) == len(manifest["inputs"])


def test_an_archive_is_named_by_its_address_on_the_web_but_not_on_a_disk(make_output: MakeOutput) -> None:
    archives = (Archive("s3://bucket/a b.warc.gz", "a b.warc.gz", 7, 1), Archive("/home/ann/c.warc", "c.warc", 1, 1))
    nodes = made(make_output(), archives=archives)
    assert nodes["#archive/a%20b.warc.gz"]["location"] == "s3://bucket/a b.warc.gz"
    assert "location" not in nodes["#archive/c.warc"]


def test_the_archives_that_are_named_are_bounded(make_output: MakeOutput) -> None:
    archives = tuple(Archive(f"s3://x/{i}", str(i), 1, 1) for i in range(MOST_MEMBERS + 1))
    nodes = made(make_output(), archives=archives)
    assert len(nodes["#archives"]["hadMember"]) == MOST_MEMBERS
    assert nodes["#archives"]["label"] == "1,001 web archives"
    assert "manifest.json" in nodes["#archives"]["comment"]


def test_a_corpus_without_rows_has_a_provenance(make_output: MakeOutput) -> None:
    nodes = made(make_output())
    assert "hadMember" not in nodes["corpus/"]
    assert "startedAtTime" not in nodes["#run"]
