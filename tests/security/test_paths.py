"""Names that strangers chose, in headers of records and in names of archives: none becomes a path."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from tests.security.hostile import archive, page

CLIMB = "../../../escaped"
HEADERS = {
    "WARC-Filename": f"{CLIMB}.warc.gz",
    "WARC-Record-ID": f"<file:///{CLIMB}>",
    "WARC-Warcinfo-ID": f"<file:///{CLIMB}>",
    "WARC-Refers-To": f"file:///{CLIMB}",
}
HTTP = [
    ("Content-Disposition", f'attachment; filename="{CLIMB}.html"'),
    ("Content-Location", f"file:///{CLIMB}"),
    ("X-Archive-Orig-Path", CLIMB),
]
URIS = (f"file:///{CLIMB}", f"http://example.org/{CLIMB}", "http://../../etc/passwd", "http://example.org/%2e%2e/a%00b")
NAMES = ("..%2f..%2fescaped.warc.gz", "..\\..\\escaped.warc.gz", "-rf.warc.gz", ".hid.warc.gz", "$(id) `id`;|&.warc.gz")
OURS = re.compile(r"(documents|rejections)(/[A-Za-z0-9_][A-Za-z0-9._-]*\.parquet)?|extract\.json|\.lock")


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_no_name_in_a_header_or_of_an_archive_becomes_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl, work = tmp_path / "a" / "b" / "crawl", tmp_path / "a" / "b" / "work"
    crawl.mkdir(parents=True)
    work.mkdir()
    monkeypatch.chdir(work)
    for name in NAMES:
        pages = [(uri, page()) for uri in URIS]
        archive(crawl / name, pages, warc=HEADERS, http=HTTP, info=f"{CLIMB}.warc.gz")
    with gzip.open(crawl / "named.warc.gz", "wb") as file:  # a gzip member holds a file name, too
        file.name = f"{CLIMB}.warc"
        file.write(gzip.decompress((crawl / NAMES[0]).read_bytes()))
    before = tree(tmp_path)
    assert main(["extract", str(crawl), "--output", "out", "--workers", "1"]) == 0
    made = {name for name in tree(tmp_path) - before if name != "a/b/work/out"}
    assert all(OURS.fullmatch(name.removeprefix("a/b/work/out/")) for name in made), made
    rows = [row for path in (work / "out" / "documents").glob("*") for row in pq.read_table(path).to_pylist()]
    assert {row["warc_file"] for row in rows} == {*NAMES, "named.warc.gz"}  # the names that the user's files have
    assert {row["url"] for row in rows} >= {URIS[1]}  # and what a page says of itself is a text like any other
