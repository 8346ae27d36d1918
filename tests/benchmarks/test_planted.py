"""Planted copies, found and missed."""

from __future__ import annotations

import pyarrow as pa

from benchmarks.planted import Found


def truth(*pages: tuple[int, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"warc_file": "a", "record_offset": offset, "component": component, "kind": kind}
            for offset, (component, kind) in enumerate(pages)
        ]
    )


def found(*components: str | None) -> pa.Table:
    """By record offset; None is a page that was not extracted."""
    return pa.Table.from_pylist(
        [
            {"warc_file": "a", "record_offset": offset, "component_id": component}
            for offset, component in enumerate(components)
            if component
        ]
    )


PAGES = truth((1, "alone"), (1, "exact"), (1, "near"), (2, "alone"), (2, "near"))


def test_all_copies_found() -> None:
    assert Found.among(PAGES, found("x", "x", "x", "y", "y")) == Found(1, 1, 2, 2, 0)


def test_a_copy_that_stands_alone_is_missed() -> None:
    assert Found.among(PAGES, found("x", "x", "z", "y", "y")) == Found(1, 1, 1, 2, 0)


def test_a_copy_of_a_page_that_was_not_extracted_does_not_count() -> None:
    assert Found.among(PAGES, found("x", "x", "x", None, "y")) == Found(1, 1, 1, 1, 0)


def test_pages_that_are_no_copies_but_joined_are_told() -> None:
    assert Found.among(PAGES, found("x", "x", "x", "x", "x")) == Found(1, 1, 2, 2, 1)
