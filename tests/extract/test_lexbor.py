"""One parse for resiliparse mode: what it reads is what libxml2's tree says."""

from __future__ import annotations

import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from tests.extract.parsers import read_alike
from transforms.extract import lexbor, libxml
from transforms.extract.charset import decode
from transforms.extract.markup import Markup
from transforms.extract.process import python_path

MOST, CHARS = 100, 1000
MEDIA_TYPES = ("application/ld+json", "application/c2pa")


def reading(markup: Markup) -> dict[str, object]:
    """Everything that is read of a page but its text."""
    relations = [link for link in markup.licence_links() if "license" in link.rel.lower()]
    carriers = {name: markup.carriers(name) for name in ("ai-disclosure", "aidisclosure")}
    return {
        "metas": markup.metas(),
        "title": " ".join(markup.title().split()),
        "scripts": [list(markup.scripts(media_type)) for media_type in MEDIA_TYPES],
        "item dates": [text.strip()[:64] for text in markup.item_dates()],
        "times": markup.times(),
        "licences": relations,
        "carriers": carriers,
        "articles": markup.articles() if any(carriers.values()) else None,
        "notices": [" ".join(text.split()) for text in markup.notices(most=MOST, chars=CHARS)],
    }


def test_both_parsers_read_the_same_of_every_page_of_the_crawl(shared_data: Path) -> None:
    pages = 0
    for path in sorted((shared_data / "crawl").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    source, _ = decode(record.content_stream().read(), http_charset="")
                    first, second = libxml.parse(source), lexbor.parse(source)
                    assert (first is None) == (second is None)
                    if first and second:
                        pages += 1
                        assert reading(second) == reading(first), record.rec_headers.get_header("WARC-Target-URI")
    assert pages > 600


# Nothing that either parser takes out or puts in: controls, and what stands for them.
VALUES = st.text(st.characters(min_codepoint=32, exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff"))
NAMES = st.sampled_from(("name", "property", "content", "class", "id", "rel", "href", "type", "datetime", "itemprop"))
KNOWN = st.sampled_from(("ai-disclosure", "license", "License noopener", "datePublished", "date", "2021-03-04", ""))


def element(tag: str, attributes: dict[str, str], text: str) -> str:
    """An element of the body, closed."""
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>" if tag in ("meta", "link") else f"<{tag}{written}>{escape(text)}</{tag}>"


ELEMENTS = st.builds(
    element,
    st.sampled_from(("meta", "link", "a", "time", "span", "p", "article", "pre", "code")),
    st.dictionaries(NAMES | st.sampled_from(("pubdate", "ai-disclosure")), VALUES | KNOWN, max_size=4),
    VALUES,
)


@settings(deadline=None, max_examples=200)
@given(st.lists(ELEMENTS, max_size=8), VALUES)
def test_both_parsers_read_the_same_of_any_sound_document(elements: list[str], title: str) -> None:
    # The word, without which libxml2's tree is not looked through for links in capitals.
    head = f"<!DOCTYPE html><!-- license --><html><head><title>{escape(title)}</title></head>"
    read_alike(f"{head}<body><div>\n{''.join(elements)}</div></body></html>", reading)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(ELEMENTS | st.text(max_size=20) | st.sampled_from(("<", "</", "<!--", "<svg>", "<template>")), max_size=9)
)
def test_a_broken_document_is_read_without_an_error(parts: list[str]) -> None:
    source = "".join(parts).encode("utf-8", "replace").decode().replace("\0", "")
    if markup := lexbor.parse(source):
        assert reading(markup) == reading(markup)
        text, extractor = markup.main_text(url="", mode="resiliparse")
        assert isinstance(text, str)
        assert extractor.startswith("resiliparse-")


@pytest.mark.parametrize(
    ("source", "is_page"),
    [
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', False),
        ('<?xml version="1.0"?><!-- x --><feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', False),
        ("<urlset><url><loc>https://example.org/</loc></url></urlset>", False),
        ("<html><body><p>x</p><rss></rss></body></html>", True),
        ("<html><frameset><frame src=x></frameset></html>", True),
    ],
)
def test_a_feed_is_no_page_to_either_parser(source: str, is_page: bool) -> None:
    assert (lexbor.parse(source) is not None) is is_page
    assert (libxml.parse(source) is not None) is is_page


@pytest.mark.parametrize(
    "source",
    [
        '<div class="ai-disclosure">not ' * 500,
        "<pre>" * 2000 + '<p class="ai-disclosure">' * 2000,
        '<p id="ai-disclosure">' + "<b></b>" * 20_000,
        '<time itemprop="datePublished">' + "<!-- -->" * 20_000,
        '<time class="published">' * 2000,
        '<a rel="license" href="x">' * 2000,
        "<meta name=x content=y>" * 20_000,
    ],
)
def test_what_is_read_of_a_document_made_to_be_slow_is_bounded(source: str) -> None:
    markup = lexbor.parse(source)
    assert markup is not None
    read = reading(markup)
    notices = read["notices"]
    assert isinstance(notices, list)
    assert all(len(text) <= CHARS for text in notices)


def test_a_template_states_nothing() -> None:
    within = '<meta name="date" content="2020-01-01"><a rel="license" href="x">x</a><p class="ai-disclosure">x</p>'
    inert, empty = lexbor.parse(f"<template>{within}</template>"), lexbor.parse("")
    assert inert is not None
    assert empty is not None
    assert reading(inert) == reading(empty)


def test_a_process_that_parses_by_resiliparse_loads_no_other_parser() -> None:
    load = "import sys; from transforms.extract import child; child.parser_of('resiliparse'); "
    check = "sys.exit('lxml' in sys.modules or 'trafilatura' in sys.modules)"
    environment = {"PYTHONPATH": python_path()}
    assert subprocess.run([sys.executable, "-c", load + check], env=environment, check=False).returncode == 0
