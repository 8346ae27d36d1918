"""Hosts, of URLs that crawls record and of those that nobody should trust."""

from __future__ import annotations

from urllib.parse import urlsplit

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.hosts import HOST


def host(url: str) -> str:
    ((found,),) = duckdb.execute(f"SELECT {HOST} FROM (SELECT ? AS url)", [url]).fetchall()
    return str(found)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.ORG/A", "example.org"),
        ("http://user:pass@a.example:8080/x?http://b.example/", "a.example"),
        ("http://user@evil@a.example/", "a.example"),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]"),
        ("https://a.example?x", "a.example"),
        ("https://a.example#x", "a.example"),
        ("https://", ""),
        ("no url", ""),
        ("", ""),
        ("dns:a.example", ""),
        ("http://[::1", "["),
        ("http://münchen.example/", "münchen.example"),
        ("http://a.example'; DROP VIEW corpus; --/", "a.example'; drop view corpus; --"),
        ("http://a\x00b/", "a\x00b"),
    ],
)
def test_the_host_of_a_url(url: str, expected: str) -> None:
    assert host(url) == expected


def test_a_host_of_a_megabyte_is_read_in_linear_time() -> None:
    assert len(host("http://" + "a@" * 500_000 + "b" * 10)) == 10


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(["", "me@", "me:secret@"]),
    st.from_regex(r"[A-Za-z0-9.-]{1,30}", fullmatch=True),
    st.sampled_from(["", ":80", ":"]),
    st.sampled_from(["", "/", "/a:b@c", "?q=@", "#:"]),
)
def test_hosts_are_those_of_the_standard_library(scheme: str, user: str, name: str, port: str, rest: str) -> None:
    url = f"{scheme}://{user}{name}{port}{rest}"
    assert host(url) == (urlsplit(url).hostname or "")
