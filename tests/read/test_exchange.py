"""Where requests go: redirects, and where they must not lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webserver import Site, serve
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, WebError
from transforms.read.ranges import WebFile


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with one file behind five redirects, two that go round, and some that lead elsewhere."""
    redirects = {f"/{step}": f"/{step + 1}" for step in range(5)}
    redirects |= {"/round": "/and-round", "/and-round": "/round", "/far": "/0", "/lost": ""}
    redirects |= {"/disk": "file:///etc/passwd", "/ftp": "ftp://127.0.0.1/a", "/secret": "http://u:p@127.0.0.1/a"}
    redirects |= {"/bracket": "http://[", "/escape": "http://\x1b(0.invalid?signature=u:p"}
    with serve(Site({"/5": b"content"}, redirects=redirects)) as served:
        yield served


def fetch(site: Site, path: str) -> bytes:
    def sleep(seconds: float) -> None:
        raise AssertionError(seconds)  # none of this is worth a second attempt

    return WebFile(site.url(path), Exchange(HttpParams(), Clock(sleep=sleep))).fetch(0, 100)


def test_five_redirects_are_followed_on_one_connection(site: Site) -> None:
    assert fetch(site, "/0") == b"content"
    assert [request.path for request in site.requests] == ["/0", "/1", "/2", "/3", "/4", "/5"]
    assert len({request.port for request in site.requests}) == 1


@pytest.mark.parametrize("path", ["/far", "/round"])
def test_more_redirects_and_loops_are_an_error(site: Site, path: str) -> None:
    with pytest.raises(WebError, match=rf"{path}': it redirects more than 5 times; give the address of the file"):
        fetch(site, path)
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/disk", "it redirects to file, which is not followed"),
        ("/ftp", "it redirects to ftp, which is not followed"),
        ("/secret", "it redirects to a malformed address or one with a password"),
        ("/bracket", "it redirects to a malformed address"),
        ("/escape", "an address at .*: it is malformed"),
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(site: Site, path: str, message: str) -> None:
    with pytest.raises(WebError, match=message) as caught:
        fetch(site, path)
    assert "u:p" not in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(site.requests) == 1


def test_a_redirect_to_nowhere_ends(site: Site) -> None:
    with pytest.raises(WebError, match="more than 5 times"):
        fetch(site, "/lost")


def test_params_out_of_range_are_told_all_at_once() -> None:
    assert HttpParams().problems() == []
    problems = HttpParams(attempts=0, timeout=-1.0, backoff=1e9, max_bytes=0).problems()
    assert [problem.split("=")[0] for problem in problems] == [
        "--http_attempts",
        "--http_timeout",
        "--http_backoff",
        "--http_max_bytes",
    ]
