"""prov.json as RDF, and as the reference implementation of PROV reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

rdflib = pytest.importorskip("rdflib", reason="rdflib is not installed: pip install -e .[cards]")

# rdflib 7.6 warns of its own classes while it reads JSON-LD.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BASE = "https://example.org/data/"
PROV = "http://www.w3.org/ns/prov#"
KINDS = {  # what PROV-O says of subject and object
    "used": ("Activity", "Entity"),
    "wasGeneratedBy": ("Entity", "Activity"),
    "wasDerivedFrom": ("Entity", "Entity"),
    "wasAssociatedWith": ("Activity", "Agent"),
    "wasAttributedTo": ("Entity", "Agent"),
    "wasInformedBy": ("Activity", "Activity"),
    "hadMember": ("Collection", "Entity"),
}


def read(published: Path) -> Any:
    """The graph of the file, as if it lay at BASE."""
    source = (published / "prov.json").read_bytes()
    return rdflib.Graph().parse(data=source, format="json-ld", publicID=f"{BASE}prov.json")


def test_every_relation_is_between_things_of_the_right_kind(published: Path) -> None:
    graph = read(published)
    for relation, (subject_kind, object_kind) in KINDS.items():
        pairs = list(graph.subject_objects(rdflib.URIRef(PROV + relation)))
        assert pairs, relation
        for subject, target in pairs:
            assert (subject, rdflib.RDF.type, rdflib.URIRef(PROV + subject_kind)) in graph, (subject, relation)
            assert (target, rdflib.RDF.type, rdflib.URIRef(PROV + object_kind)) in graph, (relation, target)


def test_the_corpus_goes_back_to_the_archives(published: Path) -> None:
    graph = read(published)
    derived = rdflib.URIRef(f"{PROV}wasDerivedFrom")
    origins = set(graph.transitive_objects(rdflib.URIRef(f"{BASE}corpus/"), derived))
    assert rdflib.URIRef(f"{BASE}prov.json#archives") in origins
    members = set(graph.objects(rdflib.URIRef(f"{BASE}prov.json#archives"), rdflib.URIRef(f"{PROV}hadMember")))
    assert len(members) == len(json.loads((published / "manifest.json").read_text())["inputs"]) == 3


def test_what_croissant_says_of_the_origin_is_told_here(published: Path) -> None:
    document = json.loads((published / "croissant.json").read_text())
    graph = read(published)
    for relation, kind in (("wasDerivedFrom", "Collection"), ("wasGeneratedBy", "Activity")):
        target = rdflib.URIRef(BASE + document[f"prov:{relation}"]["@id"])
        assert (target, rdflib.RDF.type, rdflib.URIRef(PROV + kind)) in graph


def test_the_library_of_prov_reads_it(published: Path) -> None:
    model = pytest.importorskip("prov.model", reason="prov is not installed: pip install -e .[cards]")
    document = model.ProvDocument.deserialize(str(published / "prov.json"), format="rdf", rdf_format="json-ld")
    kinds = {type(record) for record in document.get_records()}
    assert {model.ProvEntity, model.ProvActivity, model.ProvAgent, model.ProvUsage, model.ProvGeneration} <= kinds
    times = [record.get_endTime() for record in document.get_records(model.ProvActivity)]
    assert any(times)
