"""Lists of inputs: read within bounds, their lines resolved and never led astray."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.lists import MAX_LINES, MAX_LIST_BYTES, ListError, read_list, refuse_base, resolve

CC = "https://data.commoncrawl.org"
LINE = "crawl-data/CC-MAIN-2024-10/segments/1707947473347.0/warc/CC-MAIN-20240220211055-00000.warc.gz"


def test_a_list_is_text_or_gzip_of_it_whatever_its_name() -> None:
    text = b"# archives\n\n  a.warc.gz  \r\nb c.warc\n#\n"
    for raw in (text, gzip.compress(text), gzip.compress(text[:20]) + gzip.compress(text[20:])):
        assert read_list(io.BytesIO(raw)) == ["a.warc.gz", "b c.warc"]
    assert read_list(io.BytesIO(b"")) == []


@pytest.mark.parametrize("end", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_only_a_newline_ends_a_line_as_it_is_counted(end: str) -> None:
    assert read_list(io.BytesIO(f"a{end}b\r\nc{end}d".encode())) == [f"a{end}b", f"c{end}d"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (gzip.compress(b"a" * 1000, mtime=0)[:-9], "its gzip is damaged"),
        (b"\x1f\x8b\x08garbage that is no gzip at all", "its gzip is damaged"),
        (b"caf\xe9.warc", "it is no text: .* at byte 3"),
        (b"a\nb\ncaf\xe9.warc", "it is no text: .* at byte 7"),
        (b"a\nb\0.warc", "it is no text: a NUL at byte 3"),
        (b"x\n" * (MAX_LINES + 1), "it has more than 1000000 lines"),
    ],
)
def test_what_is_no_list_says_why(raw: bytes, message: str) -> None:
    with pytest.raises(ListError, match=message):
        read_list(io.BytesIO(raw))


def test_a_gzip_bomb_is_not_inflated(peak_bytes: Callable[[Callable[[], object]], int]) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as sink:
        for _ in range(256):
            sink.write(bytes(1 << 20))
    packed.seek(0)

    def read() -> None:
        with pytest.raises(ListError, match="cut it in several"):
            read_list(packed)

    assert peak_bytes(read) < 3 * MAX_LIST_BYTES


@pytest.mark.parametrize(
    ("line", "source", "expected"),
    [
        (LINE, f"{CC}/crawl-data/CC-MAIN-2024-10/warc.paths.gz", f"{CC}/{LINE}"),
        (LINE, "s3://commoncrawl/crawl-data/CC-MAIN-2024-10/warc.paths.gz", f"s3://commoncrawl/{LINE}"),
        ("a.warc.gz", "https://h/x/y/list.txt?v=1", "https://h/x/y/a.warc.gz"),
        ("sub/a.warc.gz", "https://h/x/list.txt", "https://h/x/sub/a.warc.gz"),
        ("/z/a.warc.gz", "https://h/x/list.txt", "https://h/z/a.warc.gz"),
        ("a.warc.gz", "https://h/list.txt", "https://h/a.warc.gz"),
        ("http://e.com/a.warc.gz", "https://h/x/list.txt", "http://e.com/a.warc.gz"),
        ("http://10.0.0.7/a.warc.gz", "http://10.0.0.8/list.txt", "http://10.0.0.7/a.warc.gz"),
        ("gs://b/a.warc.gz", "s3://h/x/list.txt", "gs://b/a.warc.gz"),
        ("sub/a.warc.gz", "list.txt", "sub/a.warc.gz"),
        ("../a.warc.gz", "dir/list.txt", "../a.warc.gz"),
        ("file:///in/a.warc.gz", "list.txt", "file:///in/a.warc.gz"),
        ("https://h/a.warc.gz", "list.txt", "https://h/a.warc.gz"),
    ],
)
def test_a_line_means_what_its_list_says_where_there_is_no_base(line: str, source: str, expected: str) -> None:
    assert resolve(line, source=source, base=None) == expected


@pytest.mark.parametrize("base", ["s3://commoncrawl", "s3://commoncrawl/", f"{CC}/", "/mnt/mirror/"])
@pytest.mark.parametrize("source", ["warc.paths", f"{CC}/crawl-data/warc.paths.gz"])
def test_relative_lines_are_below_the_base(base: str, source: str) -> None:
    assert resolve(LINE, source=source, base=base) == f"{base.rstrip('/')}/{LINE}"
    assert resolve("http://e.com/x", source=source, base=base) == "http://e.com/x"


@pytest.mark.parametrize("base", ["s3://commoncrawl", f"{CC}/", "/mnt/mirror/", "mirror", "file:///mnt/mirror"])
@pytest.mark.parametrize("source", ["warc.paths", f"{CC}/crawl-data/warc.paths.gz", "s3://b/warc.paths"])
@pytest.mark.parametrize("line", ["../../own.warc.gz", "x/../../y", "%2e%2E/secret", "x/.%2e/y", "..", "..?x", "..#x"])
def test_no_line_leads_out_of_the_base(line: str, source: str, base: str) -> None:
    with pytest.raises(ListError, match="it leads out of its folder"):
        resolve(line, source=source, base=base)


def test_absolute_lines_of_a_list_elsewhere_stay_below_a_local_base() -> None:
    for line, path in (("/etc/passwd", "/mnt/etc/passwd"), ("~/x", "/mnt/~/x")):
        assert resolve(line, source=f"{CC}/list", base="/mnt") == path


def test_absolute_lines_of_a_local_list_stay_local() -> None:
    assert resolve("/in/a.warc", source="list", base=CC) == "/in/a.warc"
    assert resolve("~/a.warc", source="list", base=CC) == "~/a.warc"


@pytest.mark.parametrize("line", ["file:///etc/passwd", "FILE://localhost/x", "../../secret", "x/../../../y"])
def test_a_list_from_elsewhere_is_not_led_astray(line: str) -> None:
    with pytest.raises(ListError):
        resolve(line, source=f"{CC}/a/warc.paths.gz", base=None)


@pytest.mark.parametrize("base", [None, "s3://b/", "/mnt"])
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("s3://private/x.warc.gz", "only http:// and https://"),
        ("GS://private/x.warc.gz", "only http:// and https://"),
        ("ftp://h/x.warc.gz", "only http:// and https://"),
        ("file:///etc/passwd", "cannot name a local file"),
        ("http://169.254.169.254/latest", "cannot name an address inside"),
    ],
)
def test_a_list_from_the_web_chooses_no_account_and_no_network(line: str, message: str, base: str | None) -> None:
    with pytest.raises(ListError, match=message):
        resolve(line, source=f"{CC}/a/warc.paths.gz", base=base)


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_no_line_of_a_list_from_elsewhere_names_a_local_file(line: str) -> None:
    try:
        address = resolve(line, source=f"{CC}/a/warc.paths.gz", base=None)
    except ListError:
        return
    assert address.startswith(f"{CC}/") or "://" in address


def test_a_base_that_makes_no_address_is_refused() -> None:
    assert refuse_base("s3://commoncrawl/") is refuse_base("https://h") is refuse_base("/") is refuse_base("x") is None
    assert "--base is empty" in (refuse_base("") or "")
    refusal = refuse_base("https://u:pa55@h/") or ""
    assert "passwords" in refusal
    assert "pa55" not in refusal
