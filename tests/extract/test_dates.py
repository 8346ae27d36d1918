"""The date a page claims."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.parsers import read_alike
from transforms.extract import jsonld
from transforms.extract.dates import parse_date, published

FETCHED = date(2024, 6, 1)


def dated(head: str = "", *, body: str = "", url: str = "https://example.org/", modified: str = "") -> tuple[str, str]:
    source = f"<html><head><title>t</title>{head}</head><body><p>x</p>{body}</body></html>"
    headers = (("last-modified", modified),) if modified else ()
    return read_alike(
        source,
        lambda markup: published(
            markup,
            url=url,
            headers=headers,
            metas=markup.metas(),
            json=jsonld.blocks(markup),
            fetched=FETCHED,
        ),
    )


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


ARTICLE = ld('{"@type": "NewsArticle", "datePublished": "2021-03-04T10:00:00+01:00", "dateModified": "2023-01-01"}')


def test_json_ld_comes_first() -> None:
    meta = '<meta property="article:published_time" content="2020-01-01">'
    assert dated(meta + ARTICLE, url="https://example.org/2019/01/01/x") == ("2021-03-04", "json-ld")


@pytest.mark.parametrize(
    "name",
    [
        "article:published_time",
        "og:published_time",
        "datePublished",
        "date",
        "pubdate",
        "publish-date",
        "DC.date.issued",
        "DCTERMS.created",
        "citation_publication_date",
        "parsely-pub-date",
        "sailthru.date",
    ],
)
def test_a_meta_element_gives_the_date(name: str) -> None:
    assert dated(f'<meta name="{name}" content="2020-02-03T04:05:06Z">') == ("2020-02-03", "meta")


@pytest.mark.parametrize(
    "name", ["article:modified_time", "og:updated_time", "last-modified", "expires", "birthdate", "og:" * 100 + "date"]
)
def test_a_meta_element_about_something_else_gives_none(name: str) -> None:
    assert dated(f'<meta name="{name}" content="2020-02-03">') == ("", "")


@pytest.mark.parametrize(
    "element",
    [
        '<time itemprop="datePublished" datetime="2020-02-03">last week</time>',
        '<meta itemprop="datePublished" content="2020-02-03">',
        '<span itemprop="datePublished">2020-02-03</span>',
        '<span itemprop="datePublished">2020<!-- -->-02-03<b>1999-01-01</b></span>',
        '<time pubdate datetime="2020-02-03T00:00">3 Feb</time>',
        '<time class="entry-date published" datetime="2020-02-03">3 Feb</time>',
    ],
)
def test_microdata_gives_the_date(element: str) -> None:
    assert dated(body=element) == ("2020-02-03", "meta")


def test_a_time_element_in_running_text_gives_none() -> None:
    assert dated(body='<p>The war ended on <time datetime="1995-05-08">8 May</time>.</p>') == ("", "")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2021/03/04/title.html", "2021-03-04"),
        ("/news/2021-3-4-title", "2021-03-04"),
        ("/a/20210304/b", "2021-03-04"),
        ("/2021/13/04/title", ""),
        ("/2021/03/title", ""),
        ("/item/120210304", ""),
        ("/?day=/2021/03/04/", ""),
    ],
)
def test_the_path_of_the_url_gives_the_date(path: str, day: str) -> None:
    assert dated(url=f"https://example.org{path}") == (day, "url" if day else "")


def test_last_modified_is_the_last_resort() -> None:
    modified = "Thu, 04 Mar 2021 10:00:00 GMT"
    assert dated(modified=modified) == ("2021-03-04", "http")
    assert dated(url="https://example.org/2020/01/01/", modified=modified) == ("2020-01-01", "url")


def test_last_modified_on_the_day_of_the_fetch_means_now() -> None:
    assert dated(modified="Sat, 01 Jun 2024 10:00:00 GMT") == ("", "")


@pytest.mark.parametrize("day", ["2024-06-03", "9999-12-31", "1989-12-31", "0001-01-01", "2021-02-30", "soon", ""])
def test_a_date_that_cannot_be_is_passed_over_for_the_next(day: str) -> None:
    later = '<meta name="date" content="2020-01-01">'
    assert dated(f'<meta property="article:published_time" content="{day}">{later}') == ("2020-01-01", "meta")


def test_a_page_may_be_a_day_ahead_of_utc() -> None:
    assert dated('<meta name="date" content="2024-06-02">') == ("2024-06-02", "meta")


@pytest.mark.parametrize("url", ["http://[::1/2021/03/04/", "", "\x00"])
def test_an_invalid_url_gives_none(url: str) -> None:
    assert dated(url=url) == ("", "")


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} [\d:]{1,9} [+-]\d{1,5}"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    parsed = parse_date(text)
    assert parsed is None or date.min <= parsed <= date.max
