"""The host of any URL, in time linear in the URL."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.host import host

PAD = "p" * 3000


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://user@Example.org:8080/a", "example.org"),
        ("//example.org/a", "example.org"),
        ("example.org/a", ""),
        ("http://[::1", ""),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("HTTP://EXAMPLE.org./a", "example.org."),
        ("", ""),
        (f"http://example.org/{PAD}", "example.org"),
        (f"http://example.org?{PAD}@other.org", "example.org"),
        (f"http://user:{PAD}@example.org:80/{PAD}", "example.org"),
        (f"http://{PAD}.org/", ""),
        (f"/{PAD}//example.org/", ""),
        (f"/a//example.org/{PAD}", ""),
        (f"http:/\t/example.org/{PAD}", "example.org"),
        (f"ht\ntp:\r//exa\tmple.org\n/{PAD}", "example.org"),
        (" \x01" * 3000 + "http://example.org/", "example.org"),
        (f"http://{'a' * 254}/", ""),
        (f"http://{'a' * 253}./", "a" * 253 + "."),
    ],
)
def test_the_host_is_found_however_long_the_rest(url: str, found: str) -> None:
    assert host(url) == found


@pytest.mark.parametrize("piece", ["\u0301\u0316", "\u0301\uff9e", "a.", "[", "@", ":", "//", "?", "中"])
def test_a_host_of_a_quarter_of_a_megabyte_is_none(piece: str) -> None:
    # Marks out of order are sorted by insertion: 65,000 of each are 10^9 steps, 14 s.
    assert host("http://e" + piece * 65_000) in ("", "e")


@given(st.text(alphabet="ah:/?#@[].é\t ", max_size=40))
@settings(deadline=None)
def test_a_short_url_has_the_host_that_the_standard_library_sees(url: str) -> None:
    try:
        expected = urlsplit(url).hostname or ""
    except ValueError:
        expected = ""
    assert host(url) == expected


@given(st.text(alphabet="ah:/?#@[].é\t\r\n \x01", max_size=40))
@settings(deadline=None)
def test_what_is_appended_to_the_path_changes_no_host(url: str) -> None:
    short = f"{url}/"
    assert host(short + PAD) == host(short)


@given(st.text(alphabet="ah.é\t\r\n @:", max_size=20))
@settings(deadline=None)
def test_what_is_appended_behind_a_host_hides_none(authority: str) -> None:
    short = f"http:/\t/{authority}/"
    assert host(short + PAD) == host(short)
