"""Ranges from a server that fails: every byte once and in place, or an error that says why."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webserver import Mishap, Request, Site, faulty, serve
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, MissingError, WebError
from transforms.read.ranges import UnrangedError, Version, WebFile

CONTENT = Random(1).randbytes(300_000)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with one file."""
    with serve(Site({"/a.warc.gz": CONTENT})) as served:
        yield served


def connect(waits: list[float] | None = None, **params: float) -> Exchange:
    """Connections that wait for nothing, and note how long they would have."""
    noted = [] if waits is None else waits
    return Exchange(HttpParams(**({"timeout": 5.0} | params)), Clock(sleep=noted.append, draw=lambda: 0.5))  # type: ignore[arg-type]


def first(count: int, mishap: Mishap) -> Callable[[Request], Mishap | None]:
    """The first requests fail."""
    left = [mishap] * count
    return lambda _: left.pop() if left else None


def open_file(site: Site, **params: float) -> WebFile:
    return WebFile(site.url("/a.warc.gz"), connect(**params))


def test_a_range_is_one_request_and_tells_the_version(site: Site) -> None:
    file = open_file(site)
    assert file.fetch(1000, 500) == CONTENT[1000:1500]
    assert file.describe().size == len(CONTENT)
    assert [(request.method, request.start, request.end) for request in site.requests] == [("GET", 1000, 1500)]


def test_a_range_ends_with_the_file(site: Site) -> None:
    file = open_file(site)
    assert file.fetch(len(CONTENT) - 10, 500) == CONTENT[-10:]
    assert file.fetch(len(CONTENT), 500) == b""


def test_requests_share_a_connection_and_say_who_asks(site: Site) -> None:
    exchange = connect()
    for start in range(0, 50_000, 10_000):
        WebFile(site.url("/a.warc.gz"), exchange).fetch(start, 10_000)
    assert len({request.port for request in site.requests}) == 1
    assert {request.headers["accept-encoding"] for request in site.requests} == {"identity"}
    assert all(request.headers["user-agent"].startswith("firsthand/") for request in site.requests)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_the_time_it_names(site: Site, status: int) -> None:
    waits: list[float] = []
    site.fate = first(2, Mishap("status", status=status, headers={"Retry-After": "7"}))
    assert WebFile(site.url("/a.warc.gz"), connect(waits)).fetch(0, 99) == CONTENT[:99]
    assert waits == [7.25, 7.5]


def test_a_busy_server_may_name_a_date(site: Site) -> None:
    waits: list[float] = []
    site.fate = first(1, Mishap("status", headers={"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}))
    clock = Clock(sleep=waits.append, now=lambda: 784111770.0, draw=lambda: 0.0)
    WebFile(site.url("/a.warc.gz"), Exchange(HttpParams(), clock)).fetch(0, 99)
    assert waits == [7.0]


@pytest.mark.parametrize("kind", ["truncate", "stall", "reset"])
def test_an_answer_that_breaks_off_goes_on_from_the_byte_it_had(site: Site, kind: str) -> None:
    site.fate = first(2, Mishap(kind, sent=0.25))
    assert open_file(site, timeout=0.2).fetch(100, 80_000) == CONTENT[100:80_100]
    starts = [request.start for request in site.requests]
    if kind == "reset":  # throws away what has not been read yet
        assert starts == sorted(starts, key=lambda start: start or 0)
    else:
        assert starts == [100, 20_100, 35_100]
    assert {request.end for request in site.requests} == {80_100}


def test_an_answer_that_always_breaks_off_is_an_error_with_as_many_requests_as_attempts(site: Site) -> None:
    site.fate = lambda _: Mishap("truncate", sent=0.0)
    with pytest.raises(WebError, match=r"warc\.gz': the connection broke 500 bytes before the end.*after 4 attempts"):
        open_file(site, attempts=4).fetch(0, 500)
    assert len(site.requests) == 4


def test_a_server_that_never_answered_is_given_up_early() -> None:
    waits: list[float] = []
    with serve(Site({})) as gone:
        url = gone.url("/a")
    with pytest.raises(WebError, match=r"no connection to the server \('http://127.*after 3 attempts"):
        WebFile(url, connect(waits)).fetch(0, 1)
    assert len(waits) == 2


def test_an_answer_that_trickles_is_given_up(site: Site) -> None:
    moments = iter(range(0, 10**9, 200))
    exchange = Exchange(HttpParams(attempts=2), Clock(sleep=lambda _: None, monotonic=lambda: float(next(moments))))
    with pytest.raises(WebError, match="less than 1024 bytes a second, after 2 attempts"):
        WebFile(site.url("/a.warc.gz"), exchange).fetch(0, len(CONTENT))


@pytest.mark.parametrize("kinds", [("truncate", "status"), ("reset",), ("stall", "truncate")])
def test_whatever_fails_the_bytes_are_those_of_the_file(kinds: tuple[str, ...]) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.integers(), st.lists(st.tuples(st.integers(0, 310_000), st.integers(1, 200_000)), min_size=2, max_size=6))
    def read(seed: int, ranges: list[tuple[int, int]]) -> None:
        with serve(Site({"/a.warc.gz": CONTENT}, fate=faulty(0.3, seed, kinds))) as site:
            file = open_file(site, attempts=40, timeout=0.05)
            for start, size in ranges:
                assert file.fetch(start, size) == CONTENT[start : start + size]

    read()


@pytest.mark.parametrize("etags", [True, False])
def test_a_file_that_changes_between_two_ranges_is_an_error(site: Site, etags: bool) -> None:
    site.etags = etags
    file = open_file(site)
    file.fetch(0, 500)
    site.files["/a.warc.gz"] = CONTENT[::-1] if etags else CONTENT + b"more"
    with pytest.raises(WebError, match=r"'http://.*/a\.warc\.gz': it was changed while it was read") as caught:
        file.fetch(500, 500)
    assert "read it again" in str(caught.value)
    assert len(site.requests) == 2


def test_a_file_that_changes_within_a_range_is_an_error(site: Site) -> None:
    def fate(request: Request) -> Mishap | None:
        site.files["/a.warc.gz"] = CONTENT if request.start == 0 else CONTENT[::-1]
        return Mishap("truncate") if request.start == 0 else None

    site.fate = fate
    with pytest.raises(WebError, match="it was changed while it was read"):
        open_file(site).fetch(0, 1000)


def test_a_change_is_seen_by_its_etag_where_the_server_ignores_conditions(site: Site) -> None:
    file = open_file(site)
    file.fetch(0, 500)
    site.conditions = False
    site.files["/a.warc.gz"] = CONTENT[::-1]
    with pytest.raises(WebError, match=r'it was changed while it was read \(ETag \'"\w+"\' then, \'"\w+"\' now\)'):
        file.fetch(500, 500)


def test_what_a_server_says_of_a_version_is_told_without_its_escapes() -> None:
    one, two = (Version(5, f'"\x1b[2J{nth}"', "") for nth in (1, 2))
    assert one.difference(two) == r"""ETag '"\x1b[2J1"' then, '"\x1b[2J2"' now"""


def test_a_file_that_shrinks_is_an_error(site: Site) -> None:
    site.etags = False
    file = open_file(site)
    file.fetch(0, 500)
    site.files["/a.warc.gz"] = CONTENT[:400]
    with pytest.raises(WebError, match=r"changed while it was read \(300000 bytes then, 400 now\)"):
        file.fetch(500, 500)


def test_a_server_may_give_less_at_a_time_but_not_by_the_byte(site: Site) -> None:
    site.most = 1 << 16
    assert open_file(site).fetch(10, 200_000) == CONTENT[10 : 10 + (1 << 16)]
    site.most = 1000
    with pytest.raises(WebError, match="the server sends 1000 bytes where"):
        open_file(site, attempts=3).fetch(10, 200_000)


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(site: Site) -> None:
    with pytest.raises(WebError, match=r"it has 300000 bytes, more than --http_max_bytes=299999 allows"):
        open_file(site, max_bytes=299_999).fetch(0, 10)
    assert open_file(site, max_bytes=300_000).fetch(0, 10) == CONTENT[:10]


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "has no such file"), (410, "has no such file"), (403, "refuses it"), (401, "refuses it"), (501, "HTTP 501")],
)
def test_an_answer_that_will_not_change_is_an_error_at_once(site: Site, status: int, message: str) -> None:
    site.fate = lambda _: Mishap("status", status=status)
    with pytest.raises(WebError, match=message) as caught:
        open_file(site).fetch(0, 10)
    assert isinstance(caught.value, MissingError) == (status in {404, 410})
    assert len(site.requests) == 1


def test_the_size_is_asked_for_by_head_or_by_one_byte_where_that_is_refused(site: Site) -> None:
    assert open_file(site).describe().size == len(CONTENT)
    site.head = False
    assert open_file(site).describe().size == len(CONTENT)
    asked = [(request.method, request.start, request.end) for request in site.requests]
    assert asked == [("HEAD", None, None), ("HEAD", None, None), ("GET", 0, 1)]


def test_an_empty_file_has_no_bytes(site: Site) -> None:
    site.files["/a.warc.gz"] = b""
    file = open_file(site)
    assert file.fetch(0, 100) == b""
    assert file.describe().size == 0


def test_a_server_without_ranges_gives_the_beginning_and_the_whole(site: Site) -> None:
    site.ranges = False
    file = open_file(site)
    assert file.fetch(0, 1000) == CONTENT[:1000]
    assert not file.ranged
    with pytest.raises(UnrangedError):
        file.fetch(1000, 10)
    whole = io.BytesIO()
    site.fate = first(2, Mishap("truncate"))
    file.download(whole)
    assert whole.getvalue() == CONTENT


def test_a_whole_file_that_changed_is_an_error(site: Site) -> None:
    site.ranges = False
    file = open_file(site)
    file.fetch(0, 1000)
    site.files["/a.warc.gz"] = CONTENT[::-1]
    with pytest.raises(WebError, match="it was changed while it was read"):
        file.download(io.BytesIO())


def test_a_range_of_a_file_of_unknown_length_is_refused_at_once(site: Site) -> None:
    site.totals = False
    with pytest.raises(WebError, match="does not say which range of how much it sends; download it first"):
        open_file(site).fetch(0, 10)
    assert len(site.requests) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_whatever_stands_in_an_address_it_is_an_error_with_a_message_if_it_cannot_be_read(name: str) -> None:
    with pytest.raises(WebError, match="cannot read"):
        WebFile(f"http://127.0.0.1:1/a{name}", connect()).fetch(0, 1)  # nobody listens at port 1


def test_a_file_of_unknown_length_is_refused(site: Site) -> None:
    site.ranges = site.lengths = False
    with pytest.raises(WebError, match="does not say how large it is; download it first"):
        open_file(site).fetch(0, 10)
