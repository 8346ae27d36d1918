"""One parse for resiliparse mode: what it reads is what libxml2's tree says."""

from __future__ import annotations

import subprocess
import sys
import time
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
    "piece",
    [
        "<meta name=x content=y>",
        "<script type=application/ld+json>x</script>",
        '<time itemprop="datePublished"></time>',
        '<time class="published">',
        '<a rel="license" href="x">',
        "<p ai-disclosure=none>",
    ],
)
def test_the_time_to_read_a_document_grows_as_its_elements_do(piece: str) -> None:
    few, many = (seconds(piece * n) for n in (125, 1000))
    assert many < 24 * max(few, 5e-4)  # 8 times as many; 60 times the CPU time where each costs what all before it do


def seconds(source: str) -> float:
    """CPU time it takes to read a parsed document, the least of three."""
    markup = lexbor.parse(source)
    assert markup is not None
    times = []
    for _ in range(3):
        before = time.process_time()
        reading(markup)
        times.append(time.process_time() - before)
    return min(times)


def notices(source: str) -> list[str]:
    """Those of a document, in few nodes and characters."""
    markup = lexbor.parse(source)
    assert markup is not None
    return [" ".join(text.split()) for text in markup.notices(most=3, chars=10)]


def test_so_many_characters_are_read_of_so_many_notices() -> None:
    assert notices('<p class="ai-disclosure">not by a machine' * 5) == ["not by a m"] * 3


def test_a_notice_is_read_as_far_as_four_times_as_many_nodes_go() -> None:
    # Notices may be nested: without a bound each of 100 takes the time of all nodes behind it, 18 s for 60,000.
    for empty, said in ((38, ["by AI"]), (39, [""])):  # the element itself and the text are two more
        assert notices('<p class="ai-disclosure">' + "<b></b>" * empty + "by AI") == said


def test_notices_are_sought_among_four_times_as_many_marked_elements() -> None:
    notice = '<p class="ai-disclosure">by AI</p>'
    for examples, said in ((11, ["by AI"]), (12, [])):
        assert notices(f"<pre><code>{notice}</code></pre>" * examples + notice) == said


@pytest.mark.parametrize("outermost", ["div", "pre"])
@pytest.mark.parametrize("nested", [252, 253])
def test_a_notice_is_read_by_both_parsers_unless_it_is_nested_too_deep_or_part_of_code(
    outermost: str, nested: int
) -> None:
    # For each of n notices n ancestors were looked at: 9.7 s for 40,000.
    source = f"<{outermost}>" + "<div>" * nested + '<p class="ai-disclosure">by AI'
    said = read_alike(source, lambda markup: list(markup.notices(most=MOST, chars=CHARS)))
    assert said == (["by AI"] if (outermost, nested) == ("div", 252) else [])


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
