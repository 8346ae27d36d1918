"""Structured data embedded in a page: the JSON-LD objects that describe the page itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transforms.extract.markup import Markup

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

# Largest block seen on 696 pages: 167 kB. Beyond this it is data, not a description.
_MAX_BLOCK_CHARS = 1_000_000
_MAX_OBJECTS = 1000

# https://schema.org types whose text is the page's own, NewsArticle, BlogPosting or FAQPage among them. ImageObject,
# VideoObject, Person, Product and the like are not.
_TEXT_TYPES = ("Article", "Posting", "Page", "Report", "Review", "Recipe", "HowTo", "Blog", "Question", "CreativeWork")


def parse(text: str) -> JsonValue:
    """A JSON value, or None if the text is none, too long or nested too deeply."""
    if len(text) > _MAX_BLOCK_CHARS:
        return None
    try:
        value: JsonValue = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return value


def blocks(markup: Markup) -> list[JsonValue]:
    """Every JSON-LD block of a page that parses, in document order."""
    values = map(parse, markup.scripts("application/ld+json"))
    return [value for value in values if value is not None]


def page_objects(values: list[JsonValue]) -> list[JsonObject]:
    """The objects that describe the page's own text, in document order.

    They stand at the top, in `@graph`, or as `mainEntity`. What hangs on other properties (`mentions`, `citation`,
    `image`, `hasPart`, `comment`, …) describes something else.
    """
    return [item for item in _roots(values) if any(name.endswith(_TEXT_TYPES) for name in _types(item))]


def _roots(values: list[JsonValue]) -> Iterator[JsonObject]:
    # Last in, first out, so that each value costs the same however many wait: a block may hold 300,000 empty lists.
    waiting, count = values[::-1], 0
    while waiting and count < _MAX_OBJECTS:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value[::-1]
        elif isinstance(value, dict):
            count += 1
            yield value
            waiting += [value[key] for key in ("mainEntity", "@graph") if key in value]


def _types(item: JsonObject) -> list[str]:
    declared = item.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return [name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)]
