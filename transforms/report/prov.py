"""`prov.json`: what the corpus was made of, by what and with which settings, in the terms of W3C PROV.

PROV-O as JSON-LD: a W3C Recommendation that any RDF tool reads, and the vocabulary that Croissant 1.1 asks for.
PROV-JSON is a member submission that few tools besides the `prov` library read. The context is in the file: nothing is
fetched to read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from transforms.report.croissant_fields import Json
from transforms.report.jsontext import to_linked
from transforms.report.publication import Archive, FileEntry, Publication
from transforms.report.story import Story

MOST_MEMBERS = 1000  # archives, and shards, that are named one by one; manifest.json has them all

_LINK = {"@type": "@id"}
_TIME = {"@type": "xsd:dateTime"}
_CONTEXT: dict[str, Json] = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "label": "rdfs:label",
    "comment": "rdfs:comment",
    "location": "schema:contentUrl",
    "size": "schema:contentSize",
    "sha256": "schema:sha256",
    "version": "schema:softwareVersion",
    "libraries": "schema:softwareRequirements",
    "identifier": "dct:identifier",
    "isPartOf": {"@id": "dct:isPartOf", **_LINK},
    **{
        term: {"@id": f"prov:{term}", **_LINK}
        for term in (
            "used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith", "wasAttributedTo", "wasInformedBy",
            "hadMember",
        )
    },
    **{term: {"@id": f"prov:{term}", **_TIME} for term in ("startedAtTime", "endedAtTime")},
}  # fmt: skip

Node = dict[str, Json]


def prov_json(story: Story, publication: Publication, *, manifest: bytes) -> bytes:
    """The file. Relative addresses are those of the output; `#extraction` and the like are things without a file.

    The same arguments give the same bytes.
    """
    nodes = [*_agents(story, publication), *_activities(publication), *_settings(story)]
    nodes += [*_archives(publication.archives), *_earlier_corpora(publication)]
    nodes += _outputs(publication, manifest)
    document = {"@context": _CONTEXT, "@graph": nodes}
    return to_linked(document)


def _agents(story: Story, publication: Publication) -> Iterator[Node]:
    libraries: list[str] = [f"{name} {version}" for name, version in publication.versions if name != "firsthand"]
    yield _node("#firsthand", "prov:SoftwareAgent", label="firsthand", version=story.run.version, libraries=libraries)
    if publication.params.creator:
        yield _node("#publisher", "prov:Organization", label=publication.params.creator)


def _activities(publication: Publication) -> Iterator[Node]:
    agent = "#firsthand"
    yield _node(
        "#run",
        "prov:Activity",
        label="the command that wrote the manifest",
        startedAtTime=publication.started,
        endedAtTime=publication.ended,
        wasAssociatedWith=agent,
    )
    yield _node(
        "#extraction",
        "prov:Activity",
        label="extraction: archives are read, text extracted, filtered and scored",
        comment="By the same command, or by earlier ones: what they finished is never done again.",
        used=["#archives", "#configuration", "#detector"],
        wasAssociatedWith=agent,
    )
    yield _node(
        "#curation",
        "prov:Activity",
        label="curation: duplicates are removed, scores calibrated, rows weighed and written",
        endedAtTime=publication.ended,
        used=["documents/", "#configuration", "#calibration", *map(_earlier, publication.earlier[:MOST_MEMBERS])],
        wasInformedBy="#extraction",
        wasAssociatedWith=agent,
        isPartOf="#run",
    )


def _settings(story: Story) -> Iterator[Node]:
    run = story.run
    yield _node("#configuration", "prov:Entity", label="effective configuration", identifier=run.config_digest)
    yield _node("#detector", "prov:Entity", label="detector of machine-written text", identifier=run.model)
    yield _node("#calibration", "prov:Entity", label="calibration of its scores", identifier=run.calibration)


def _archives(archives: Sequence[Archive]) -> Iterator[Node]:
    named = archives[:MOST_MEMBERS]
    names = [f"#archive/{quote(archive.warc_file, safe='')}" for archive in named]
    yield _node(
        "#archives",
        "prov:Collection",
        label=f"{len(archives):,} web archives",
        comment=_all_in(archives),
        hadMember=names,
    )
    for name, archive in zip(names, named, strict=True):
        address = archive.file_path if "://" in archive.file_path else ""  # a local path says nothing to others
        yield _node(name, "prov:Entity", label=archive.warc_file, location=address, size=f"{archive.size} B")


def _earlier(head: str) -> str:
    return f"#earlier/{head}"


def _earlier_corpora(publication: Publication) -> Iterator[Node]:
    for head in publication.earlier[:MOST_MEMBERS]:
        label = "an earlier corpus, whose pages were left out of this one"
        yield _node(_earlier(head), "prov:Collection", label=label, identifier=head)


def _outputs(publication: Publication, manifest: bytes) -> Iterator[Node]:
    publisher = "#publisher" if publication.params.creator else ""
    yield _node(
        "documents/",
        "prov:Collection",
        label="extracted pages",
        wasGeneratedBy="#extraction",
        wasDerivedFrom="#archives",
    )
    shards = publication.corpus
    yield _node(
        "corpus/",
        "prov:Collection",
        label=publication.params.name,
        comment=_all_in(shards),
        hadMember=[quote(file.path) for file in shards[:MOST_MEMBERS]],
        wasGeneratedBy="#curation",
        wasDerivedFrom="documents/",
        wasAttributedTo=publisher,
    )
    for file in shards[:MOST_MEMBERS]:
        yield _file(file)
    yield _file(
        FileEntry("manifest.json", len(manifest), None, hashlib.sha256(manifest).hexdigest()),
        identifier=publication.chain,
    )


def _file(file: FileEntry, *, identifier: str = "") -> Node:
    return _node(
        quote(file.path),
        "prov:Entity",
        label=file.path,
        identifier=identifier,
        size=f"{file.size} B",
        sha256=file.sha256,
        wasGeneratedBy="#curation",
    )


def _all_in(members: Sequence[object]) -> str:
    return f"Members beyond {MOST_MEMBERS:,} are in manifest.json only." if len(members) > MOST_MEMBERS else ""


def _node(address: str, kind: str, /, **properties: str | list[str]) -> Node:
    """A node without the properties that have no value."""
    kinds: list[str] = [kind] if kind in ("prov:Entity", "prov:Activity") else [kind, _above(kind)]
    known: Node = {name: value for name, value in properties.items() if value}
    return {"@id": address, "@type": kinds, **known}


def _above(kind: str) -> str:
    return "prov:Entity" if kind == "prov:Collection" else "prov:Agent"
