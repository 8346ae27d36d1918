"""Archives on a web server that fails: the rows of a local run, from a bounded number of requests."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.outputs import corpus, rejections
from tests.webserver import Mishap, Site, faulty, serve
from transforms.errors import InputError
from transforms.read.archive import SNIFF_BYTES
from transforms.read.chain import SplitReport
from transforms.read.params import ReadParams
from transforms.read.splits import plan_splits
from transforms.read.stage import expand_inputs, open_archive
from transforms.read.warc import read_split

Place = tuple[object, ...]
PATIENT = ["--", "--http_timeout=1", "--http_backoff=0.01"]


@contextmanager
def site_of(archives: Sequence[Path], share: float) -> Iterator[Site]:
    """A server with these archives and the list of them, of whose answers this share fails."""
    files = {f"/crawl-data/segments/1/warc/{path.name}": path.read_bytes() for path in archives}
    listed = "\n".join(name.removeprefix("/") for name in files)
    with serve(Site(files | {"/crawl-data/warc.paths.gz": gzip.compress(listed.encode())})) as site:
        site.fate = faulty(share, seed=4)
        yield site


def rows(output: Path) -> tuple[list[dict[str, object]], list[Place]]:
    """The corpus and the rejections of an output, without where the archives lay."""
    kept = [{name: value for name, value in row.items() if name != "file_path"} for row in corpus(output)]
    refused = [tuple(value for value in row if not str(value).endswith(".warc.gz")) for row in rejections(output)]
    return kept, sorted(refused, key=repr)


def test_a_list_of_archives_on_a_failing_server_gives_the_rows_of_a_local_run(
    crawl: Path, reference: Path, tmp_path: Path
) -> None:
    with site_of(sorted(crawl.glob("*.warc.gz")), share=0.3) as site:
        listed = "@" + site.url("/crawl-data/warc.paths.gz")
        assert main(["run", listed, "--output", str(tmp_path / "out"), "--workers", "2", *PATIENT]) == 0
    assert rows(tmp_path / "out") == rows(reference)
    addresses = {str(row["file_path"]) for row in corpus(tmp_path / "out")}
    assert addresses == {site.url(name) for name in site.files if name.endswith(".warc.gz")}
    assert len({request.port for request in site.requests}) < len(site.requests)


def test_flags_reach_the_workers(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    with serve(Site({"/a.warc.gz": next(crawl.glob("*.warc.gz")).read_bytes()})) as site:
        site.fate = lambda request: Mishap("status") if request.end != SNIFF_BYTES else None
        command = ["extract", site.url("/a.warc.gz"), "--output", str(output), "--set", "run.split_bytes=65536"]
        assert main([*command, "--workers", "2", "--", "--http_attempts=2", "--http_backoff=0.01"]) == 1
    said = capsys.readouterr().err
    assert f"cannot read '{site.url('/a.warc.gz')}': the server answers 503, after 2 attempts" in said
    assert list((output / "documents").iterdir()) == []


def extract(inputs: Sequence[str], output: Path) -> tuple[list[dict[str, object]], list[Place]]:
    """Documents and rejections, made with the cheapest extractor: what is compared is the reading."""
    command = ["extract", *inputs, "--output", str(output), "--set", "extract.extractor=resiliparse"]
    assert main([*command, "--set", "run.split_bytes=1048576", "--workers", "1", *PATIENT]) in (0, 3)
    (output / "corpus").symlink_to(output / "documents")
    return rows(output)


def read(addresses: Sequence[str]) -> int:
    """Read all splits and do nothing with them; returns how many responses there are."""
    responses = 0
    for split in plan_splits(expand_inputs(addresses), split_bytes=1 << 20):
        with open_archive(split.file_path) as stream:
            *_, report = read_split(stream, split, ReadParams())
        assert isinstance(report, SplitReport)
        responses += report.responses
    return responses


def test_the_real_crawl_on_a_failing_server_gives_the_rows_of_a_local_run(shared_data: Path, tmp_path: Path) -> None:
    archives = sorted((shared_data / "crawl").glob("*.warc.gz"))
    names = [f"/crawl-data/segments/1/warc/{path.name}" for path in archives]
    with site_of(archives, share=0.0) as plain:
        assert read([plain.url(name) for name in names]) == 696
    with site_of(archives, share=0.3) as failing:
        found = extract([failing.url(name) for name in names], tmp_path / "web")
    assert len(found[0]) + sum(1 for place in found[1] if "response" in place) == 696
    assert found == extract([str(path) for path in archives], tmp_path / "local")
    # A look at each of 4 archives, and 4 requests a split: 256, 512 and 256 KiB, and what lies behind its end. Of 30 %
    # failing, a request is made 1.43 times on average, with a standard deviation of 0.78: that 70 are made twice as
    # often is no chance.
    assert len(plain.requests) <= 4 + 4 * 18
    assert len(plain.requests) < len(failing.requests) <= 2 * len(plain.requests)


def test_a_first_look_at_a_long_list_asks_for_few_archives(crawl: Path, tmp_path: Path) -> None:
    archive = next(crawl.glob("*.warc.gz")).read_bytes()
    files = {f"/cc/{number:05d}.warc.gz": archive for number in range(3)}
    lines = [f"cc/{number:05d}.warc.gz" for number in range(5000)]
    listed = tmp_path / "warc.paths"
    listed.write_text("\n".join(reversed(lines)))
    with serve(Site(files)) as site:
        archives = expand_inputs([f"@{listed}"], base=site.url("/"), limit=3)
    assert [found.file_path for found in archives] == [site.url(name) for name in files]
    assert sorted((request.path, request.start, request.end) for request in site.requests) == [
        (name, 0, 4096) for name in files
    ]


def test_the_problems_of_a_long_list_are_told_in_a_few_lines(tmp_path: Path) -> None:
    listed = tmp_path / "warc.paths"
    listed.write_text("\n".join(f"cc/{number}.warc.gz" for number in range(1000)))
    with serve(Site({})) as site, pytest.raises(InputError) as caught:
        expand_inputs([f"@{listed}"], base=site.url("/"))
    *problems, last = str(caught.value).splitlines()
    assert len(problems) == 20
    assert all("the server has no such file (HTTP 404)" in problem for problem in problems)
    assert last == "and more problems: these are the first"
    assert len(site.requests) == 256  # once there are too many to tell, no more are looked for


def test_an_archive_of_a_server_without_ranges_is_one_split(crawl: Path) -> None:
    path = next(crawl.glob("*.warc.gz"))
    with serve(Site({"/a.warc.gz": path.read_bytes()}, ranges=False)) as site:
        [found] = expand_inputs([site.url("/a.warc.gz")])
        with open_archive(found.file_path) as stream:
            assert stream.read() == path.read_bytes()
    assert (found.size, found.splittable) == (path.stat().st_size, False)
    assert len(site.requests) == 3  # a look, the beginning, the whole


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["http://ann:pa55@127.0.0.1:1/x.warc.gz"], "user names and passwords in an address are not taken"),
        (["http://127.0.0.1:1/*.warc.gz"], "web servers have no wildcards"),
        (["http://127.0.0.1:1/dir/"], "web servers list no directories"),
        (["x.warc.gz", "--base", "s3://b/"], "--base is for the lines of an @list: leave it out"),
        (["x.warc.gz", "--", "--http_attempts=0"], "--http_attempts=0: expected 1 to 100"),
    ],
)
def test_a_mistake_is_told_and_asks_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (tmp_path / "x.warc.gz").write_bytes(b"")
    given = [str(tmp_path / word) if word == "x.warc.gz" else word for word in arguments]
    assert main(["run", "--output", str(tmp_path / "out"), *given]) in (1, 2)
    said = capsys.readouterr().err
    assert message in said
    assert "pa55" not in said
    assert not (tmp_path / "out").exists()


def test_an_output_on_the_web_is_refused(crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(crawl), "--output", "http://127.0.0.1:1/out"]) == 1
    assert "read only" in capsys.readouterr().err
