"""What the folder of an output may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.place import place_of
from transforms.errors import OutputError, UsageError


@pytest.mark.parametrize("form", ["{0}/a b", "file://{0}/a%20b", "FILE://{0}/a%20b/", "file://localhost{0}/a b"])
def test_a_folder_of_this_machine_is_the_same_in_each_form(tmp_path: Path, form: str) -> None:
    assert place_of(form.format(tmp_path)) == str(tmp_path / "a b")


def test_a_relative_folder_is_made_absolute() -> None:
    assert place_of("out") == str(Path.cwd() / "out")
    assert place_of("~/out") == str(Path.home() / "out")


def test_the_scheme_of_a_store_may_be_in_upper_case() -> None:
    assert place_of("S3://Bucket/Key/") == "s3://Bucket/Key"


def test_what_names_no_folder_is_refused() -> None:
    with pytest.raises(UsageError, match="the name of the output is empty"):
        place_of("")
    with pytest.raises(OutputError, match="'file://host/out' names another machine"):
        place_of("file://host/out")


def test_a_run_into_a_file_uri_is_written_and_inspected_there(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    uri = f"file://localhost{tmp_path}/the%20out"
    assert main(["run", str(crawl), "--output", uri, "--workers", "1"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["the out"]
    assert main(["inspect", uri]) == 0
    assert main(["curate", uri, "--output", f"file://{tmp_path}/again"]) == 0


@pytest.mark.parametrize("output", ["ftp://127.0.0.1/out", "FTP://127.0.0.1/out"])
def test_a_scheme_that_nothing_writes_is_one_line(crawl: Path, capsys: pytest.CaptureFixture[str], output: str) -> None:
    assert main(["extract", str(crawl), "--output", output]) == 1
    assert capsys.readouterr().err == (
        "firsthand: error: cannot write to ftp://127.0.0.1/out: nothing writes ftp://; name a folder, or an address "
        "with s3://, gs://, hdfs://, azfs://\n"
    )
