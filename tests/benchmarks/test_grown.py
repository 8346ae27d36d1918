"""Grown crawls: what is planted is there, and nothing else changes."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from benchmarks.grown import ALONE, EXACT, NEAR, Planted, grow, role
from benchmarks.shuffled import change_words, shuffle_words

WORDS = " ".join(f"w{number}" for number in range(500))
PAGE = (
    f'<!DOCTYPE html><html><head><title>Old title</title><style>p {{ color: red }}</style></head><body class="a b">'
    f"<!-- a comment --><script>var kept = 1 < 2;</script><p>{WORDS}.</p>"
    "<p>a &amp; b&nbsp;c, caf\u00e9 \u6f22\u5b57</p>"
)


def archive(folder: Path, *bodies: bytes, charset: str = "utf-8") -> str:
    records = []
    for number, body in enumerate(bodies):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/{number}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0))
    path = folder / "crawl.warc.gz"
    path.write_bytes(b"".join(records))
    return str(path)


def grown(folder: Path, source: str, *, pages: int) -> list[Planted]:
    folder.mkdir()
    return list(grow([source], folder, pages=pages, seed=1))


def read(folder: Path, page: Planted) -> tuple[ArcWarcRecord, bytes]:
    with open(folder / page.warc_file, "rb") as stream:
        stream.seek(page.record_offset)
        record = next(iter(ArchiveIterator(stream, check_digests="raise")))
        return record, record.content_stream().read()


def test_shuffling_moves_words_and_leaves_all_else() -> None:
    shuffled = shuffle_words(PAGE, "1")
    assert shuffled != PAGE
    assert sorted(shuffled) == sorted(PAGE)
    for kept in ("<title>Old title</title>", "color: red", "a comment", "1 < 2", ".</p><p>", "&amp;", "&nbsp;"):
        assert kept in shuffled


def test_letters_of_scripts_without_spaces_move_one_by_one() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E40)))
    shuffled = shuffle_words(f"<p>{text}</p>", "1")
    assert shuffled != f"<p>{text}</p>"
    assert sorted(shuffled) == sorted(f"<p>{text}</p>")


def test_a_near_copy_differs_in_one_word_of_many() -> None:
    before, after = (html.split() for html in (PAGE, change_words(PAGE, "1", every=200)))
    assert 2 <= sum(a != b for a, b in zip(before, after, strict=True)) <= 3


def test_an_archive_grows_to_so_many_pages_as_its_truth_says(tmp_path: Path) -> None:
    source = archive(tmp_path, PAGE.encode(), PAGE.encode())
    pages = grown(tmp_path / "out", source, pages=61)
    assert len(pages) == 61
    assert {page.kind for page in pages} == {ALONE, EXACT, NEAR}
    of = {page.component: read(tmp_path / "out", page)[1] for page in pages if page.kind == ALONE}
    assert len(set(of.values())) == len(of)
    for page in pages:
        body = read(tmp_path / "out", page)[1]
        assert (body == of[page.component]) == (page.kind != NEAR)


def test_addresses_and_record_ids_are_unique(tmp_path: Path) -> None:
    pages = grown(tmp_path / "out", archive(tmp_path, PAGE.encode()), pages=30)
    headers = [read(tmp_path / "out", page)[0].rec_headers for page in pages]
    for name in ("WARC-Target-URI", "WARC-Record-ID"):
        assert len({header.get_header(name) for header in headers}) == 30


def test_the_same_seed_grows_the_same_bytes(tmp_path: Path) -> None:
    source = archive(tmp_path, PAGE.encode())
    for name in "ab":
        grown(tmp_path / name, source, pages=20)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_page_stays_in_its_encoding(tmp_path: Path) -> None:
    body = "<p>na\u00efve caf\u00e9 d\u00e9j\u00e0 vu</p>".encode("cp1252")
    source = archive(tmp_path, body, charset="windows-1252")
    [page] = grown(tmp_path / "out", source, pages=1)
    assert sorted(read(tmp_path / "out", page)[1]) == sorted(body)


def test_one_page_in_twenty_is_an_exact_copy_and_one_a_near_one() -> None:
    kinds = [role(1, page, round).kind for page, round in itertools.product(range(200), range(1, 21))]
    for kind in (EXACT, NEAR):  # 4,000 draws at .05 have a standard deviation of 14
        assert abs(kinds.count(kind) - 200) < 45


def test_an_archive_without_responses_cannot_grow(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    with pytest.raises(SystemExit, match="no response records"):
        grown(tmp_path / "out", str(tmp_path / "empty.warc.gz"), pages=1)
