from __future__ import annotations

from pathlib import Path

from pipeline.cli import main
from tests.stores.bucket import Bucket


def test_an_export_from_a_bucket_into_a_bucket_is_that_of_a_local_copy(
    bucket: Bucket, finished: str, tmp_path: Path
) -> None:
    bucket.download(finished, tmp_path / "copy")
    flags = ["--repeats", "--seed", "4", "--workers", "1"]
    there = ["export", bucket.address(finished), "--output", bucket.address("exported")]
    assert main([*there, *flags, "--", *bucket.flags]) == 0
    assert main(["export", str(tmp_path / "copy"), "--output", str(tmp_path / "local"), *flags]) == 0
    bucket.download("exported", tmp_path / "exported")
    for name in ("data/shard-00000-00000.jsonl.zst", "windows/00000.json"):
        assert (tmp_path / "exported" / name).read_bytes() == (tmp_path / "local" / name).read_bytes()
    assert (tmp_path / "exported" / "_SUCCESS").is_file()


def test_a_prefix_of_something_else_is_refused(bucket: Bucket, finished: str) -> None:
    address = bucket.address(finished)
    assert main(["export", address, "--output", address, "--", *bucket.flags]) == 1
