"""Beam's side of http: registered, read only, with flags of its own."""

from __future__ import annotations

import gzip
from argparse import ArgumentTypeError
from collections.abc import Iterator

import pytest
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from tests.webserver import Mishap, Site, serve
from transforms.errors import InputError
from transforms.read.exchange import HttpParams
from transforms.read.http import HttpFileSystem, HttpOptions, HttpsFileSystem, open_web

TEXT = b"some text\n" * 1000


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with a text, plain and gzip."""
    with serve(Site({"/a.txt": TEXT, "/a.txt.gz": gzip.compress(TEXT), "/get?file=a": TEXT})) as served:
        yield served


def test_beam_opens_an_address_as_it_lies_or_inflated(site: Site) -> None:
    assert isinstance(FileSystems.get_filesystem("https://h/x"), HttpsFileSystem)
    assert type(FileSystems.get_filesystem("http://h/x")) is HttpFileSystem
    with FileSystems.open(site.url("/a.txt")) as stream:
        assert stream.read() == TEXT
    with FileSystems.open(site.url("/a.txt.gz")) as stream:
        assert stream.read() == TEXT
    with FileSystems.open(site.url("/a.txt.gz"), compression_type=CompressionTypes.UNCOMPRESSED) as stream:
        assert stream.read(3) == b"\x1f\x8b\x08"


def test_a_name_is_one_file_or_none(site: Site) -> None:
    names = [site.url("/a.txt"), site.url("/none"), site.url("/get?file=a")]
    found = [[(entry.path, entry.size_in_bytes) for entry in one.metadata_list] for one in FileSystems.match(names)]
    assert found == [[(names[0], len(TEXT))], [], [(names[2], len(TEXT))]]
    assert FileSystems.exists(names[0])
    assert not FileSystems.exists(names[1])
    assert FileSystems.checksum(names[0]).startswith('"')
    assert FileSystems.last_updated(names[0]) == 0.0  # the server does not say


def test_names_are_joined_and_split_at_slashes() -> None:
    assert FileSystems.join("https://h/x/", "y", "z.gz") == "https://h/x/y/z.gz"
    assert FileSystems.split("https://h/x/y.gz") == ("https://h/x", "y.gz")


def test_nothing_can_be_written(site: Site) -> None:
    url = site.url("/new")
    for write in (FileSystems.create, FileSystems.mkdirs, lambda name: FileSystems.delete([name])):
        with pytest.raises(InputError, match="read only"):
            write(url)
    with pytest.raises(InputError, match="read only"):
        FileSystems.rename([url], [url])
    assert site.requests == []


def test_an_address_with_a_password_is_refused_before_it_is_asked_for() -> None:
    with pytest.raises(InputError, match="user names and passwords"):
        open_web("http://u:p@127.0.0.1:1/x", HttpParams())


def test_flags_say_how_and_travel_as_a_dictionary(site: Site) -> None:
    options = PipelineOptions(["--http_attempts=2", "--http_backoff=0.001", "--http_max_bytes=20000"])
    shipped = PipelineOptions.from_dictionary(options.get_all_options())
    params = HttpParams(attempts=2, backoff=0.001, max_bytes=20000)
    assert options.view_as(HttpOptions).params() == shipped.view_as(HttpOptions).params() == params
    assert PipelineOptions([]).view_as(HttpOptions).params() == HttpParams()
    site.fate = lambda _: Mishap("status")
    for given in (shipped, shipped.get_all_options()):
        with pytest.raises(InputError, match="after 2 attempts"):
            HttpFileSystem(given).size(site.url("/a.txt"))
    assert len(site.requests) == 4


@pytest.mark.parametrize("flag", ["attempts=0", "timeout=0", "backoff=100", "max_bytes=-1", "timeout=nan"])
def test_a_flag_out_of_range_is_refused(flag: str) -> None:
    with pytest.raises((SystemExit, ArgumentTypeError)):
        PipelineOptions([f"--http_{flag}"]).view_as(HttpOptions)
