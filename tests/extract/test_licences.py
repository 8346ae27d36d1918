"""Licences that pages declare."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.parsers import read_alike
from transforms.extract import jsonld
from transforms.extract.licences import licences, name_of
from transforms.extract.page import Request, extract_page

BY = "https://creativecommons.org/licenses/by/4.0/"


def declared(head: str = "", body: str = "<p>x</p>", headers: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    source = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_alike(
        source, lambda markup: licences(markup, headers=headers, metas=markup.metas(), json=jsonld.blocks(markup))
    )


def graph(**article: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "Article", **article})}</script>'


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (BY, "license:cc-by-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/2.5/deed.de", "license:cc-by-nc-nd-2.5"),
        ("//www.creativecommons.org/licenses/BY-SA/3.0/de/", "license:cc-by-sa-3.0"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "license:cc-by-nc-nd-1.0"),
        (" https://creativecommons.org/publicdomain/zero/1.0/ ", "license:cc0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/deed.en", "license:pdm-1.0"),
        ("https://www.gnu.org/licenses/old-licenses/fdl-1.2.html", "license:gfdl"),
        ("http://www.gnu.org/copyleft/fdl.html", "license:gfdl"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "license:ogl-uk"),
        ("https://creativecommons.org/licenses/by/9.9/", "license:other"),  # no such version
        ("https://creativecommons.org/licenses/sampling/1.0/", "license:other"),
        ("https://creativecommons.org/licenses/by/4.0x", "license:other"),
        ("https://creativecommons.org.example/licenses/by/4.0/", "license:other"),
        ("https://example.org/?u=https://creativecommons.org/licenses/by/4.0/", "license:other"),
        ("/terms", "license:other"),
        ("CC BY 4.0", "license:other"),  # a name, which anyone may spell as they like
    ],
)
def test_a_licence_has_one_name_however_it_is_written(value: str, name: str) -> None:
    assert name_of(value) == name


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="license" href="{BY}">',
        f'<link rel="nofollow License" href="{BY}">',
        f'<meta name="dcterms.license" content="{BY}">',
        f'<meta property="DC.rights" content="{BY}">',
        graph(license=BY),
        graph(license={"@type": "CreativeWork", "url": BY}),
        graph(license=[{"@id": BY}]),
    ],
)
def test_the_head_of_a_page_declares_a_licence(head: str) -> None:
    assert declared(head) == ("license:cc-by-4.0",)


def test_a_link_of_the_body_and_a_header_declare_a_licence() -> None:
    assert declared(body=f'<a rel="license noopener" href="{BY}">CC BY</a>') == ("license:cc-by-4.0",)
    header = ("link", f'<https://example.org/next>; rel="next", <{BY}>; rel=license; title="CC"')
    assert declared(headers=(header,)) == ("license:cc-by-4.0",)


def test_a_link_of_an_empty_relation_is_passed_over() -> None:
    header = ("link", f'<https://example.org/next>; rel="", <{BY}>; rel=license')
    assert declared(headers=(header,)) == ("license:cc-by-4.0",)


@pytest.mark.parametrize(
    "markup",
    [
        f'<a href="{BY}">an article about this license</a>',
        f'<a rel="licensee" href="{BY}">x</a>',
        '<a rel="license">x</a>',
        f'<pre>&lt;link rel="license" href="{BY}"&gt;</pre>',
        '<meta name="dcterms.rights" content="All rights reserved">',
        '<meta name="dcterms.license" content=" ">',
        graph(image={"@type": "ImageObject", "license": BY}),
        graph(license=None),
        graph(license={"url": 5}),
        graph(license=""),
    ],
)
def test_what_is_said_elsewhere_or_of_something_else_declares_nothing(markup: str) -> None:
    assert declared(markup) == declared(body=markup) == ()


def test_terms_for_machines_are_told_by_their_media_type() -> None:
    assert declared('<link rel="license" type="application/rsl+xml" href="/license.xml">') == ("license:rsl",)
    header = ("link", '<https://example.org/license.xml>; rel="license"; type="application/rsl+xml"')
    assert declared(headers=(header,)) == ("license:rsl",)


def test_each_licence_comes_once_in_order_and_the_number_of_declarations_is_bounded() -> None:
    links = [f'<link rel="license" href="{BY}">', '<link rel="license" href="/terms">'] * 60
    assert declared("".join(links)) == ("license:cc-by-4.0", "license:other")
    assert declared("".join(['<link rel="license" href="/terms">'] * 100 + links)) == ("license:other",)


def test_opt_outs_stand_before_licences_in_the_rights_of_a_page() -> None:
    text = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. " * 5
    head = f'<link rel="license" href="{BY}"><meta name="robots" content="noai">'
    page = f"<html><head>{head}</head><body><article><p>{text}</p></article></body></html>".encode()
    request = Request(url="https://example.org/", headers=(), charset="utf-8", fetched="2024-06-01")
    extraction = extract_page(page, request, mode="fast")
    assert extraction is not None
    assert extraction.rights == ("noai", "license:cc-by-4.0")


@given(st.text(max_size=200) | st.builds("https://creativecommons.org/licenses/{}/{}".format, st.text(), st.text()))
@settings(deadline=None)
def test_no_value_of_a_page_becomes_part_of_a_name(value: str) -> None:
    assert name_of(value).isascii()
    assert len(name_of(value)) <= len("license:cc-by-nc-nd-4.0")
