"""Addresses of pages, inputs and redirects: hosts that are found or not, refusals in a line, never an exception."""

from __future__ import annotations

from contextlib import suppress

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from transforms.filter.urls import BlockList
from transforms.read import address
from transforms.read.network import leads_inside
from transforms.read.response import dump_of
from transforms.read.splits import escape_path, short_names
from transforms.report.domains import registrable

_BLOCKED = BlockList(frozenset(("example.com", "xn--bcher-kva.de")), ("/casino", "viagra"))
_WEB = "https://data.example.org/crawl/a.warc.gz"


def check(data: bytes) -> None:
    """Take the input for each kind of address."""
    text = data.decode("utf-8", "replace")
    _check_page(text)
    _check_input(data.decode("utf-8", "surrogateescape"))
    for target in (text, f"http://{text}", f"https://{text}/x"):
        problem = address.redirect_problem(_WEB, target)
        assert problem is None or problem.startswith("redirects")
        assert leads_inside(_WEB, target) in {True, False}
        if problem is None:
            assert not leads_inside(_WEB, target)
            _check_connection(target)


def _check_connection(target: str) -> None:
    """The library that connects takes an address apart by itself: it must not find another host in it."""
    with suppress(LocationParseError):
        place = parse_url(target)
        assert not leads_inside(_WEB, f"http://{place.host or ''}/")


def _check_page(url: str) -> None:
    entry = _BLOCKED.match(url)
    assert entry is None or entry.partition("=")[0] in {"host", "url"}
    assert _BLOCKED.match(f"http://sub.example.com/{url}") is not None
    domain = registrable(url.lower())
    assert len(domain) <= len(url.lower())
    dump_of(url)


def _check_input(path: str) -> None:
    for candidate in (path, f"https://{path}"):
        address.scheme_of(candidate)
        refusal = address.refuse(candidate)
        assert refusal is None or isinstance(refusal, str)
        address.with_lower_scheme(candidate)
    escape_path(path).encode()
    names = short_names([path, f"x/{path}", "y/z"])
    assert len(set(names.values())) == len(names)
    for name in names.values():
        name.encode()
    if "\0" not in path:
        address.local_path(path)
