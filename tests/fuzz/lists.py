"""Lists of inputs: lines that stay where the list may lead, or the reason why one is not read."""

from __future__ import annotations

import io
import posixpath
from contextlib import suppress
from urllib.parse import unquote

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tests.fuzz.choices import Choices
from transforms.read.address import is_remote, is_web
from transforms.read.inputs import Files, find_inputs
from transforms.read.lists import ListError, read_list, refuse_base, resolve
from transforms.read.network import leads_inside

SOURCES = (
    "https://data.example.org/crawl/warc.paths",
    "s3://bucket/crawl/warc.paths.gz",
    "local.paths",
    "http://[::1]/a",
)
BASES = (None, "https://data.example.org/crawl/", "s3://bucket/crawl", "/data/crawl", "file:///data")


def check(data: bytes) -> None:
    """Read the rest as a list from the place, and with the base, that the first bytes name."""
    choices = Choices(data)
    source, base = choices.pick(SOURCES), choices.pick(BASES)
    raw = choices.rest()
    try:
        lines = read_list(io.BytesIO(raw))
    except ListError:
        lines = []
    for line in lines[:50]:
        with suppress(ListError):
            _check_place(resolve(line, source=source, base=base), line, source, base)
    text = raw.decode("utf-8", "replace")[:200]
    assert refuse_base(text) is None or refuse_base(text)
    if is_remote(source) and (base is None or is_remote(base)):  # else globs would walk this machine
        lines_of = Files(match=lambda _: [], open=lambda _: io.BytesIO(raw))
        assert isinstance(find_inputs([f"@{source}"], lines_of, base=base).problems, list)


def _check_place(place: str, line: str, source: str, base: str | None) -> None:
    if is_remote(source) and base is None:
        assert is_remote(place), "a list from elsewhere names a local file"
    if is_web(source) and base is None:
        assert is_web(place)
        assert not leads_inside(source, place)
    if base is not None and "://" not in line and not line.startswith(("/", "~")):
        assert place.startswith(base.rstrip("/"))
        _check_below(place, base)


def _check_below(place: str, base: str) -> None:
    if is_web(base):
        with suppress(LocationParseError):
            assert f"{parse_url(place).path or '/'}/".startswith("/crawl/"), "a line leads out of its base"
    elif not is_remote(base):
        folder = unquote(base.removeprefix("file://"))
        assert posixpath.normpath(unquote(place.removeprefix("file://"))).startswith(folder)
