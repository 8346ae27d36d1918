"""The example web answers on loopback only, on whatever port is free."""

from __future__ import annotations

import http.client

import pytest

from examples.addresses import Response
from examples.server import HOSTS, serve

ROUTES = {"/page": Response(200, (("Content-Type", "text/plain"),), b"words")}


def get(host: str, port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_every_host_answers_and_all_are_loopback() -> None:
    with serve(ROUTES) as (hosts, port):
        assert [get(host, port, "/page") for host in hosts] == [(200, b"words")] * len(HOSTS)
        assert all(host.startswith("127.") for host in hosts)
        assert get(hosts[0], port, "/other") == (404, b"")


def test_the_first_host_stands_for_all_where_another_is_no_address_of_this_machine() -> None:
    unassigned = "192.0.2.1"  # RFC 5737: for documentation only
    with serve(ROUTES, ("127.0.0.1", unassigned)) as (hosts, port):
        assert hosts == ["127.0.0.1", "127.0.0.1"]
        assert get(hosts[1], port, "/page") == (200, b"words")


def test_a_second_web_takes_another_port() -> None:
    with serve(ROUTES) as (hosts, port), serve(ROUTES) as (_, second):
        assert second != port
        assert get(hosts[0], second, "/page") == (200, b"words")


def test_the_web_is_gone_after_the_block() -> None:
    with serve(ROUTES) as (hosts, port):
        pass
    with pytest.raises(ConnectionRefusedError):
        get(hosts[0], port, "/page")
