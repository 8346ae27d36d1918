"""Structured data of a page."""

from __future__ import annotations

import time

from tests.extract.parsers import read_alike
from transforms.extract import jsonld


def blocks(*scripts: str) -> list[jsonld.JsonValue]:
    markup = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return read_alike(f"<html><head>{markup}</head><body><p>x</p></body></html>", jsonld.blocks)


def test_blocks_that_do_not_parse_are_passed_over() -> None:
    assert blocks('{"a": 1}', "{broken", "", '["b"]') == [{"a": 1}, ["b"]]


def test_a_block_nested_beyond_measure_is_passed_over() -> None:
    assert blocks("[" * 100_000, '{"a": 1}') == [{"a": 1}]


def test_a_block_longer_than_any_description_is_passed_over() -> None:
    assert jsonld.parse(f'"{"x" * 1_000_000}"') is None


def test_objects_of_the_page_are_found_at_the_top_in_the_graph_and_as_main_entity() -> None:
    found = jsonld.page_objects(
        [
            {"@type": "Article", "name": "top"},
            {"@graph": [{"@type": ["Thing", "BlogPosting"], "name": "graph"}]},
            [
                {
                    "@type": "WebPage",
                    "name": "page",
                    "mainEntity": {"@type": "https://schema.org/Recipe", "name": "entity"},
                }
            ],
        ]
    )
    assert [item["name"] for item in found] == ["top", "graph", "page", "entity"]


def test_what_describes_another_thing_is_not_an_object_of_the_page() -> None:
    article = {"@type": "Article", "citation": {"@type": "Article"}, "image": {"@type": "ImageObject"}}
    assert jsonld.page_objects([article, {"@type": "ImageObject"}, {"@type": 5}, "text", None]) == [article]


def test_a_graph_without_end_is_cut() -> None:
    assert len(jsonld.page_objects([[{"@type": "Article"}] * 5000])) == 1000


def test_a_block_of_empty_lists_costs_what_its_length_does() -> None:
    (block,) = blocks("[" + "[]," * 300_000 + '{"@type": "Article"}]')
    before = time.process_time()
    assert jsonld.page_objects([block]) == [{"@type": "Article"}]
    assert time.process_time() - before < 5  # 0.05 s; copying what waits took minutes
