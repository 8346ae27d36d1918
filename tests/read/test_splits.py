"""Splits: ranges, limits, and names."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.splits import Archive, Split, escape_path, plan_splits, short_names


def archive(name: str, size: int = 1000, *, splittable: bool = True) -> Archive:
    return Archive(f"/in/{name}", name, size, splittable)


@given(size=st.integers(0, 10_000), split_bytes=st.integers(1, 11_000), splittable=st.booleans())
def test_ranges_tile_the_archive(size: int, split_bytes: int, *, splittable: bool) -> None:
    splits = plan_splits([archive("a", size, splittable=splittable)], split_bytes=split_bytes)
    assert splits[0].start == 0
    assert splits[-1].end == size
    assert all(before.end == after.start for before, after in itertools.pairwise(splits))
    assert len(splits) == 1 or (splittable and all(0 < split.end - split.start <= split_bytes for split in splits))


@given(limit=st.integers(0, 50), count=st.integers(1, 12))
def test_a_limit_is_spread_over_whole_archives_in_order_of_name(limit: int, count: int) -> None:
    archives = [archive(f"{i:02d}") for i in range(count)]
    splits = plan_splits(archives[::-1], split_bytes=10, limit=limit)
    limits = [split.limit for split in splits]
    assert sum(n or 0 for n in limits) == limit
    assert limits == sorted(limits, key=lambda n: -(n or 0))
    assert [split.warc_file for split in splits] == [f"{i:02d}" for i in range(min(limit, count))]
    assert all(split.is_whole for split in splits)


@pytest.mark.parametrize(("split_bytes", "limit"), [(0, None), (-1, None), (10, -1)])
def test_sizes_that_make_no_sense_are_refused(split_bytes: int, limit: int | None) -> None:
    with pytest.raises(ValueError, match="expected split_bytes"):
        plan_splits([archive("a")], split_bytes=split_bytes, limit=limit)


@pytest.mark.parametrize(
    "name", ["a.warc.gz", "../../etc/passwd", "", "...", "a\nb\x00c", "名前.warc", "x" * 999, "\udcff"]
)
def test_a_split_id_is_a_safe_file_name(name: str) -> None:
    split_id = Split("/p", name, 5_000_000_000, 64, 128, None).split_id
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,130}", split_id)
    assert split_id.endswith("-00000000000064-00000000000128")


def test_a_split_id_is_pinned_because_a_later_run_looks_for_it() -> None:
    split = Split("/p/a.warc.gz", "a.warc.gz", 100, 0, 50, None)
    assert split.split_id == "a.warc.gz-427212d65c-00000000000000-00000000000050"
    assert replace(split, file_path="/elsewhere").split_id == split.split_id
    others = [replace(split, warc_file="b"), replace(split, file_size=101), replace(split, limit=7)]
    others.append(replace(split, end=100))
    assert len({split.split_id, *(other.split_id for other in others)}) == 5


def test_names_that_differ_only_in_unsafe_characters_give_different_ids() -> None:
    assert len({Split("/p", name, 1, 0, 1, None).split_id for name in ("a b", "a_b", "a?b", "A_B")}) == 4


def test_short_names_are_as_short_as_they_can_be() -> None:
    paths = ["/d/1/a.gz", "/d/2/a.gz", "/d/2/b.gz", "s3://bucket/2/a.gz", "c.gz"]
    assert short_names(paths) == {
        "/d/1/a.gz": "1/a.gz",
        "/d/2/a.gz": "d/2/a.gz",
        "/d/2/b.gz": "b.gz",
        "s3://bucket/2/a.gz": "bucket/2/a.gz",
        "c.gz": "c.gz",
    }


@given(st.sets(st.text("ab/", min_size=1, max_size=6), max_size=12))
def test_short_names_are_unique_for_paths_that_differ(paths: set[str]) -> None:
    absolute = {"/root/" + re.sub("/+", "/", path).strip("/") for path in paths}
    names = short_names(absolute)
    assert len(set(names.values())) == len(absolute)


@given(st.sets(st.text(st.sampled_from("ab/\\\udcff~"), min_size=1, max_size=6), max_size=12))
def test_short_names_are_unique_and_valid_unicode_whatever_the_paths(paths: set[str]) -> None:
    names = short_names({*paths, "s3://b/x", "s3://b//x"})
    assert len(set(names.values())) == len(names)
    assert all(name.encode().decode() == name for name in names.values())


def test_a_name_that_is_not_utf_8_is_escaped_once() -> None:
    assert escape_path("/d/caf\udce9.warc") == "/d/caf\\udce9.warc"
    assert escape_path("/d/café\\udce9.warc") == "/d/café\\udce9.warc"
    assert short_names(["/d/caf\udce9.warc", "/d/b.warc"]) == {
        "/d/caf\udce9.warc": "caf\\udce9.warc",
        "/d/b.warc": "b.warc",
    }


def test_names_that_only_an_escape_or_a_slash_makes_alike_get_a_digest() -> None:
    names = short_names(["/d/\udce9.warc", "/d/\\udce9.warc", "s3://b/x", "s3://b//x"])
    assert all(re.fullmatch(r"(d/\\udce9\.warc|s3:/b/x)~[0-9a-f]{10}", name) for name in names.values())
    assert len(set(names.values())) == 4
