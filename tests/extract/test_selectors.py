"""Selectors find what trafilatura's expressions find."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring
from trafilatura import xpaths
from trafilatura.core import extract

from benchmarks.extraction import gold_pages
from transforms.extract import html
from transforms.extract.charset import decode

if version("trafilatura") != "2.3.1":
    pytest.skip("of one version of trafilatura", allow_module_level=True)

from transforms.extract.marks import Marks
from transforms.extract.rules import rules_text
from transforms.extract.selectors import selecting

_LISTS = (
    xpaths.BODY_XPATH,
    xpaths.RAW_TREE_PRUNE_XPATH,
    xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    xpaths.OVERALL_DISCARD_XPATH,
    xpaths.DISCARD_IMAGE_ELEMENTS,
)
# Whatever the expressions ask for, whole and in parts.
_PATHS = " ".join(expression.path for expressions in _LISTS for expression in expressions)
_WORDS = sorted({*re.findall(r"[\w-]+", _PATHS), *re.findall(r"[A-Za-z]+", _PATHS), "", "true", "display:none", "x"})
_VALUES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from(["", "-", "_", " ", "\n", "X"]).map(lambda separator: separator.join(words))
)
_NAMES = ("class", "id", "role", "style", "itemprop", "aria-hidden", "data-component", "data-lp-replacement-content")
_TAGS = ("div", "section", "article", "main", "p", "span", "ol", "ul", "details", "aside", "list", "item", "h1", "b")
_ELEMENTS = st.tuples(
    st.sampled_from(_TAGS), st.dictionaries(st.sampled_from(_NAMES[:2]) | st.sampled_from(_NAMES), _VALUES, max_size=3)
)


@given(st.lists(st.tuples(_ELEMENTS, st.integers(0, 3)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=200)
def test_selectors_find_what_expressions_find(elements: list[tuple[tuple[str, dict[str, str]], int]]) -> None:
    tree = document_fromstring("<html><body></body></html>")
    place = tree[0]
    for (tag, attributes), up in elements:
        element = place.makeelement(tag, attributes)
        place.append(element)
        place = [element, *element.iterancestors()][min(up, len(list(element.iterancestors())) - 1)]
    expected = _found(tree)
    with selecting():
        assert _found(tree) == expected
    assert _found(tree) == expected


@pytest.mark.parametrize("name", _NAMES)
def test_each_word_of_the_expressions_counts_as_there(name: str) -> None:
    for word in _WORDS:
        tree = document_fromstring("<html><body></body></html>")
        tree[0].append(tree.makeelement("div", {name: word}))
        expected = _found(tree)
        with selecting():
            assert _found(tree) == expected, word


def _found(tree: HtmlElement) -> list[object]:
    """What each list of expressions finds: of the first, the first element of each alone is used."""
    first, *others = [[list(expression(tree)) for expression in expressions] for expressions in _LISTS]
    return [[found[:1] for found in first], *({element for part in found for element in part} for found in others)]


def test_text_is_that_of_the_general_entry(shared_data: Path) -> None:
    pages = gold_pages(shared_data / "gold/extraction.parquet", str(shared_data / "crawl/*.warc.gz"))
    for number, page in enumerate(pages):
        if number % 16 == 0:
            source, _ = decode(page.body, http_charset=page.request.charset)
            tree, other = html.parse(source), html.parse(source)
            assert tree is not None
            expected = extract(tree, fast=True, favor_recall=True, include_comments=False)
            assert rules_text(other, lambda page=source: html.parse(page)) == (expected or "")


def test_what_is_no_text_for_trafilatura_is_none_here() -> None:
    tree = html.parse("<html><body><div class=menu></div></body></html>")
    assert tree is not None
    assert rules_text(tree, lambda: html.parse("<html><body></body></html>")) == ""


def test_marks_are_forgotten_and_stay_the_same() -> None:
    marks = Marks(("^a|b-?c", "(?:d|e)f"), {"whole": 4}, case=8)
    values = {"ax": 1, "xa": 0, "xbc": 1, "ef df": 2, "a ef": 3, "whole": 4, "whole ": 0, "xCaSe": 8, "a" * 300: 1}
    for _ in range(2):
        assert {value: marks[value] for value in values} == values
        assert [marks[str(number)] for number in range(5000)] == [0] * 5000
    assert len(marks) < 5000
    assert "a" * 300 not in marks
