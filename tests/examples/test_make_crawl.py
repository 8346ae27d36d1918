"""The example crawl: real WARC files that agree with the truth beside them."""

from __future__ import annotations

import csv
import os
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from examples.addresses import KINDS
from examples.make_crawl import describe, main, make_crawl
from examples.recording import TRUTH
from transforms.errors import OutputError, UsageError
from transforms.extract.page import Request, extract_page

PAGES = 60


@dataclass(frozen=True)
class Record:
    """What one record of the crawl says."""

    type: str
    uri: str
    status: str
    headers: dict[str, str]
    body: bytes  # decoded
    archive: str


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "docs").mkdir()
    (folder / "README.md").write_text("# Readme\n\n" + "Some words about what it does. " * 20, encoding="utf-8")
    for name in ("guide", "schema", "weights"):
        (folder / "docs" / f"{name}.md").write_text(
            f"# The {name}\n\n" + f"More words of the {name} for its readers. " * 20, encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory, docs: Path) -> Path:
    output = tmp_path_factory.mktemp("crawl") / "deep" / "crawl"
    assert make_crawl(output, pages=PAGES, docs=docs)
    return output


@pytest.fixture(scope="module")
def records(crawl: Path) -> list[Record]:
    """Every record, its digests verified."""
    return [record for path in sorted(crawl.glob("*.warc.gz")) for record in read(path)]


@pytest.fixture(scope="module")
def truth(crawl: Path) -> list[dict[str, str]]:
    with (crawl / TRUTH).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def read(path: Path) -> list[Record]:
    found = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            http = record.http_headers
            name = record.rec_headers.get_header
            status = http.get_statuscode() if http and record.rec_type in ("response", "revisit") else ""
            headers = {key.lower(): value for key, value in http.headers} if http else {}
            body = record.content_stream().read()
            found.append(Record(record.rec_type, name("WARC-Target-URI") or "", status, headers, body, path.name))
    return found


def test_every_address_of_the_truth_is_one_record_of_the_archive_it_names(
    records: list[Record], truth: list[dict[str, str]]
) -> None:
    recorded = Counter((r.uri, r.archive) for r in records if r.type in ("response", "revisit"))
    assert recorded == Counter((row["url"], row["warc_file"]) for row in truth)


def test_the_kinds_of_the_truth_are_what_was_recorded(records: list[Record], truth: list[dict[str, str]]) -> None:
    by_uri = {record.uri: record for record in records if record.type == "response"}
    by_kind = defaultdict(list)
    for row in truth:
        by_kind[row["kind"]].append(by_uri[row["url"]])
    assert set(by_kind) == set(KINDS)
    assert len(by_kind["original"]) == PAGES
    assert len(by_kind["revisit"]) == sum(record.type == "revisit" for record in records)
    for kind in ("original", "copy", "edited", "rewritten", "declared-machine"):
        assert {(r.status, r.headers["content-type"]) for r in by_kind[kind]} == {("200", "text/html; charset=utf-8")}
    assert [(r.status, r.headers["location"]) for r in by_kind["redirect"]] == [
        ("301", urlsplit(by_kind["original"][0].uri).path)  # the usual port may be taken
    ]
    assert [r.status for r in by_kind["missing"]] == ["404"]
    assert [r.headers["content-type"] for r in by_kind["robots"] + by_kind["image"]] == ["text/plain", "image/png"]
    assert by_kind["image"][0].body.startswith(b"\x89PNG\r\n\x1a\n")


def test_variants_are_as_alike_to_their_originals_as_their_kind_says(truth: list[dict[str, str]]) -> None:
    originals = {row["url"] for row in truth if row["kind"] == "original"}
    bounds = {"copy": (1.0, 1.0), "edited": (0.85, 0.9999), "rewritten": (0.0, 0.6)}
    variants = [row for row in truth if row["kind"] in bounds]
    assert {row["kind"] for row in variants} == set(bounds)
    for row in variants:
        low, high = bounds[row["kind"]]
        assert row["of"] in originals
        assert low <= float(row["similarity"]) <= high


def test_a_copy_has_the_article_of_its_original_in_another_frame(
    records: list[Record], truth: list[dict[str, str]]
) -> None:
    bodies = {record.uri: record.body for record in records if record.type == "response"}
    copies = [row for row in truth if row["kind"] == "copy"]
    for row in copies:
        copy, original = bodies[row["url"]], bodies[row["of"]]
        assert copy != original
        assert copy.split(b"<article>")[1].split(b"</article>")[0] in original


def test_own_pages_declare_that_a_machine_wrote_them_in_every_form(records: list[Record]) -> None:
    own = [record for record in records if record.type == "response" and "/firsthand/" in record.uri]
    forms = [
        (
            record.headers.get("ai-disclosure", ""),
            b'<meta name="ai-disclosure" content="ai-generated">' in record.body,
            b'"digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource"' in record.body,
        )
        for record in sorted(own, key=lambda record: ("readme" not in record.uri, record.uri))
    ]
    assert forms == [
        ("mode=ai-originated", True, False),
        ("mode=ai-originated", False, False),
        ("", True, False),
        ("", False, True),
    ]


def test_only_own_pages_declare_anything(records: list[Record]) -> None:
    others = [record for record in records if "/firsthand/" not in record.uri]
    assert not any("ai-disclosure" in r.headers or b"ai-disclosure" in r.body for r in others)


def test_the_extractor_reads_these_declarations_and_finds_none_elsewhere(records: list[Record]) -> None:
    pages = [r for r in records if (r.type, r.status) == ("response", "200") and b"<article>" in r.body]
    declared = {}
    for record in pages:
        request = Request(record.uri, tuple(record.headers.items()), "utf-8", "")
        extraction = extract_page(record.body, request, mode="fast")
        assert extraction is not None
        if extraction.declarations:
            declared[record.uri.rsplit("/", 1)[1]] = {declaration.kind for declaration in extraction.declarations}
    assert declared == {
        "readme.html": {"ai-disclosure"},
        "docs-guide.html": {"ai-disclosure"},
        "docs-schema.html": {"ai-disclosure"},
        "docs-weights.html": {"digital-source-type"},
    }


def test_answers_come_plain_gzipped_and_chunked_in_every_combination(records: list[Record]) -> None:
    html = [r for r in records if r.type == "response" and r.headers.get("content-type", "").startswith("text/html")]
    framings = Counter(("content-encoding" in r.headers, "transfer-encoding" in r.headers) for r in html)
    assert set(framings) == {(False, False), (True, False), (False, True), (True, True)}
    assert all(r.body.startswith(b"<!DOCTYPE html>") and r.body.endswith(b"</html>\n") for r in html)


def test_every_record_is_a_gzip_member_of_its_own(crawl: Path, records: list[Record]) -> None:
    for path in sorted(crawl.glob("*.warc.gz")):
        members, rest = 0, path.read_bytes()
        while rest:
            inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            assert inflate.decompress(rest).startswith(b"WARC/1.0\r\n")
            members, rest = members + 1, inflate.unused_data
        assert members == sum(record.archive == path.name for record in records)


def test_the_same_pages_are_served_again(crawl: Path, docs: Path, records: list[Record], tmp_path: Path) -> None:
    make_crawl(tmp_path / "again", pages=PAGES, docs=docs)
    again = [record for path in sorted((tmp_path / "again").glob("*.warc.gz")) for record in read(path)]

    def pages(found: list[Record]) -> list[tuple[str, bytes]]:
        return [(r.uri.split("/", 3)[3], r.body) for r in found if r.type == "response"]

    assert pages(again) == pages(records)


def test_a_crawl_that_is_there_is_used_again(crawl: Path, docs: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in crawl.iterdir()}
    assert not make_crawl(crawl, pages=PAGES, docs=docs)
    assert {path.name: path.stat().st_mtime_ns for path in crawl.iterdir()} == before


def test_another_recipe_or_force_replaces_a_crawl(tmp_path: Path) -> None:
    output = tmp_path / "crawl"
    assert make_crawl(output, pages=10, docs=tmp_path)
    assert make_crawl(output, pages=11, docs=tmp_path)
    assert "(11 original" in describe(output, made=True)
    assert make_crawl(output, pages=11, docs=tmp_path, force=True)
    assert os.listdir(tmp_path) == ["crawl"]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_no_crawl_is_left_alone(tmp_path: Path, force: bool) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"no example crawl; give another --output"):
        make_crawl(tmp_path, pages=10, docs=tmp_path, force=force)
    assert os.listdir(tmp_path) == ["thesis.txt"]


def test_an_output_that_cannot_be_written_is_an_error_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"file/crawl: cannot be written \(.+\); give another --output"):
        make_crawl(tmp_path / "file" / "crawl", pages=10, docs=tmp_path)


def test_too_few_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--pages 9: expected at least 10"):
        make_crawl(tmp_path / "crawl", pages=9)


def test_the_command_prints_one_line_and_an_error_without_traceback(
    crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--output", str(crawl), "--pages", str(PAGES)]) == 0
    printed = capsys.readouterr().out
    assert printed == describe(crawl, made=False) + "\n"
    assert f"({PAGES} original, " in printed
    assert main(["--output", str(crawl.parent)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
