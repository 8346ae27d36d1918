"""An output that makes no sense is told of line by line: whatever stands in it, nothing but checks comes out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from tests.tampering import edit_manifest, put, reseal, rewrite, shard
from transforms.write.parquet import ACCOUNTS, read_accounts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\0", "\ud800", 10**400]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
COPIED = ("manifest.json", "_SUCCESS", "cells.json", "corpus", "rejections", "documents")


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A copy of the reference output, to be changed."""
    return Path(shutil.copytree(reference, tmp_path / "copy"))


def failed(output: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The problems of the checks that failed, by name; the command ends as it ends for any output."""
    capsys.readouterr()
    main(["verify", str(output), "--archives", "none"])
    assert "Traceback" not in capsys.readouterr().err
    assert main(["verify", str(output), "--json", "--archives", "none"]) == 1
    checks = json.loads(capsys.readouterr().out)["checks"]
    return {check["name"]: "\n".join(check["problems"]) for check in checks if check["state"] == "FAILED"}


@pytest.mark.parametrize("path", ["corpus/a\0b", "corpus/\ud800", "corpus", "x" * 5000])
def test_a_listed_name_that_no_file_has_is_told(output: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    edit_manifest(output, lambda page: page["files"][0].update(path=path))  # type: ignore[index,attr-defined]
    assert "cannot be read: " in failed(output, capsys)["files"]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_json_has_not_is_told_in_one_line(
    output: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = output / "manifest.json"
    path.write_text(path.read_text().replace('"elapsed": ', f'"elapsed": {number}, "more": '))
    assert main(["verify", str(output)]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert f"is no JSON ({number} is no number)" in line


def test_a_mark_of_success_that_is_a_folder_is_told(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / "_SUCCESS").unlink()
    (output / "_SUCCESS").mkdir()
    assert "Is a directory" in failed(output, capsys)["chain"]


def test_cells_nested_without_end_are_told(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (output / "cells.json").write_text("[" * 100_000)
    reseal(output)
    assert "cells.json cannot be read" in failed(output, capsys)["cells"]


@pytest.mark.parametrize("value", [5, None, ["a"]])
def test_an_account_of_no_archive_is_told(output: Path, value: object, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted((output / "documents").glob("*.parquet"))[0]
    file = pq.ParquetFile(path)
    with path.open("rb") as source:
        account = read_accounts(source)
    assert account is not None
    account["read"]["split"]["warc_file"] = value  # type: ignore[index]
    table = file.read()
    with pq.ParquetWriter(path, file.schema_arrow) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({ACCOUNTS: json.dumps(account)})
    assert "its account names no archive" in failed(output, capsys)["documents"]


def test_an_input_named_twice_is_told(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_manifest(output, lambda page: page["inputs"].append(page["inputs"][0]))  # type: ignore[attr-defined,index]
    reseal(output)
    assert "twice" in failed(output, capsys)["counts"]


def test_tokens_below_none_are_told_and_their_cell_has_no_mean(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(shard(output), put("token_count", 5, -1))
    reseal(output)
    said = failed(output, capsys)["means"]
    assert "token_count is -1, less than none" in said
    assert "<128" not in said


@given(data=st.data())
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_manifest_ends_a_verification(
    reference: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    page = json.loads((reference / "manifest.json").read_bytes())
    place: object = page
    while True:
        assert isinstance(place, dict | list)
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not (isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans())):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    with TemporaryDirectory() as folder:
        for name in COPIED:
            Path(folder, name).symlink_to(reference / name)
        Path(folder, "manifest.json").unlink()
        Path(folder, "manifest.json").write_text(json.dumps(page))
        assert main(["verify", folder, "--rows", "1"]) in {0, 1}
    capsys.readouterr()
