"""A file on a web server as a stream: any place, few requests, bounded memory."""

from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webserver import Mishap, Request, Site, faulty, serve
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, WebError
from transforms.read.ranges import WebFile
from transforms.read.readahead import ReadAhead

CONTENT = Random(2).randbytes(9 << 20)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with a file of 9 MiB."""
    with serve(Site({"/a": CONTENT})) as served:
        yield served


def open_stream(site: Site, **params: float) -> ReadAhead:
    clock = Clock(sleep=lambda _: None)
    return ReadAhead(WebFile(site.url("/a"), Exchange(HttpParams(**({"timeout": 5.0} | params)), clock)))  # type: ignore[arg-type]


def sizes(site: Site) -> list[int]:
    return [(request.end or 0) - (request.start or 0) for request in site.requests]


def test_requests_double_while_they_follow_each_other(site: Site) -> None:
    with open_stream(site) as stream:
        pieces = [stream.read(1 << 18) for _ in range(36)]
        assert stream.read(1 << 18) == b""
    assert b"".join(pieces) == CONTENT
    kib = [size >> 10 for size in sizes(site)]
    assert kib == [256, 512, 1024, 2048, 4096, 4096]


def test_behind_the_horizon_no_more_is_fetched_than_is_asked_for(site: Site) -> None:
    with open_stream(site) as stream:
        stream.horizon = 5 << 20
        while stream.tell() < 6 << 20:
            stream.read(1 << 18)
    kib = [size >> 10 for size in sizes(site)]
    assert kib == [256, 512, 1024, 2048, 1280, 256, 256, 256, 256]


def test_a_look_at_the_beginning_is_one_small_request(site: Site) -> None:
    with open_stream(site) as stream:
        assert stream.read(4096) == CONTENT[:4096]
        assert stream.seek(0, os.SEEK_END) == len(CONTENT)
    assert [(request.method, request.start, request.end) for request in site.requests] == [("GET", 0, 4096)]


def test_nothing_is_asked_for_before_it_is_needed(site: Site) -> None:
    with open_stream(site) as stream:
        assert stream.seek(5000) == stream.tell() == 5000
        assert stream.seek(-1000, os.SEEK_CUR) == 4000
        assert site.requests == []
        assert stream.seek(-10, os.SEEK_END) == len(CONTENT) - 10
        assert stream.read() == CONTENT[-10:]
    assert [request.method for request in site.requests] == ["HEAD", "GET"]


def test_what_is_held_is_not_asked_for_again(site: Site) -> None:
    with open_stream(site) as stream:
        stream.seek(1 << 20)
        stream.read(1 << 18)
        for place in ((1 << 20) + 5, 1 << 20, (1 << 20) + (1 << 17)):
            stream.seek(place)
            assert stream.read(1000) == CONTENT[place : place + 1000]
    assert len(site.requests) == 1


def test_a_read_never_takes_more_than_it_holds_ahead(
    site: Site, peak_bytes: Callable[[Callable[[], object]], int]
) -> None:
    def scan() -> None:
        with open_stream(site) as stream:
            while stream.read(1 << 18):
                pass

    assert peak_bytes(scan) < (3 << 22) + (1 << 20)  # held, coming in (a bytearray) and made bytes: three times 4 MiB


def test_what_was_held_is_gone_when_more_is_asked_for(site: Site) -> None:
    taken: list[int] = []

    def look(_request: Request) -> None:
        taken.append(tracemalloc.get_traced_memory()[0])

    site.fate = look
    tracemalloc.start()
    try:
        with open_stream(site) as stream:
            stream.read(1 << 18)
            while stream.read(100_000):  # from now on most requests end within a read
                pass
    finally:
        tracemalloc.stop()
    assert len(taken) == 6
    assert max(taken) < 1 << 20  # up to 4 MiB are held between requests


def test_places_beyond_the_end_are_empty(site: Site) -> None:
    with open_stream(site) as stream:
        assert stream.seek(1 << 40) == 1 << 40
        assert stream.read(10) == b""
        assert stream.seek(-5) == 0


Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("seek"), st.integers(0, len(CONTENT) + 10), st.just(0)),
        st.tuples(st.just("seek"), st.integers(-100_000, 100_000), st.just(1)),
        st.tuples(st.just("read"), st.integers(0, 600_000), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.booleans(), st.integers(0, 5))
def test_it_reads_as_the_file_does(steps: list[Step], ranges: bool, seed: int) -> None:
    fate = faulty(0.3, seed, ("truncate", "status", "reset"))
    with serve(Site({"/a": CONTENT}, ranges=ranges, fate=fate)) as site, open_stream(site, attempts=40) as stream:
        file = io.BytesIO(CONTENT)
        for kind, value, whence in steps:
            if kind == "read":
                assert stream.read(value) == file.read(value)
            else:
                place = value if whence == 0 else max(0, file.tell() + value)
                assert stream.seek(place) == file.seek(place)
            assert stream.tell() == file.tell()


def test_a_file_without_ranges_is_fetched_whole_once(site: Site) -> None:
    site.ranges = False
    with open_stream(site) as stream:
        stream.read(4096)
        assert not stream.ranged
        for place in (8 << 20, 5, 4 << 20):
            stream.seek(place)
            assert stream.read(100_000) == CONTENT[place : place + 100_000]
    assert len(site.requests) == 2


def test_a_small_file_without_ranges_is_one_request() -> None:
    with serve(Site({"/a": CONTENT[:5000]}, ranges=False)) as site, open_stream(site) as stream:
        assert stream.read(10_000) == CONTENT[:5000]
        stream.seek(10)
        assert stream.read() == CONTENT[10:5000]
    assert len(site.requests) == 1


def test_a_file_that_is_cut_short_is_never_read_as_if_it_ended_there(site: Site) -> None:
    site.fate = lambda request: Mishap("truncate") if (request.end or 0) > 5 << 20 else None
    with open_stream(site, attempts=5) as stream, pytest.raises(WebError, match="bytes before the end of an answer"):
        stream.readall()


def test_a_stall_on_the_way_costs_its_timeout_and_no_byte(site: Site) -> None:
    stalls = [Mishap("stall"), Mishap("stall", sent=0.0)]
    site.fate = lambda _: stalls.pop() if stalls else None
    with open_stream(site, timeout=0.1) as stream:
        assert stream.read(1 << 20) == CONTENT[: 1 << 20]
    assert len(site.requests) == 3
