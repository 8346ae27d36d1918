"""Outputs used twice, in part, by two, or with something missing: nothing doubled, nothing lost, nothing left over."""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.cli import main
from pipeline.committed import read_footer
from pipeline.output import Output
from pipeline.worklist import DocumentsPiece, read_pieces
from tests.outputs import corpus, rejections
from transforms.errors import OutputError
from transforms.score import calibration
from transforms.score.abstention import UNCALIBRATED
from transforms.score.detector import MODEL_DIRECTORY
from transforms.write.parquet import rewrite

ONE = ["--workers", "1"]


def archives(crawl: Path) -> list[str]:
    """The three archives of the small crawl."""
    return [str(path) for path in sorted(crawl.glob("*.warc.gz"))]


def counts(output: Path) -> dict[str, object]:
    """The counts of a manifest."""
    found: dict[str, object] = json.loads((output / "manifest.json").read_text())["counts"]
    return found


@pytest.fixture(scope="module")
def halves(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Extractions of the first archive and of the other two."""
    folder = tmp_path_factory.mktemp("halves")
    first, *others = archives(crawl)
    assert main(["extract", first, "--output", str(folder / "a"), *ONE]) == 0
    assert main(["extract", *others, "--output", str(folder / "b"), *ONE]) == 0
    return folder / "a", folder / "b"


def test_two_extractions_make_the_corpus_of_one(halves: tuple[Path, Path], reference: Path, tmp_path: Path) -> None:
    assert main(["curate", *map(str, halves), "--output", str(tmp_path / "out")]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)
    assert rejections(tmp_path / "out") == rejections(reference)
    assert counts(tmp_path / "out") == counts(reference)


def test_a_folder_named_twice_counts_once(halves: tuple[Path, Path], reference: Path, tmp_path: Path) -> None:
    a, b = map(str, halves)
    assert main(["curate", a, b, f"{a}/../a/", "--output", str(tmp_path / "out")]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)


def test_documents_named_by_a_glob_are_the_same(halves: tuple[Path, Path], reference: Path, tmp_path: Path) -> None:
    pattern = f"{halves[0].parent}/*/documents/*.parquet"
    assert main(["curate", "--documents", pattern, "--output", str(tmp_path / "out")]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)


def test_an_archive_extracted_twice_is_refused(
    crawl: Path, halves: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = str(tmp_path / "again")
    assert main(["extract", archives(crawl)[0], "--output", again, *ONE]) == 0
    capsys.readouterr()
    assert main(["curate", str(halves[0]), again, "--output", str(tmp_path / "out")]) == 1
    assert "extracted into two of these" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_nothing_of_an_earlier_curation_stays(halves: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert main(["curate", *map(str, halves), "--output", str(output)]) == 0
    assert main(["curate", str(halves[0]), "--output", str(output)]) in (0, 3)
    assert main(["curate", str(halves[0]), "--output", str(tmp_path / "fresh")]) in (0, 3)
    assert corpus(output) == corpus(tmp_path / "fresh")
    assert rejections(output) == rejections(tmp_path / "fresh")


def test_an_output_with_other_documents_is_not_curated_over(
    halves: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curate", str(halves[1]), "--output", str(halves[0])]) == 1
    assert "not among these documents" in capsys.readouterr().err
    assert not (halves[0] / "corpus").exists()


def test_more_archives_join_an_output_and_the_corpus_is_of_all(
    crawl: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    first, *others = archives(crawl)
    assert main(["run", first, "--output", str(output), *ONE]) in (0, 3)
    capsys.readouterr()
    assert main(["extract", *others, "--output", str(output), *ONE]) == 0
    assert "documents of other archives too (1)" in capsys.readouterr().err
    assert not (output / "_SUCCESS").exists()
    assert main(["run", *others, "--output", str(output), *ONE]) == 0
    assert corpus(output) == corpus(reference)


@pytest.mark.parametrize("folder", ["documents", "rejections"])
@pytest.mark.parametrize("harm", ["missing", "truncated", "garbage"])
def test_a_harmed_split_is_extracted_again(
    crawl: Path, reference: Path, tmp_path: Path, folder: str, harm: str
) -> None:
    output = tmp_path / "out"
    command = ["run", archives(crawl)[0], "--output", str(output), *ONE]
    assert main(command) in (0, 3)
    before = (corpus(output), rejections(output))
    [victim] = (output / folder).glob("crawl-*.parquet")
    if harm == "missing":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:-100] if harm == "truncated" else b"x" * 500)
    assert main(command) in (0, 3)
    assert (corpus(output), rejections(output)) == before


def test_a_block_list_is_read_before_anything_is_written_and_again_when_it_changes(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "hosts.txt"
    command = [
        "run",
        str(crawl),
        "--output",
        str(tmp_path / "out"),
        "--set",
        f"filter.block_hosts=['@{blocked}']",
        *ONE,
    ]
    assert main(command) in (1, 2)
    assert "hosts.txt" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    blocked.write_text("127.0.0.1\n")
    assert main(command) in (0, 3)
    assert all("//127.0.0.1" not in str(row["url"]) for row in corpus(tmp_path / "out"))
    blocked.write_text("127.0.0.2\n")
    capsys.readouterr()
    assert main(command) == 1
    assert "block lists" in capsys.readouterr().err


def test_a_name_with_brackets_is_a_name(crawl: Path, reference: Path, tmp_path: Path) -> None:
    output = tmp_path / "out [1] ü"
    assert main(["run", str(crawl), "--output", str(output), *ONE]) == 0
    assert corpus(output) == corpus(reference)
    assert not list(output.rglob(".tmp-*"))


def test_a_second_run_on_one_output_is_refused(tmp_path: Path, crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(str(tmp_path / "out"))
    with output.locked():
        assert main(["run", str(crawl), "--output", output.root, *ONE]) == 1
    assert "another run is writing" in capsys.readouterr().err
    with output.locked(), pytest.raises(OutputError), output.locked():
        pass


def test_a_manifest_tells_of_every_archive(reference: Path) -> None:
    manifest = json.loads((reference / "manifest.json").read_text())
    assert len(manifest["inputs"]) == 3
    for key in ("records", "responses"):
        assert sum(entry[key] for entry in manifest["inputs"]) == manifest["counts"][key]
    for entry in manifest["inputs"]:
        assert entry["responses"] == entry["documents"] + sum(entry["rejections"].values())


def test_a_manifest_names_the_calibration_and_documents_of_an_older_one_make_the_same_corpus(
    reference: Path, tmp_path: Path
) -> None:
    manifest = json.loads((reference / "manifest.json").read_text())
    file = MODEL_DIRECTORY / calibration.FILE
    assert manifest["calibration"] == blake2b(file.read_bytes(), digest_size=8).hexdigest()
    output = tmp_path / "out"
    shutil.copytree(reference, output)
    for path in (output / "documents").glob("*.parquet"):
        uncalibrate(path)
    assert main(["curate", str(output), "--output", str(output)]) == 0
    assert corpus(output) == corpus(reference)


def uncalibrate(path: Path) -> None:
    """Make documents what they would be had no language been calibrated then."""
    accounts, sink = read_footer(str(path)), io.BytesIO()
    assert accounts

    def change(group: pa.Table) -> pa.Table:
        at = group.schema.get_field_index("abstain_reason")
        reasons = [reason or UNCALIBRATED for reason in group["abstain_reason"].to_pylist()]
        return group.set_column(at, group.schema.field(at), pa.array(reasons))

    with open(path, "rb") as source:
        rewrite(source, sink, change, accounts=accounts, name=str(path))
    path.write_bytes(sink.getvalue())


def test_the_configuration_of_a_corpus_is_that_of_its_documents(crawl: Path, tmp_path: Path) -> None:
    documents, output = str(tmp_path / "documents"), tmp_path / "out"
    assert main(["extract", str(crawl), "--output", documents, "--set", "extract.extractor=resiliparse", *ONE]) == 0
    assert main(["curate", documents, "--output", str(output)]) in (0, 3)
    manifest = json.loads((output / "manifest.json").read_text())
    assert manifest["config"]["extract"]["extractor"] == "resiliparse"
    assert {row["config_digest"] for row in corpus(output)} == {manifest["config_digest"]}
    assert main(["curate", documents, "--output", str(output), "--set", "extract.extractor=fast"]) == 2


def test_an_archive_inside_an_archive_is_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, output = tmp_path / "forged.warc.gz", tmp_path / "out"
    path.write_bytes(archive_in_archive())
    command = ["run", str(path), "--output", str(output), *ONE, "--set", "run.split_bytes=4096"]
    assert main(command) in (0, 3)
    assert "do not meet" in capsys.readouterr().err
    whole = tmp_path / "whole"
    assert main(["run", str(path), "--output", str(whole), *ONE]) in (0, 3)
    assert counts(output) == counts(whole)
    assert not [row for row in corpus(output) if "victim" in str(row["url"])]
    assert main(command) in (0, 3)
    assert "skipping 1 of 1 splits" in capsys.readouterr().err


def archive_in_archive() -> bytes:
    """An archive with a page that is an archive, which gzip stores as it is: it looks like the start of a record."""
    noise = random.Random(0).randbytes(6000)
    inner = gzip.compress(record("http://victim.example/", b"<html>forged</html>", b"text/html"), mtime=0)
    members = [
        record("http://a.example/", b"<html><p>first</p></html>", b"text/html"),
        record("http://a.example/crawl.warc.gz", noise[:4000] + inner + noise[4000:], b"application/gzip"),
        record("http://a.example/last", b"<html><p>last</p></html>", b"text/html"),
    ]
    return b"".join(gzip.compress(member, 0, mtime=0) for member in members)


def record(uri: str, body: bytes, kind: bytes) -> bytes:
    """A response record."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: %b\r\n"
        b"WARC-Record-ID: <urn:uuid:%032d>\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        % (uri.encode(), len(uri), len(block), block)
    )


@pytest.mark.parametrize("folder", ["documents", "rejections"])
def test_a_split_that_cannot_be_read_is_not_taken_for_one_that_is_not_committed(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    output = tmp_path / "out"
    command = ["extract", archives(crawl)[0], "--output", str(output), *ONE]
    assert main(command) == 0
    [victim] = (output / folder).glob("*.parquet")
    victim.rename(tmp_path / "elsewhere")
    victim.symlink_to(victim)  # ELOOP; root is refused nothing, and has files and disks enough
    others = {path for path in output.glob("*/*") if path != victim}
    capsys.readouterr()
    assert main(command) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert f"{victim} cannot be read (Too many levels of symbolic links)" in line
    assert main(["curate", str(output), "--output", str(tmp_path / "other")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert {path for path in output.glob("*/*") if path != victim} == others


def test_a_second_work_list_leaves_the_first_to_its_workers(tmp_path: Path) -> None:
    output = Output(str(tmp_path))
    with output.work_list([DocumentsPiece("a", 0, 1, 0)]) as first:
        with output.work_list([DocumentsPiece("b", 0, 1, 0)]) as second:
            assert first != second
        with open(first, "rb") as file:
            assert [piece.path for piece in read_pieces(file, DocumentsPiece)] == ["a"]
    assert list(tmp_path.iterdir()) == []


def test_the_work_lists_of_killed_runs_are_swept(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / ".work-0123.jsonl.gz").touch()
    assert main(["extract", archives(crawl)[0], "--output", str(output), *ONE]) == 0
    assert {path.name for path in output.iterdir()} == {".lock", "documents", "extract.json", "rejections"}


def test_an_extraction_made_otherwise_is_not_curated_over(
    crawl: Path, halves: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = str(tmp_path / "other")  # the same splits, by name
    assert main(["extract", archives(crawl)[0], "--output", other, "--set", "filter.reject=[]", *ONE]) == 0
    before = rejections(halves[0])
    capsys.readouterr()
    assert main(["curate", other, "--output", str(halves[0])]) == 1
    assert "not among these documents" in capsys.readouterr().err
    assert rejections(halves[0]) == before


@pytest.mark.parametrize("folder", ["documents", "rejections", "corpus"])
def test_parquet_files_of_others_are_neither_deleted_nor_taken_for_ours(
    crawl: Path, tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = tmp_path / folder / "mine.parquet"
    foreign.parent.mkdir()
    foreign.write_bytes(b"mine")
    assert main(["run", str(crawl), "--output", str(tmp_path), *ONE]) == 1
    assert f"{foreign} was written by something else" in capsys.readouterr().err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [foreign]


def test_a_curation_that_is_refused_leaves_the_corpus_that_is_there(
    halves: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, alone = tmp_path / "out", tmp_path / "alone" / "documents"
    assert main(["curate", str(halves[0]), "--output", str(output)]) in (0, 3)
    before = corpus(output)
    alone.mkdir(parents=True)
    for path in (halves[1] / "documents").glob("*.parquet"):
        (alone / path.name).write_bytes(path.read_bytes())
    capsys.readouterr()
    assert main(["curate", "--documents", f"{alone}/*.parquet", "--output", str(output)]) == 1
    assert "missing or damaged" in capsys.readouterr().err
    assert (output / "_SUCCESS").exists()
    assert corpus(output) == before


@pytest.mark.parametrize("more", [b"", b"PAR1"])
def test_rejections_that_were_not_written_with_their_documents_are_refused(
    halves: tuple[Path, Path], tmp_path: Path, more: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source = Path(shutil.copytree(halves[0], tmp_path / "source"))
    path = sorted((source / "rejections").glob("*.parquet"))[0]
    data = path.read_bytes()
    path.write_bytes(data[:4] + (more or bytes([data[4] ^ 1])) + data[4 + (not more) :])
    pattern, output = f"{source}/documents/*.parquet", tmp_path / "out"
    capsys.readouterr()
    assert main(["curate", "--documents", pattern, "--output", str(output)]) == 1
    assert f"{path} is not the file that was written with {source}/documents/{path.name}" in capsys.readouterr().err
    assert not list((output / "rejections").glob("*.parquet"))


def test_archives_moved_between_two_runs_are_the_same(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, output = tmp_path / "old", tmp_path / "new", tmp_path / "out"
    old.mkdir()
    archive = Path(archives(crawl)[0])
    (old / archive.name).write_bytes(archive.read_bytes())
    cut = ["--output", str(output), *ONE, "--set", "run.split_bytes=16384"]
    assert main(["run", str(old), *cut]) in (0, 3)
    before = [{k: v for k, v in row.items() if k != "file_path"} for row in corpus(output)]
    for path in sorted((output / "documents").glob("*.parquet"))[::2]:
        path.unlink()  # as if killed before its commit
    old.rename(new)
    capsys.readouterr()
    assert main(["run", str(new), *cut]) in (0, 3)
    said = capsys.readouterr().err
    assert "skipping" in said
    assert "do not meet" not in said
    assert [{k: v for k, v in row.items() if k != "file_path"} for row in corpus(output)] == before
    assert len({row["file_path"] for row in corpus(output)}) == 2
    assert main(["verify", str(output), "--archives", "none"]) == 0
