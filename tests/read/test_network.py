"""Addresses inside a network, however they are written."""

from __future__ import annotations

import pytest

from transforms.read.network import leads_inside

OUTSIDE = "https://data.commoncrawl.org/a"


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.254.43518",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",  # NAT64
        "[64:ff9b:1::a9fe:a9fe]",  # NAT64 of one network
        "[2002:7f00:1::]",  # 6to4
        "[2001:0:7f00:1::]",  # Teredo, by its server
        "[2001:0:808:808::5601:5601]",  # Teredo, by its client
        "[::127.0.0.1]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
        "127.0.0.1:8000",
        "127.1",
        "[::1]",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "LOCALHOST",
        "localhost.",
        "x.localhost",
        "169.254.169.254\\e.com",  # a backslash ends the host for the library that connects, and not for Python
        "localhost\\@e.com",
    ],
)
def test_a_host_inside_is_reached_only_from_inside(host: str) -> None:
    assert leads_inside(OUTSIDE, f"http://{host}/x")
    assert not leads_inside("http://127.0.0.1:8000/a", f"http://{host}/x")


@pytest.mark.parametrize(
    "host",
    [
        "1.1.1.1",
        "a\0b",
        "[2606:4700::1111]",
        "[64:ff9b::1.1.1.1]",
        "[2002:101:101::]",
        "[::1.1.1.1]",
        "e.com",
        "10.e.com",
        "localhost.e.com",
        "172.32.0.1",
    ],
)
def test_a_host_outside_is_reached_from_anywhere(host: str) -> None:
    assert not leads_inside(OUTSIDE, f"https://{host}/x")
    assert not leads_inside("http://10.0.0.1/a", f"https://{host}/x")
