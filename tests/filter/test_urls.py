"""Block lists of hosts and pieces of URLs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.filter.urls import load_block_list

LIST = load_block_list(["Example.com", "bücher.example"], ["/wp-json/", "?amp=1"])


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://example.com/a", "host=example.com"),
        ("https://WWW.EXAMPLE.COM:8443/a", "host=example.com"),
        ("http://user:secret@a.b.example.com./", "host=example.com"),
        ("http://xn--bcher-kva.example/", "host=xn--bcher-kva.example"),
        ("http://www.bücher.example/", "host=xn--bcher-kva.example"),
        ("https://other.org/WP-JSON/x", "url=/wp-json/"),
        ("https://other.org/%77p-json/x", "url=/wp-json/"),
        ("https://other.org/%2Fwp-json%2Fx", "url=/wp-json/"),
        ("https://other.org/p?amp=1&x", "url=?amp=1"),
        ("https://notexample.com/", None),
        ("https://example.com.evil.org/", None),
        ("https://example.org/example.com", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_url_is_matched_by_whole_labels_of_its_host_or_by_a_piece(url: str, entry: str | None) -> None:
    assert LIST.match(url) == entry


def test_lists_are_read_from_files_with_comments(tmp_path: Path) -> None:
    path = tmp_path / "hosts.txt"
    path.write_text("# spam\n\n  Bad.example \n", encoding="utf-8")
    blocked = load_block_list([f"@{path}", "worse.example"], [])
    assert blocked.hosts == {"bad.example", "worse.example"}


def test_a_list_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        load_block_list([], [f"@{tmp_path / 'nowhere.txt'}"])


def test_a_list_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_block_list([f"@{path}"], [])


def test_an_empty_list_blocks_nothing_and_has_no_digest() -> None:
    assert load_block_list([], []).match("https://example.com/") is None
    assert load_block_list([], []).digest() == ""


def test_digest_tells_what_is_blocked_and_not_how_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "hosts.txt"
    path.write_text("# shuffled\nB.example\n\na.example.\nb.example\n", encoding="utf-8")
    listed = load_block_list(["a.example", "b.example"], ["/x", "/y"])
    assert load_block_list([f"@{path}"], ["/Y", "/%78", "/x"]) == listed
    assert load_block_list([f"@{path}"], ["/Y", "/%78", "/x"]).digest() == listed.digest()
    assert len(listed.digest()) == 32


def test_different_lists_have_different_digests() -> None:
    lists = [(["a", "b"], []), ([], ["a", "b"]), (["a"], ["b"]), (["a"], []), ([], ["a\nb"]), ([], ["a%0Ab"])]
    digests = [load_block_list(hosts, urls).digest() for hosts, urls in lists]
    assert len(set(digests)) == len(digests) - 1
    assert digests[-1] == digests[-2]


def test_the_entry_that_is_named_does_not_depend_on_the_order_of_the_list() -> None:
    for urls in (["/spam", "/ads"], ["/ads", "/spam"]):
        assert load_block_list([], urls).match("https://example.com/spam/ads") == "url=/ads"


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=100))
def test_any_url_is_answered(url: str) -> None:
    entry = LIST.match("http://" + url)
    assert entry is None or entry.startswith(("host=", "url="))


@pytest.mark.parametrize(
    "name", ["a." * 65_000, "".join(map(chr, range(0x4E00, 0x4E00 + 20_000))), "e" + "\u0301\u0316" * 65_000]
)
def test_a_host_of_any_length_is_looked_up_at_once(name: str) -> None:
    # 20,000 different characters take the codec of internationalised names a minute.
    assert load_block_list(["example.com"], []).match(f"http://{name}/") is None
