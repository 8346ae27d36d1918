"""Licences that pages declare where machines are meant to read it. What a page declares is recorded, not believed.

A link to a licence in running text says nothing about the page: only the link types, properties and names count that
some standard gives this meaning, for the main content of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from transforms.extract.jsonld import JsonObject, JsonValue, page_objects
from transforms.extract.markup import Markup

# creativecommons.org/licenses/list.en: six licences in use, and those with the elements in an older order.
_CC = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
_CC_OLDER = {"by-nd-nc": "by-nc-nd", "by-sa-nc": "by-nc-sa"}
_CC_VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")

MEANINGS: dict[str, str] = {
    "license:cc-…": "Creative Commons, with elements and version: `license:cc-by-4.0`, `license:cc-by-nc-sa-3.0`; the "
    "jurisdiction is left out",
    "license:cc0-1.0": "Creative Commons Zero: the author waives all rights",
    "license:pdm-1.0": "Public Domain Mark: somebody says that no rights are known",
    "license:gfdl": "GNU Free Documentation License, any version",
    "license:ogl-uk": "Open Government Licence of the United Kingdom, any version",
    "license:rsl": "Really Simple Licensing: terms for machines, in a file of the site that was not read",
    "license:other": "another licence is named: anything from a custom notice to all rights reserved",
}
"""Every signal, the family of Creative Commons as one."""

# HTML Living Standard § 4.6.7.8 (link type `license`: about the main content), ccREL (W3C submission 2008) §§ 4, 6.
_REL = frozenset(("license", "cc:license", "dc:license", "dct:license", "dcterms:license", "dcterms.license"))
_NEEDLE = "license"
_MOST = 100  # declarations that are read
_MAX_VALUE = 2000  # characters of a URL or name

_NAMES = frozenset(("license", "dcterms.license", "dc.license", "dcterms:license", "dct:license", "cc:license"))
_STATEMENTS = frozenset(("dcterms.rights", "dc.rights", "dcterms:rights", "dc:rights", "rights"))  # text, or a URL
_RSL = "application/rsl+xml"  # https://rslstandard.org, 2025: `<link rel="license" type="application/rsl+xml">`

_CREATIVE_COMMONS = re.compile(
    r"(?:https?:)?//(?:www\.)?creativecommons\.org/(?:licenses/(?P<code>[a-z-]{2,8})/(?P<version>\d\.\d)"
    r"|publicdomain/(?P<tool>zero|mark)/1\.0)(?:[/?#]|$)"
)
_OTHERS = (
    (re.compile(r"(?:https?:)?//(?:www\.)?gnu\.org/(?:licenses/(?:old-licenses/)?fdl|copyleft/fdl)"), "license:gfdl"),
    (
        re.compile(r"(?:https?:)?//(?:www\.)?nationalarchives\.gov\.uk/doc/open-government-licence(?:[/?#]|$)"),
        "license:ogl-uk",
    ),
)
_URL = re.compile(r"(?:https?:)?//[^\s/]")
# RFC 8288: <target>; parameters, separated by commas.
_LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
_LINK_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def licences(
    markup: Markup,
    *,
    headers: Iterable[tuple[str, str]],
    metas: Iterable[tuple[str, str]],
    json: list[JsonValue],
) -> tuple[str, ...]:
    """The licences a page declares, each once, in order of their names.

    `headers` are HTTP headers and `metas` the named `<meta>` elements, names in lower case; `json` are the JSON-LD
    blocks. At most 100 declarations are read.
    """
    declared = chain(_in_headers(headers), _in_metas(metas), _in_links(markup), _in_json(json))
    found = {"license:rsl" if kind == _RSL else name_of(value) for value, kind in islice(declared, _MOST)}
    return tuple(sorted(found))


def name_of(value: str) -> str:
    """The signal for the URL or name of a licence.

    >>> name_of("https://creativecommons.org/licenses/by/4.0/deed.de"), name_of("https://example.org/terms")
    ('license:cc-by-4.0', 'license:other')
    """
    value = value[:_MAX_VALUE].strip().lower()
    if match := _CREATIVE_COMMONS.match(value):
        if match["tool"]:
            return "license:cc0-1.0" if match["tool"] == "zero" else "license:pdm-1.0"
        code = _CC_OLDER.get(match["code"], match["code"])
        known = code in _CC and match["version"] in _CC_VERSIONS
        return f"license:cc-{code}-{match['version']}" if known else "license:other"
    return next((name for pattern, name in _OTHERS if pattern.match(value)), "license:other")


Declared = tuple[str, str]  # URL or name of a licence, and the media type of what the URL leads to, "" if none is given


def _in_headers(headers: Iterable[tuple[str, str]]) -> Iterator[Declared]:
    for name, value in headers:
        if name == "link" and _NEEDLE in value.lower():
            for target, parameters in _LINK.findall(value):
                rel = _LINK_REL.search(parameters)
                if rel and _REL & set((rel[1] or rel[2] or "").lower().split()):
                    yield target, _RSL if _RSL in parameters else ""


def _in_metas(metas: Iterable[tuple[str, str]]) -> Iterator[Declared]:
    for name, value in metas:
        # "All rights reserved" is no licence, and so are most rights statements but those that are a URL.
        if value.strip() and (name in _NAMES or (name in _STATEMENTS and _URL.match(value.strip()))):
            yield value, ""


def _in_links(markup: Markup) -> Iterator[Declared]:
    for link in markup.licence_links():
        if _REL & set(link.rel.lower().split()):
            yield link.href, link.type.strip().lower()


def _in_json(blocks: list[JsonValue]) -> Iterator[Declared]:
    for item in page_objects(blocks):
        value = item.get("license")
        for entry in value if isinstance(value, list) else [value]:
            target = _target(entry) if isinstance(entry, dict) else entry
            if isinstance(target, str) and target.strip():
                yield target, ""


def _target(item: JsonObject) -> JsonValue:
    return item.get("@id") or item.get("url") or item.get("name")
