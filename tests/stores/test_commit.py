"""Objects that appear whole or not at all, and what asking a store costs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.cli import main
from pipeline.run import check_flags
from tests.stores.bucket import Bucket
from transforms.errors import StoreError
from transforms.store.objects import ObjectStore
from transforms.store.stage import find_stored, open_stored, store_of
from transforms.write.stage import commit, list_files, open_file, remove

MEGABYTE = 1 << 20


@pytest.fixture
def store(bucket: Bucket) -> ObjectStore:
    """The store as firsthand reaches it."""
    check_flags(bucket.flags)
    found = store_of(bucket.address("x"))
    assert found is not None
    return found


@contextmanager
def counted(bucket: Bucket, most: int) -> Iterator[None]:
    """Checks that no more requests are made than `most`."""
    before = bucket.requests()
    yield
    assert bucket.requests() - before <= most


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("size", [0, 5, 20 * MEGABYTE])
def test_a_committed_object_holds_what_was_written_and_replaces_the_old(bucket: Bucket, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    path = bucket.address("commit/a b+c%20[1].bin")
    commit(path, lambda sink: sink.write(b"an older one"))
    parts = 3 if bucket.scheme == "gs" and size > 8 * MEGABYTE else 1
    with counted(bucket, parts):
        assert commit(path, lambda sink: sink.write(data)) == size
    assert bucket.keys("commit/") == ["commit/a b+c%20[1].bin"]
    assert bucket.read("commit/a b+c%20[1].bin") == data
    with open_file(path) as file:
        assert file.read() == data


@pytest.mark.usefixtures("store")
def test_a_write_that_fails_publishes_nothing_and_keeps_the_old(bucket: Bucket) -> None:
    def fail(sink: io.BytesIO) -> None:
        sink.write(b"y" * (20 * MEGABYTE))
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        commit(bucket.address("fails/new"), fail)
    bucket.write("fails/old", b"old")
    with pytest.raises(ValueError, match="half way"):
        commit(bucket.address("fails/old"), fail)
    assert bucket.keys("fails/") == ["fails/old"]
    assert bucket.read("fails/old") == b"old"
    assert bucket.unfinished() == 0


class TornFile(io.BytesIO):
    """A file whose disk fails at its third megabyte."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes, as long as there are any."""
        if self.tell() >= 3 * MEGABYTE:
            raise OSError(5, "Input/output error")
        return super().read(MEGABYTE if size is None or size < 0 else min(size, MEGABYTE))


def test_an_upload_that_fails_publishes_nothing(bucket: Bucket, store: ObjectStore) -> None:
    with pytest.raises((OSError, StoreError)):
        store.put(bucket.address("torn/x"), TornFile(b"z" * (30 * MEGABYTE)))
    assert bucket.keys("torn/") == []
    assert bucket.unfinished() == 0


def test_an_object_replaced_while_it_is_read_is_not_mixed_with_the_new_one(bucket: Bucket) -> None:
    if bucket.scheme == "gs":
        pytest.skip("gcp-storage-emulator overlooks ifGenerationMatch where it reads")
    check_flags(bucket.flags)
    bucket.write("replaced", b"a" * 1000)
    with open_stored(bucket.address("replaced"), chunk=100) as file:
        assert file.read(100) == b"a" * 100
        bucket.write("replaced", b"b" * 1000)
        with pytest.raises(StoreError, match="was replaced while it was read"):
            file.read(100)


def test_a_folder_is_one_listing_and_nothing_below_or_beside_it(bucket: Bucket, store: ObjectStore) -> None:
    names = [f"many/{number:04d}.parquet" for number in range(12)]
    for name in [*names, "many/deeper/x.parquet", "many/notes.txt", "many2/y.parquet"]:
        bucket.write(name, b"x")
    with counted(bucket, 1):
        assert list_files(bucket.address("many"), "*.parquet") == [bucket.address(name) for name in names]
    with counted(bucket, 1):
        assert list_files(bucket.address("many"), "0007.parquet") == [bucket.address("many/0007.parquet")]
    with counted(bucket, 1 if bucket.scheme == "s3" else len(names)):
        remove(map(bucket.address, names))
    assert bucket.keys("many/") == ["many/deeper/x.parquet", "many/notes.txt"]
    assert list_files(bucket.address("nothing")) == list(store.list(bucket.address("nothing"))) == []


def test_what_is_gone_already_is_removed_a_thousand_at_a_time(bucket: Bucket) -> None:
    check_flags(bucket.flags)
    gone = [bucket.address(f"gone/{number}") for number in range(1001 if bucket.scheme == "s3" else 20)]
    with counted(bucket, 2 if bucket.scheme == "s3" else len(gone)):
        remove(gone)


@pytest.mark.usefixtures("store")
def test_a_glob_stops_at_folders_and_a_name_is_taken_as_it_stands(bucket: Bucket) -> None:
    for key in ("g/a1.gz", "g/a[1].gz", "g/sub/a2.gz", "g [x]/b.gz", "g x/c.gz"):
        bucket.write(key, b"12345")

    def found(pattern: str) -> list[str]:
        return [one.address.removeprefix(bucket.address("")) for one in find_stored(bucket.address(pattern))]

    assert found("g/*.gz") == ["g/a1.gz", "g/a[1].gz"]
    assert found("g/**.gz") == ["g/a1.gz", "g/a[1].gz", "g/sub/a2.gz"]
    assert found("g/a[1].gz") == ["g/a[1].gz"]
    assert found("g/a[12].gz") == ["g/a1.gz"]
    assert found("g [x]/**") == ["g [x]/b.gz"]
    assert found("g/a1") == []


@pytest.mark.usefixtures("store")
def test_what_is_not_there_is_no_file(bucket: Bucket) -> None:
    with pytest.raises(FileNotFoundError, match="no object at"):
        open_file(bucket.address("not/there"))


def test_a_bucket_that_is_not_there_is_one_line_with_exit_code_1(
    bucket: Bucket, archives: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there, nowhere = bucket.address("out"), f"{bucket.scheme}://no-such-bucket/x/"
    for source, output in ((archives, nowhere), (nowhere, there)):
        capsys.readouterr()
        assert main(["run", source, "--output", output, "--", *bucket.flags]) == 1
        [line] = capsys.readouterr().err.splitlines()
        assert line.startswith("firsthand: error: ")
        assert "no-such-bucket" in line
        assert "bucket" in line.split("no-such-bucket", 1)[1]
    assert bucket.keys("out/") == []
