"""The columns of the corpus as fields of a Croissant record set."""

from __future__ import annotations

import pyarrow as pa

from transforms.schema import CORPUS, SIGNALS, Column

Json = None | bool | int | float | str | list["Json"] | list[str] | dict[str, "Json"]

ROWS = "rows"  # the record set

CONTEXT: dict[str, Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The terms of Croissant 1.1, those that mlcroissant expects to be there included, and those of PROV."""

_TYPES = {
    pa.string(): "sc:Text",
    pa.int8(): "cr:Int8",
    pa.int32(): "cr:Int32",
    pa.int64(): "cr:Int64",
    pa.float32(): "cr:Float32",
}
# Where schema.org has a property of the same meaning.
_SAME = {
    "text": "sc:text",
    "id": "sc:identifier",
    "url": "sc:url",
    "title": "sc:headline",
    "language": "sc:inLanguage",
    "published": "sc:datePublished",
}
_EVIDENCE = {
    "kind": "kind of sign",
    "detail": "what was found",
    "log_ratio": "nats, positive points to a machine",
}


def record_set(file_set: str) -> Json:
    """The record set of the rows, with a field for each column, read from that file set."""
    return {
        "@type": "cr:RecordSet",
        "@id": ROWS,
        "name": ROWS,
        "description": "The rows of the corpus, one a page.",
        "key": {"@id": f"{ROWS}/id"},
        "field": [_field(column, file_set) for column in CORPUS],
    }


def _field(column: Column, file_set: str) -> Json:
    kind, found = column.type, _named(f"{ROWS}/{column.name}", column.name, column.meaning)
    if column.name in _SAME:
        found["equivalentProperty"] = _SAME[column.name]
    if pa.types.is_list(kind):
        found |= {"isArray": True, "arrayShape": "-1"}
        kind = kind.value_type
    if pa.types.is_struct(kind):
        return found | {"subField": [_part(column, inner, file_set) for inner in kind]}
    return found | {"dataType": _TYPES[kind], "source": _source(column.name, file_set)}


def _part(column: Column, inner: pa.Field, file_set: str) -> Json:
    meaning = (SIGNALS | _EVIDENCE)[inner.name]
    return _named(f"{ROWS}/{column.name}/{inner.name}", inner.name, meaning) | {
        "dataType": _TYPES[inner.type],
        "source": _source(column.name, file_set) | {"transform": {"jsonPath": inner.name}},
    }


def _named(identifier: str, name: str, meaning: str) -> dict[str, Json]:
    return {"@type": "cr:Field", "@id": identifier, "name": name, "description": meaning}


def _source(column: str, file_set: str) -> dict[str, Json]:
    return {"fileSet": {"@id": file_set}, "extract": {"column": column}}
