"""Registrable domains."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.domains import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("example.com.", "example.com"),
        ("news.example.co.uk", "example.co.uk"),
        ("x.city.kawasaki.jp", "city.kawasaki.jp"),  # an exception in the list
        ("alice.github.io", "github.io"),  # a suffix of a company, not of a registry
        ("shop.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn"),  # 公司.cn is a suffix
    ],
)
def test_the_domain_is_what_somebody_registered(host: str, domain: str) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    "host", ["", "localhost", "192.0.2.7", "[2001:db8::1]", "a..b", "xn--.com", "evil[.com", ".com"]
)
def test_what_is_no_domain_name_stands_for_itself(host: str) -> None:
    assert registrable(host) == host


@given(st.text(max_size=60) | st.from_regex(r"[a-z0-9.\[\]@:/%-]{1,60}", fullmatch=True))
@settings(deadline=None)
def test_no_host_is_too_odd_and_a_domain_is_always_its_end(host: str) -> None:
    assert host.rstrip(".").endswith(registrable(host))
