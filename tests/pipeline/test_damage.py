"""Files of an output that are not what was written: each is found, and the same command makes it again."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import random
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.committed import SplitFiles, read_account
from pipeline.output import Output
from pipeline.plan import Plan, PlanDamaged
from tests.outputs import corpus, rejections
from tests.tampering import flip, shard
from transforms.schema import DOCUMENTS, REJECTIONS, arrow_schema
from transforms.write.digest import digest_of
from transforms.write.imprint import IMPRINT
from transforms.write.parquet import ACCOUNTS, open_writer, read_accounts, rewrite

ONE = ["--workers", "1"]
STATISTICS = ("counts", "inputs", "splits", "config_digest", "model")


def again(output: Path, crawl: Path, *flags: str) -> int:
    """The command that made `reference`, given again."""
    return main(["run", str(crawl), "--output", str(output), *ONE, *flags])


def splits(output: Path) -> list[SplitFiles]:
    """The splits of an output that have a documents file, by name."""
    return Output(str(output)).begun()


def is_intact(files: SplitFiles) -> bool:
    """Whether a second run would skip the split."""
    account = files.account()
    return account is not None and files.damaged(account) is None


def statistics(output: Path) -> dict[str, object]:
    """What a manifest says of the corpus, without how long it took and where it lies."""
    page = json.loads((output / "manifest.json").read_bytes())
    return {name: page[name] for name in STATISTICS}


def files_of(output: Path, folder: str) -> dict[str, tuple[int, bytes]]:
    """The files of a folder by name: when they were written, and what."""
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in (output / folder).glob("*.parquet")}


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A finished output of three splits, to be damaged."""
    return Path(shutil.copytree(reference, tmp_path / "out"))


def places(path: Path, *, seed: int) -> list[int]:
    """A byte of each region of a Parquet file, and some by chance."""
    data, rng = path.read_bytes(), random.Random(seed)
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    imprint, accounts = data.rindex(IMPRINT.encode()), data.rindex(f"{ACCOUNTS}\x18".encode())
    column = pq.read_metadata(path).row_group(0).column(0)
    pages = [column.data_page_offset, column.data_page_offset + column.total_compressed_size - 1]
    named = [0, 3, 4, *pages, footer - 1, footer, accounts, accounts + 40, imprint, imprint + 17, imprint + 19]
    return [*named, imprint + 82, imprint + 83, *range(len(data) - 8, len(data)), *rng.sample(range(len(data)), 30)]


@pytest.mark.parametrize("folder", ["documents", "rejections"])
def test_any_byte_that_is_changed_in_a_file_of_a_split_is_found(output: Path, folder: str) -> None:
    files = splits(output)[1]
    path = Path(getattr(files, folder))
    assert is_intact(files)
    for place in places(path, seed=6):
        flip(path, place)
        assert not is_intact(files), place
        flip(path, place)
    assert is_intact(files)


def test_files_that_are_shorter_longer_or_of_another_split_are_found(output: Path) -> None:
    first, second, third = splits(output)
    whole = Path(first.documents).read_bytes()
    for content in (b"", whole[:-1], whole + b"\0", whole[:100], bytes(len(whole))):
        Path(first.documents).write_bytes(content)
        assert not is_intact(first)
    for folder in ("documents", "rejections"):  # both files of each of the two, so that nothing else is wrong
        one, other = Path(getattr(second, folder)), Path(getattr(third, folder))
        one.rename(output / "one")
        other.rename(one)
        (output / "one").rename(other)
    assert not is_intact(second)
    assert not is_intact(third)


@pytest.mark.parametrize("folder", ["documents", "rejections"])
def test_the_file_that_lost_its_end_is_the_one_that_is_named(output: Path, folder: str) -> None:
    """The other half of its split is whole."""
    files = splits(output)[1]
    flip(Path(getattr(files, folder)), -1)
    assert files.account() is None
    assert files.suspect() == getattr(files, folder)


def test_a_second_run_makes_again_what_was_damaged_and_nothing_else(
    output: Path, reference: Path, crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {folder: files_of(output, folder) for folder in ("documents", "rejections")}
    harmed = splits(output)[1]
    flip(Path(harmed.documents), 2000)
    for name in ("cells.json", "manifest.json", "_SUCCESS", ".lock", "report.html"):
        (output / name).write_bytes(b"" if name == "report.html" else b"\xff\0 no more")
    flip(shard(output), 2000)
    (output / "rejections" / "curate-00000.parquet").write_bytes(b"")
    (output / ".work-0123.jsonl.gz").write_bytes(b"\x1f\x8b")
    (output / ".tmp-0123-manifest.json").write_bytes(b"{")
    flip(output / "extract.json", 40)
    capsys.readouterr()
    assert again(output, crawl) == 0
    said = capsys.readouterr().err
    assert f"{harmed.documents} is not what was written: its split is to be extracted again" in said
    assert "extract.json is damaged, and is made again" in said
    assert "skipping 2 of 3 splits" in said
    assert (corpus(output), rejections(output)) == (corpus(reference), rejections(reference))
    assert statistics(output) == statistics(reference)
    for folder, files in before.items():
        after = files_of(output, folder)
        assert after.keys() == files.keys()
        extracted = {name for name in files if not name.startswith("curate-")}
        assert {name for name in extracted if after[name] != files[name]} == {Path(harmed.documents).name}
    assert main(["verify", str(output), "--archives", "none"]) == 0
    assert not [*output.glob(".work-*"), *output.glob(".tmp-*")]


@pytest.mark.parametrize("folder", ["documents", "rejections"])
def test_curate_names_what_was_damaged_and_leaves_the_corpus_that_is_there(
    output: Path, reference: Path, tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = getattr(splits(output)[2], folder)
    flip(Path(victim), 2000)
    for target in (output, tmp_path / "other"):
        capsys.readouterr()
        assert main(["curate", str(output), "--output", str(target)]) == 1
        [line] = capsys.readouterr().err.splitlines()
        assert victim in line
        assert "run the same extract again" in line
    assert (output / "_SUCCESS").read_bytes() == (reference / "_SUCCESS").read_bytes()
    assert files_of(output, "corpus").keys() == files_of(reference, "corpus").keys()
    assert corpus(output) == corpus(reference)


def test_damaged_documents_are_not_scored_again(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their new imprint would vouch for what nobody wrote."""
    victim = Path(splits(output)[0].documents)
    sink = io.BytesIO()
    with victim.open("rb") as source:
        accounts = {**read_accounts(source), "model": "another"}
        rewrite(source, sink, lambda rows: rows, accounts=accounts, name=str(victim))
    victim.write_bytes(sink.getvalue())
    flip(victim, 2000)
    before = victim.read_bytes()
    assert main(["rescore", str(output)]) == 1
    assert f"{victim} is damaged (it was changed since it was written)" in capsys.readouterr().err
    assert victim.read_bytes() == before


def test_verify_finds_documents_that_were_changed(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flip(Path(splits(output)[0].documents), 2000)
    assert main(["verify", str(output), "--archives", "none", "--json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert [name for name, check in checks.items() if check["state"] == "FAILED"] == ["documents"]
    assert "its bytes do not make the imprint" in checks["documents"]["problems"][0]


def test_what_an_early_release_extracted_is_taken_as_it_is(output: Path) -> None:
    """No file had an imprint then; of rejections the account had the digest, and before that nothing."""
    for files, known in zip(splits(output), ({}, {"refused_file": None}, {}), strict=True):
        rejections, documents = Path(files.rejections), Path(files.documents)
        unprint(rejections, {})
        with rejections.open("rb") as file:
            refused = dataclasses.asdict(digest_of(file))
        unprint(documents, {"refused_file": refused, **known, "refused_imprint": ""})
        assert is_intact(files)
        flip(documents, 2000)
        assert is_intact(files)  # only curation can tell, by the checksums of pages
    flip(rejections, 2000)
    assert not is_intact(files)


def unprint(path: Path, changes: dict[str, object]) -> None:
    """Write a file of a split as it was before there were imprints, its accounts changed."""
    with path.open("rb") as source:
        accounts = {**read_accounts(source), **changes}
    table = pq.read_table(path)
    schema = arrow_schema(DOCUMENTS if path.parent.name == "documents" else REJECTIONS)
    with path.open("wb") as sink, open_writer(sink, schema) as writer:
        writer.write_table(table.cast(schema))
        writer.add_key_value_metadata({ACCOUNTS: json.dumps(accounts)})


def test_a_lost_plan_of_which_nothing_was_committed_is_made_again(
    crawl: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("documents", "rejections"):
        (tmp_path / folder).mkdir()
    (tmp_path / "extract.json").write_bytes(b"")
    assert again(tmp_path, crawl, "--dry-run") == 0
    assert "0 of them committed already" in capsys.readouterr().out
    first, *_ = sorted(crawl.glob("*.warc.gz"))
    assert main(["extract", str(first), "--output", str(tmp_path), *ONE]) == 0
    assert len(Output(str(tmp_path)).plan().archives) == 1
    (path,) = (tmp_path / "documents").iterdir()
    assert pq.read_table(path).equals(pq.read_table(reference / "documents" / path.name))


def test_a_lost_plan_is_not_made_again_over_documents_that_it_alone_knew(
    output: Path, crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They would be removed as nobody's."""
    (output / "extract.json").write_bytes(b"")
    before = files_of(output, "documents")
    first = sorted(crawl.glob("*.warc.gz"))[0]
    for command in (
        ["run", str(first), "--output", str(output), *ONE],
        ["run", str(crawl), "--output", str(output), *ONE, "--set", "filter.reject=[]"],
        ["curate", str(output), "--output", str(output)],
    ):
        capsys.readouterr()
        assert main(command) == 1
        [line] = capsys.readouterr().err.splitlines()
        assert f"{output}/extract.json is damaged" in line
    assert files_of(output, "documents") == before
    assert again(output, crawl, "--dry-run") == 0
    assert "3 of them committed already" in capsys.readouterr().out


def test_a_plan_that_says_something_else_than_was_stored_is_none(output: Path) -> None:
    path = output / "extract.json"
    raw = path.read_bytes()
    plan = Plan.from_json(raw, "extract.json")
    changed = [raw.replace(b'"size": 1', b'"size": 2', 1), raw.replace(b'"limit": null', b'"limit": 5')]
    for other in changed:
        assert other != raw
        with pytest.raises(PlanDamaged):
            Plan.from_json(other, "extract.json")
    values = json.loads(raw)
    del values["sha256"]  # as early releases stored it
    assert Plan.from_json(json.dumps(values).encode(), "extract.json") == plan


@pytest.mark.parametrize("folder", ["documents", "rejections"])
def test_a_folder_or_a_pipe_in_place_of_a_file_is_told(
    output: Path, crawl: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(getattr(splits(output)[0], folder))
    for put in (Path.mkdir, os.mkfifo):
        path.rmdir() if path.is_dir() else path.unlink()
        put(path)
        capsys.readouterr()
        assert again(output, crawl) == 1
        *_, line = capsys.readouterr().err.splitlines()
        assert f"{path} cannot be read" in line


def test_an_account_that_makes_no_sense_is_none(output: Path) -> None:
    path = Path(splits(output)[0].documents)
    with path.open("rb") as file:
        account = read_accounts(file)
    nameless = json.loads(json.dumps(account))
    nameless["read"]["split"]["warc_file"] = None
    edits: list[dict[str, object]] = [{}, {"read": None}, {"rejections": 5}, {"read": {"split": {}}}, nameless]
    edits.append({"more": 1})  # the last: it stays in the file
    for edit in edits:
        unprint(path, {**account, **edit})
        assert (read_account(str(path)) is None) == bool(edit)
