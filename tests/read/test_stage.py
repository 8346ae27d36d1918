"""The Beam edge: inputs on disk, and the root transform."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.errors import InputError
from transforms.read.address import scheme_of
from transforms.read.params import ReadParams
from transforms.read.splits import plan_splits
from transforms.read.stage import DRIVERS, ReadWarc, expand_inputs, open_archive
from transforms.read.warc import read_split
from transforms.records import Page
from transforms.rejection import RejectedRecord

if TYPE_CHECKING:
    from tests.read.conftest import Workshop


@pytest.fixture
def crawl(make: Workshop, tmp_path: Path) -> Path:
    """Two archives of 20 pages each, one with a redirect, and one that is none."""
    for name in ("b", "a"):
        pages = [make.record(uri=f"http://{name}.com/{i}", body=b"<html>%d" % i * 99) for i in range(20)]
        (tmp_path / f"{name}.warc.gz").write_bytes(
            make.members([make.warcinfo(), make.record(status="301 No"), *pages])
        )
    (tmp_path / "none.warc").write_bytes(b"no archive")
    return tmp_path


def test_archives_are_sorted_by_name_and_split_by_content(make: Workshop, crawl: Path) -> None:
    (crawl / "c.warc.gz").write_bytes(make.record())
    (crawl / "d.warc").write_bytes(make.members([make.record()]))
    (crawl / "e.arc.gz").write_bytes(make.members(make.arc()))
    archives = expand_inputs([str(crawl)])
    assert [(archive.warc_file, archive.splittable) for archive in archives] == [
        ("a.warc.gz", True),
        ("b.warc.gz", True),
        ("c.warc.gz", False),
        ("d.warc", True),
        ("e.arc.gz", False),
        ("none.warc", False),
    ]
    assert all(archive.size == Path(archive.file_path).stat().st_size for archive in archives)


def test_a_named_file_must_look_like_an_archive_and_a_met_one_need_not(crawl: Path) -> None:
    (crawl / "empty.warc").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        expand_inputs([str(crawl / "none.warc"), str(crawl / "gone.warc"), str(crawl / "empty.warc")])
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "no such file" in lines[0]
    assert "is empty; leave it out" in lines[1]
    assert "is no archive: it begins as neither gzip, zstd, WARC nor ARC; leave it out" in lines[2]
    assert [archive.warc_file for archive in expand_inputs([str(crawl / "*.warc")])] == ["empty.warc", "none.warc"]


@pytest.mark.parametrize(
    ("address", "cure"),
    [
        ("https://e.com/x/", "web servers list no directories"),
        ("foo://x", "nothing reads foo://; give a path"),
        ("s3://bucket/x", "pip install 'firsthand[aws]'"),
        ("gs://bucket/*.gz", "pip install 'firsthand[gcp]'"),
        ("hdfs://host/x/", "pip install 'apache-beam[hadoop]'"),
        ("azfs://account/x/y", "pip install 'apache-beam[azure]'"),
    ],
)
def test_an_address_that_nothing_here_reads_is_one_line_with_a_cure(address: str, cure: str) -> None:
    driver = DRIVERS.get(scheme_of(address))
    if driver and _installed(driver):
        pytest.skip(f"{driver} is installed, so that the address would be asked")
    with pytest.raises(InputError) as caught:
        expand_inputs([address])
    assert repr(address) in str(caught.value)
    assert cure in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["ftp://x/list", "ftp://x/list.gz"])
def test_a_list_that_nothing_here_reads_has_the_line_of_an_archive(address: str) -> None:
    for pattern in (address, f"@{address}"):
        with pytest.raises(InputError) as caught:
            expand_inputs([pattern])
        assert str(caught.value) == (
            f"cannot look up {address!r}: nothing reads ftp://; "
            "give a path, or an address with file, http, https, s3, gs, hdfs, azfs"
        )


def _installed(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True


def test_an_archive_is_opened_as_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(b"content"))
    with open_archive(str(path)) as stream:
        assert stream.seekable()
        assert stream.read() == path.read_bytes()


@pytest.fixture
def ill_named(make: Workshop, tmp_path: Path) -> Path:
    """A directory with one archive, in splits of 500 bytes many, whose name is not UTF-8."""
    path = os.fsencode(tmp_path / "in" / "caf") + b"\xe9.warc.gz"
    (tmp_path / "in").mkdir()
    try:
        Path(os.fsdecode(path)).write_bytes(make.members([make.record(b"<html>%d" % i * 99) for i in range(20)]))
    except (OSError, UnicodeError):
        pytest.skip("the file system takes only UTF-8")
    return tmp_path / "in"


def test_an_archive_with_a_name_that_is_not_utf_8_is_opened_by_it_and_written_without(ill_named: Path) -> None:
    [archive] = expand_inputs([str(ill_named)])
    assert os.fsencode(archive.file_path).endswith(b"caf\xe9.warc.gz")
    assert archive.warc_file == "caf\\udce9.warc.gz"
    for split in plan_splits([archive], split_bytes=500):
        assert split.split_id.isascii()
        with open_archive(split.file_path) as stream:
            *items, _ = read_split(stream, split, ReadParams())
        for item in items:
            assert isinstance(item, Page)
            assert item.origin.file_path == f"{ill_named}/caf\\udce9.warc.gz"
            json.dumps(asdict(item.origin), ensure_ascii=False).encode()


def test_a_pipeline_reads_an_archive_with_a_name_that_is_not_utf_8(ill_named: Path) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        read = pipeline | ReadWarc([str(ill_named)], split_bytes=500)
        names = read["pages"] | beam.Map(lambda page: page.origin.file_path) | beam.combiners.Count.PerElement()
        assert_that(names, equal_to([(f"{ill_named}/caf\\udce9.warc.gz", 20)]))


def _place(item: Page | RejectedRecord) -> tuple[str, int]:
    return item.origin.warc_file, item.origin.record_offset


@pytest.mark.parametrize("split_bytes", [500, 1 << 20])
def test_a_pipeline_reads_pages_and_rejections(crawl: Path, split_bytes: int) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        read = pipeline | ReadWarc([str(crawl)], split_bytes=split_bytes)
        uris = read["pages"] | "Uri" >> beam.Map(lambda page: page.origin.target_uri)
        reasons = read["rejected"] | "Reason" >> beam.Map(lambda item: item.rejection.reason.value)
        places = read["pages"] | "Place" >> beam.Map(_place) | beam.Distinct() | beam.combiners.Count.Globally()
        assert_that(uris, equal_to([f"http://{name}.com/{i}" for name in "ab" for i in range(20)]), label="uris")
        assert_that(reasons, equal_to(["http_status", "http_status", "not_archive"]), label="reasons")
        assert_that(places, equal_to([40]), label="places")


def test_a_pipeline_fails_where_splits_do_not_chain(make: Workshop, tmp_path: Path) -> None:
    inner = gzip.compress(make.record(uri="http://victim.example/"), mtime=0)
    hostile = make.members([make.record(b"<html>" + b"." * 3000 + inner + b"." * 500)], level=0)
    (tmp_path / "x.warc.gz").write_bytes(make.members([make.record()]) + hostile + make.members([make.record()]))
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = pipeline | ReadWarc([str(tmp_path)], split_bytes=2000)
    with pytest.raises(Exception, match="the splits do not meet at byte"):
        pipeline.run().wait_until_finish()
