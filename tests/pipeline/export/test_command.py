from __future__ import annotations

import json
import shutil
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import zstandard

from pipeline.cli import main
from pipeline.export.command import export
from pipeline.export.settings import ALL_COLUMNS, BUCKETS, COPIES, Settings
from transforms.errors import ConfigError, InputError, OutputError
from transforms.weigh.weight import whole_copies

Records = list[dict[str, object]]


def records(folder: Path) -> Records:
    """All records of an export to JSON lines, in order."""
    lines = (
        line
        for path in sorted(folder.rglob("*.jsonl.zst"))
        for line in zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read().decode().split("\n")[:-1]
    )
    return [json.loads(line) for line in lines]


def corpus(output: Path, *columns: str) -> Records:
    rows: Records = ds.dataset(output / "corpus", format="parquet").to_table(columns=list(columns) or None).to_pylist()
    return rows


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture(scope="module")
def split(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same corpus in several shards."""
    output = tmp_path_factory.mktemp("split") / "out"
    assert main(["curate", str(reference), "--output", str(output), "--set", "run.shard_bytes=20000"]) == 0
    assert len(list((output / "corpus").iterdir())) > 2
    return output


def test_every_row_is_there_once_with_its_columns(reference: Path, tmp_path: Path) -> None:
    export(str(reference), str(tmp_path / "out"), Settings())
    found = {str(record["id"]): record for record in records(tmp_path / "out")}
    rows = corpus(reference, "text", "id", "url", "language", "token_count", "human_weight", "weight_bucket")
    assert len(found) == len(rows)
    for row in rows:
        record = found[str(row["id"])]
        assert list(record) == list(Settings().columns)
        assert np.float32(str(record["human_weight"])) == row["human_weight"]
        assert {k: record[k] for k in row if k != "human_weight"} == {k: row[k] for k in row if k != "human_weight"}


def test_all_columns_keep_their_values(reference: Path, tmp_path: Path) -> None:
    export(str(reference), str(tmp_path / "out"), Settings(columns=ALL_COLUMNS))
    found = {str(record["id"]): record for record in records(tmp_path / "out")}
    for row in corpus(reference):
        assert _alike(found[str(row["id"])], row)


def _alike(record: object, row: object) -> bool:
    """Whether they are the same but for the digits of a float32."""
    if isinstance(row, dict) and isinstance(record, dict):
        return row.keys() == record.keys() and all(_alike(record[name], row[name]) for name in row)
    if isinstance(row, list) and isinstance(record, list):
        return len(row) == len(record) and all(map(_alike, record, row))
    return record == row or (isinstance(row, float) and np.float32(str(record)) == np.float32(row))


def test_copies_are_as_many_as_weighing_says_and_numbered(reference: Path, tmp_path: Path) -> None:
    export(str(reference), str(tmp_path / "out"), Settings(layout=COPIES, seed=3, columns=("id",)))
    rows = corpus(reference, "id", "expected_repeats")
    copies = whole_copies(np.array([r["expected_repeats"] for r in rows], np.float32), [str(r["id"]) for r in rows], 3)
    wanted = [(row["id"], copy) for row, count in zip(rows, copies.tolist(), strict=True) for copy in range(int(count))]
    assert sorted((r["id"], r["copy"]) for r in records(tmp_path / "out")) == sorted(wanted)


def test_copies_of_a_text_lie_apart(reference: Path, tmp_path: Path) -> None:
    """Neighbours are alike as often as in a random order: a row of c copies of n has c − 1 chances of n to be next."""
    alike = expected = 0.0
    for seed in range(20):
        out = tmp_path / str(seed)
        export(str(reference), str(out), Settings(layout=COPIES, seed=seed, columns=("id",)))
        ids = [record["id"] for record in records(out)]
        alike += sum(a == b for a, b in pairwise(ids))
        expected += sum(count * (count - 1) for count in Counter(ids).values()) / len(ids)
    assert expected > 0
    assert alike <= expected + 5 * expected**0.5  # nearly Poisson: five standard deviations


def test_the_account_is_that_of_the_records(reference: Path, tmp_path: Path) -> None:
    done = export(str(reference), str(tmp_path / "out"), Settings(layout=COPIES, seed=1))
    found, rows = records(tmp_path / "out"), corpus(reference, "token_count", "human_weight", "expected_repeats")
    total = done.account.total()
    assert total.records == len(found)
    assert total.rows == len(rows)
    assert total.written_tokens == sum(int(str(record["token_count"])) for record in found)
    assert total.expected_tokens == pytest.approx(sum(r["token_count"] * r["expected_repeats"] for r in rows))  # type: ignore[operator]
    manifest = json.loads((tmp_path / "out/export.json").read_text())
    assert manifest["counts"]["records"] == len(found)
    assert sum(language["written_tokens"] for language in manifest["languages"].values()) == total.written_tokens


def test_the_manifest_seals_files_and_source(reference: Path, tmp_path: Path) -> None:
    export(str(reference), str(tmp_path / "out"), Settings(layout=BUCKETS, format="mds"))
    content = (tmp_path / "out/export.json").read_bytes()
    assert (tmp_path / "out/_SUCCESS").read_text().strip() == sha256(content).hexdigest()
    manifest = json.loads(content)
    shards = {path: data for path, data in files(tmp_path / "out").items() if path.endswith(".mds")}
    assert {entry["path"]: entry["sha256"] for entry in manifest["files"]} == {
        path: sha256(data).hexdigest() for path, data in shards.items()
    }
    assert manifest["source"]["manifest_sha256"] == sha256((reference / "manifest.json").read_bytes()).hexdigest()
    assert manifest["source"]["success"] == (reference / "_SUCCESS").read_text().strip()


def test_the_same_export_gives_the_same_bytes(reference: Path, tmp_path: Path) -> None:
    settings = Settings(layout=COPIES, shard_bytes=30_000, window_bytes=60_000)
    first = export(str(reference), str(tmp_path / "a"), settings)
    second = export(str(reference), str(tmp_path / "b"), settings, workers=1)
    assert first.account == second.account
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_shards_keep_to_their_size(reference: Path, tmp_path: Path) -> None:
    done = export(str(reference), str(tmp_path / "out"), Settings(format="mds", shard_bytes=40_000))
    largest = max(len(str(row["text"]).encode()) for row in corpus(reference, "text"))
    assert len(done.account.files) > 3
    assert all(file.bytes <= 40_000 + largest + 100 * file.records for file in done.account.files)


def test_windows_on_several_processes_give_the_rows_once(split: Path, tmp_path: Path) -> None:
    settings = Settings(layout=COPIES, seed=2, shard_bytes=10_000, window_bytes=10_000)
    alone = export(str(split), str(tmp_path / "alone"), settings, workers=1)
    beside = export(str(split), str(tmp_path / "beside"), settings, workers=2)
    assert len(alone.plan.windows) > 2
    assert files(tmp_path / "alone") == files(tmp_path / "beside")
    whole = export(str(split), str(tmp_path / "whole"), Settings(layout=COPIES, seed=2))
    assert beside.account.cells == pytest.approx(whole.account.cells)
    together, apart = ({(r["id"], r["copy"]): r for r in records(tmp_path / name)} for name in ("whole", "beside"))
    assert together == apart


def test_the_same_command_goes_on_with_the_windows_that_are_missing(split: Path, tmp_path: Path) -> None:
    settings, out = Settings(shard_bytes=10_000, window_bytes=10_000), tmp_path / "out"
    export(str(split), str(out), settings, workers=1)
    whole = files(out)
    done = sorted((out / "windows").iterdir())
    for path in (out / "_SUCCESS", out / "export.json", done[-1]):
        path.unlink()
    for name in ("data/.tmp-0123-shard-00002-00000.jsonl.zst", "windows/.tmp-0123-00002.json"):  # of a killed writer
        (out / name).write_bytes(b"half")
    shard = out / "data/shard-00000-00000.jsonl.zst"  # of a window that is done
    before = shard.stat().st_mtime_ns
    export(str(split), str(out), settings, workers=1)
    assert files(out) == whole
    assert shard.stat().st_mtime_ns == before


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("harm", ["missing", "cut"])
def test_a_shard_that_is_not_as_it_was_written_is_told_and_the_cure_works(
    split: Path, tmp_path: Path, finished: bool, harm: str
) -> None:
    settings, out = Settings(shard_bytes=10_000, window_bytes=10_000), tmp_path / "out"
    export(str(split), str(out), settings, workers=1)
    whole, victim = files(out), out / "data/shard-00001-00000.jsonl.zst"
    content = victim.read_bytes()
    victim.unlink()
    if harm == "cut":
        victim.write_bytes(content[:-1])
    if not finished:
        (out / "_SUCCESS").unlink()
    told = "is missing" if harm == "missing" else f"has {len(content) - 1:,} bytes, not the {len(content):,}"
    with pytest.raises(OutputError, match=rf"shard-00001-00000\.jsonl\.zst {told}.*windows/00001\.json"):
        export(str(split), str(out), settings, workers=1)
    (out / "windows/00001.json").unlink()
    (out / "_SUCCESS").unlink(missing_ok=True)
    export(str(split), str(out), settings, workers=1)
    assert files(out) == whole


@pytest.mark.parametrize("finished", [True, False])
def test_a_file_of_something_else_among_the_shards_is_told(reference: Path, tmp_path: Path, finished: bool) -> None:
    out = tmp_path / "out"
    export(str(reference), str(out), Settings())
    foreign = out / "data" / "shard-00099-00000.jsonl.zst"
    foreign.write_bytes(b"mine")
    if not finished:
        (out / "_SUCCESS").unlink()
    with pytest.raises(OutputError, match=r"shard-00099-00000.* is not of this export: move it away"):
        export(str(reference), str(out), Settings())
    assert foreign.read_bytes() == b"mine"
    assert (out / "_SUCCESS").exists() == finished
    foreign.unlink()
    export(str(reference), str(out), Settings())


def test_a_finished_export_is_told_again_and_not_touched(reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = export(str(reference), str(out), Settings())
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert export(str(reference), str(out), Settings()).account == first.account
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_other_settings_and_another_corpus_are_refused(reference: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    shutil.copytree(reference, source)
    export(str(source), str(out), Settings())
    with pytest.raises(OutputError, match="another corpus or with other settings"):
        export(str(source), str(out), Settings(seed=1))
    (source / "manifest.json").write_bytes((source / "manifest.json").read_bytes() + b"\n")
    with pytest.raises(OutputError, match="another corpus or with other settings"):
        export(str(source), str(out), Settings())


def test_a_folder_of_something_else_is_refused(reference: Path, tmp_path: Path) -> None:
    (tmp_path / "mine" / "data").mkdir(parents=True)
    (tmp_path / "mine" / "data" / "notes.txt").write_text("keep me")
    with pytest.raises(OutputError, match="not of an export"):
        export(str(reference), str(tmp_path / "mine"), Settings())
    with pytest.raises(OutputError, match="not of an export"):
        export(str(reference), str(reference), Settings())
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="not a directory"):
        export(str(reference), str(tmp_path / "file"), Settings())


def test_an_unfinished_run_is_refused_with_its_cure(reference: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(reference, source)
    (source / "_SUCCESS").unlink()
    with pytest.raises(InputError, match="has not finished: give its command again"):
        export(str(source), str(tmp_path / "out"), Settings())
    with pytest.raises(InputError, match="finished run"):
        export(str(tmp_path / "nothing"), str(tmp_path / "out"), Settings())


def test_a_damaged_shard_is_named(reference: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(reference, source)
    [part] = (source / "corpus").iterdir()
    part.write_bytes(b"PAR1" + b"\0" * 100)
    with pytest.raises(InputError, match=r"part-00000\.parquet is damaged"):
        export(str(source), str(tmp_path / "out"), Settings())


def test_a_condition_that_no_row_meets_leaves_a_folder_for_another(reference: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputError, match="no row of"):
        export(str(reference), str(out), Settings(where="language = 'xx'"))
    assert list(out.iterdir()) == []
    done = export(str(reference), str(out), Settings(where="human_weight > 1", columns=("id", "human_weight")))
    assert done.account.total().rows == sum(row["human_weight"] > 1 for row in corpus(reference, "human_weight"))  # type: ignore[operator]
    assert all(float(str(record["human_weight"])) > 1 for record in records(out))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("where", ["cast(url AS int) > 3", "text"])
def test_a_condition_that_fails_leaves_a_folder_for_the_corrected_one(
    split: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str, workers: int
) -> None:
    command = ["export", str(split), "--output", str(tmp_path / "out"), "--workers", str(workers)]
    assert main([*command, "--window-bytes", "10000", "--shard-bytes", "10000", "--where", where]) == 1
    *_, line = capsys.readouterr().err.splitlines()
    assert f"--where {where!r} cannot be told of every row" in line
    assert list((tmp_path / "out").iterdir()) == []
    assert main([*command, "--where", "length(url) > 3"]) == 0


def test_what_a_condition_means_does_not_depend_on_the_columns_exported(reference: Path, tmp_path: Path) -> None:
    for columns in (("text",), ALL_COLUMNS):
        settings = Settings(where="columns(*) IS NOT NULL", columns=columns)
        rows = [all(value is not None for value in row.values()) for row in corpus(reference)]
        out = tmp_path / str(len(columns))
        assert export(str(reference), str(out), settings).account.total().rows == sum(rows) > 0


def test_a_corpus_without_rows_is_told_from_a_condition_that_none_meets(reference: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(reference, source)
    [part] = (source / "corpus").iterdir()
    pq.write_table(pq.read_table(part).slice(0, 0), part)
    with pytest.raises(InputError, match="a corpus without rows: there is nothing to export"):
        export(str(source), str(tmp_path / "out"), Settings())
    assert list((tmp_path / "out").iterdir()) == []


def test_all_mistakes_are_told_together() -> None:
    wrong = Settings(format="csv", columns=("text", "weight"), shard_bytes=0, where="nothing = 1")
    with pytest.raises(ConfigError) as refused:
        export("nowhere", "nowhere", wrong)
    told = "\n".join(refused.value.problems)
    assert all(
        word in told for word in ("--format is 'csv'", "'weight'", "--shard-bytes is 0", "--where 'nothing = 1'")
    )


def test_the_command_tells_shares_beside_those_by_weight(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "export",
        str(reference),
        "--output",
        str(tmp_path / "out"),
        "--repeats",
        "--columns",
        "id,token_count",
    ]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "records of" in said
    assert "by weight" in said
    assert "100.00 %" in said


def test_repeats_and_buckets_exclude_each_other(reference: Path, tmp_path: Path) -> None:
    assert main(["export", str(reference), "--output", str(tmp_path / "out"), "--repeats", "--buckets"]) == 2
    assert not (tmp_path / "out").exists()
