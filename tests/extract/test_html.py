"""Markup to text."""

from __future__ import annotations

import pytest

from transforms.extract.extractor import MODES
from transforms.extract.page import Request, extract_page

PARAGRAPH = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. "
REQUEST = Request(url="https://example.org/ferry", headers=(), charset="utf-8", fetched="2024-06-01")


def page(body: str, head: str = "<title>Ferry</title>") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def text_of(body: str, mode: str = "fast") -> str:
    extraction = extract_page(page(body), REQUEST, mode=mode)
    return extraction.text if extraction else ""


ARTICLE = (
    "<nav><a href=/>Home</a> <a href=/tides>Tides</a></nav><article><h1>The ferry</h1>"
    f"<p>{PARAGRAPH * 4}</p><p>Second {PARAGRAPH * 4}</p><table><tr><td>Nine o'clock</td><td>Monday</td></tr></table>"
    "</article><footer>Imprint of the harbour office</footer>"
)


@pytest.mark.parametrize("mode", MODES)
def test_the_main_text_is_found_block_by_block(mode: str) -> None:
    text = text_of(ARTICLE, mode)
    assert PARAGRAPH.strip() in text
    assert "\nSecond The ferry" in text
    assert "Nine o'clock" in text
    assert "Imprint" not in text
    assert "Home" not in text


def test_little_text_is_rescued_and_the_rescuer_named() -> None:
    # A forum: trafilatura takes the teaser, resiliparse the thread.
    posts = "".join(f'<div class="post"><div class="meta">Ann</div><div>{PARAGRAPH * 3}</div></div>' for _ in range(20))
    extraction = extract_page(page(f"<article><p>{PARAGRAPH}</p></article>{posts}"), REQUEST, mode="fast")
    assert extraction is not None
    assert extraction.text.count(PARAGRAPH.strip()) >= 60
    assert "/fast+resiliparse-" in extraction.extractor


def test_a_feed_is_no_page() -> None:
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><item>{PARAGRAPH * 4}</item></channel></rss>'
    assert extract_page(feed.encode(), REQUEST, mode="fast") is None


@pytest.mark.parametrize(
    ("mode", "library"), [("fast", "trafilatura"), ("precise", "trafilatura"), ("resiliparse", "resiliparse")]
)
def test_the_extractor_is_named_with_its_version(mode: str, library: str) -> None:
    extraction = extract_page(page(ARTICLE), REQUEST, mode=mode)
    assert extraction is not None
    assert extraction.extractor.startswith(f"{library}-2.")


def test_a_page_does_not_depend_on_those_before_it() -> None:
    first = text_of(ARTICLE)
    assert [text_of(ARTICLE) for _ in range(5)] == [first] * 5


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\x00", b"<html></html>", b"<html><body><script>1</script></body></html>"]
)
def test_a_page_without_text_has_none(body: bytes) -> None:
    assert extract_page(body, REQUEST, mode="fast") is None


def test_everything_a_page_says_is_collected() -> None:
    head = (
        '<title>Ferry | Harbour</title><meta property="og:title" content=" The \n ferry ">'
        '<meta name="robots" content="noai"><meta name="ai-generated" content="true">'
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2021-03-04"}</script>'
    )
    extraction = extract_page(page(ARTICLE, head), REQUEST, mode="fast")
    assert extraction is not None
    assert extraction.title == "The ferry"
    assert (extraction.published, extraction.published_source) == ("2021-03-04", "json-ld")
    assert [declared.kind for declared in extraction.declarations] == ["ai-generated"]
    assert extraction.rights == ("noai",)
    assert extraction.charset == "utf-8"


@pytest.mark.parametrize(
    ("fetched", "published"), [("2021-03-01", ""), ("2021-03-05", "2021-03-04"), ("", "2021-03-04")]
)
def test_a_date_after_the_fetch_is_none(fetched: str, published: str) -> None:
    request = Request(url="", headers=(), charset="utf-8", fetched=fetched)
    extraction = extract_page(page(ARTICLE, '<meta name="date" content="2021-03-04">'), request, mode="fast")
    assert extraction is not None
    assert extraction.published == published


def test_escaped_surrogates_in_metadata_do_not_leave() -> None:
    block = '{"AIGC": {"Label": "1", "ContentProducer": "\\ud800x\\u0000"}}'
    extraction = extract_page(
        page(ARTICLE, f'<script type="application/ld+json">{block}</script>'), REQUEST, mode="fast"
    )
    assert extraction is not None
    assert [declared.detail for declared in extraction.declarations] == ["AIGC: Label 1 x"]


def test_a_title_is_bounded() -> None:
    extraction = extract_page(page(ARTICLE, f"<title>{'long ' * 1000}</title>"), REQUEST, mode="fast")
    assert extraction is not None
    assert len(extraction.title) <= 500
