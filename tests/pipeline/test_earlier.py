"""New documents curated against an earlier corpus: what it has is dropped, what together would stay stays."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.earlier import Earlier, held
from pipeline.output import Output
from pipeline.verify.check import Check, State
from pipeline.verify.command import verify
from pipeline.verify.progress import Pulse
from pipeline.why.answer import answer
from tests.conftest import Once, firsthand
from tests.outputs import corpus, rejections
from tests.tampering import edit_manifest, flip, reseal, shard, without
from tests.tampering import rewrite as rewrite_rows
from transforms.errors import OutputError
from transforms.original import LABEL, Original
from transforms.report.folder import Folder
from transforms.write.parquet import read_accounts, rewrite
from transforms.write.rows import page_id
from transforms.write.stage import open_file


def names(output: Path) -> list[str]:
    """The archives of an extraction, in order."""
    manifest = json.loads((output / "manifest.json").read_bytes())
    return [str(entry["warc_file"]) for entry in manifest["inputs"]]


@pytest.fixture(scope="module")
def parts(once: Once, reference: Path) -> Path:
    """`a`: the first archive of the crawl, curated; `b`: the others, curated against it."""

    def fill(folder: Path) -> None:
        first, *others = names(reference)
        folder.mkdir()
        for name, archives in (("a", [first]), ("b", others)):
            (folder / f"documents-{name}" / "documents").mkdir(parents=True)
            (folder / f"documents-{name}" / "rejections").mkdir()
            for kind in ("documents", "rejections"):
                for archive in archives:
                    for path in (reference / kind).glob(f"{archive}-*.parquet"):
                        shutil.copy(path, folder / f"documents-{name}" / kind)
        curate(folder, "a")
        curate(folder, "b", "--against", str(folder / "a"))

    return once("against", fill)


def curate(folder: Path, name: str, *arguments: str) -> None:
    firsthand(*command(folder, name, folder / name), *arguments)


def command(folder: Path, name: str, output: Path) -> list[str]:
    documents = str(folder / f"documents-{name}" / "documents" / "*.parquet")
    return ["curate", "--documents", documents, "--output", str(output), "--workers", "1"]


def head(output: Path) -> str:
    return (output / "_SUCCESS").read_text().strip()


def dropped(output: Path) -> dict[str, Original]:
    """What is said of the duplicates of an output, by their ids."""
    found = {}
    for _, archive, offset, _, _, stage, _, detail in rejections(output):
        if stage == "dedup":
            original = Original.of(str(detail))
            assert original is not None
            found[page_id(str(archive), int(str(offset)))] = original
    return found


def test_what_is_kept_is_what_together_would_be_if_earlier_rows_went_first(reference: Path, parts: Path) -> None:
    together = {str(row["id"]): str(row["component_id"]) for row in corpus(reference)}
    together |= {page: original.component_id for page, original in dropped(reference).items()}
    kept = {name: {str(row["id"]) for row in corpus(parts / name)} for name in ("a", "b")}
    gone = dropped(parts / "b")
    earlier = {page: original for page, original in gone.items() if original.earlier}
    assert earlier
    pages = {"a": kept["a"] | dropped(parts / "a").keys(), "b": kept["b"] | gone.keys()}
    assert pages["a"] | pages["b"] == together.keys()
    members: dict[str, set[str]] = defaultdict(set)
    for page, component in together.items():
        members[component].add(page)
    best = {str(row["component_id"]): str(row["id"]) for row in corpus(reference)}
    for component, whole in members.items():
        if whole & pages["a"]:
            assert not whole & kept["b"]
            assert whole & pages["b"] <= earlier.keys()
        else:
            assert whole & kept["b"] == {best[component]}
    for page, original in earlier.items():
        assert original.earlier == head(parts / "a")[:LABEL]
        assert original.keeper_id in kept["a"]
        assert together[original.keeper_id] == together[page]


def test_earlier_output_stays_as_it_is_and_is_named_in_the_manifest(parts: Path, tmp_path: Path) -> None:
    def digests() -> dict[Path, str]:
        files = [path for path in (parts / "a").rglob("*") if path.is_file()]
        return {path: sha256(path.read_bytes()).hexdigest() for path in files}

    before = digests()
    assert main([*command(parts, "b", tmp_path / "b"), "--against", str(parts / "a")]) == 0
    assert digests() == before
    assert corpus(tmp_path / "b") == corpus(parts / "b")
    manifest = json.loads((parts / "b" / "manifest.json").read_bytes())
    assert manifest["against"] == [
        {"output": str(parts / "a"), "head": head(parts / "a"), "rows": len(corpus(parts / "a"))}
    ]
    assert f"#earlier/{head(parts / 'a')}" in (parts / "b" / "prov.json").read_text()
    assert "against" not in json.loads((parts / "a" / "manifest.json").read_bytes())


def test_exact_copies_alone_need_no_documents_of_the_earlier_output(parts: Path, tmp_path: Path) -> None:
    shutil.copytree(parts / "a", tmp_path / "a")
    edit_manifest(tmp_path / "a", lambda page: page["config"]["dedup"].update(method="exact"))  # type: ignore[attr-defined]
    edit_manifest(tmp_path / "a", lambda page: page.update(documents={}))
    reseal(tmp_path / "a")
    exact = ("--against", str(tmp_path / "a"), "--set", 'dedup.method="exact"')
    assert main([*command(parts, "b", tmp_path / "b"), *exact]) == 0
    assert not any(original.earlier for original in dropped(tmp_path / "b").values())  # near copies are no concern
    assert json.loads((tmp_path / "b" / "manifest.json").read_bytes())["against"][0]["head"] == head(tmp_path / "a")


def copy_of(parts: Path, folder: Path) -> Path:
    """Both outputs, to be changed; the manifest of `b` is sealed anew, to name the copy of `a`."""
    shutil.copytree(parts, folder / "copy")
    [entry] = json.loads((parts / "b" / "manifest.json").read_bytes())["against"]
    moved = [entry | {"output": str(folder / "copy" / "a")}]
    edit_manifest(folder / "copy" / "b", lambda page: page.update(against=moved))
    reseal(folder / "copy" / "b")
    return folder / "copy"


def checks(output: Path) -> dict[str, Check]:
    folder = Folder(str(output))
    done = verify(folder, head=None, sample=None, open_archive=open_file, pulse=Pulse())
    return {check.name: check for check in done.checks}


def test_verify_looks_up_keepers_in_the_earlier_corpus(parts: Path, tmp_path: Path) -> None:
    found = checks(parts / "b")
    assert {check.state for check in found.values()} <= {State.OK, State.SKIPPED}
    assert found["against"].state is State.OK
    assert "against" not in checks(parts / "a")
    folder = copy_of(parts, tmp_path)
    assert checks(folder / "b")["against"].state is State.OK
    edit_manifest(folder / "a", lambda page: page.update(elapsed={}))
    reseal(folder / "a")
    assert f"this output was curated against {head(parts / 'a')}" in checks(folder / "b")["against"].problems[0]
    for path in (folder / "a" / "corpus").glob("*.parquet"):
        path.unlink()
    missing, no_row = checks(folder / "b")["against"].problems[1:3]
    assert missing == f"{shard(folder / 'a')} is missing"
    assert f"{folder / 'a'} has no row" in no_row
    shutil.rmtree(folder / "a")
    gone = checks(folder / "b")["against"]
    assert (gone.state, gone.said) == (State.SKIPPED, f"not at hand: {folder / 'a'}")


def test_story_of_a_page_tells_its_keeper_in_the_earlier_corpus(
    parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {str(row["id"]): row for row in corpus(parts / "a")}
    for page, original in dropped(parts / "b").items():
        if not original.earlier:
            continue
        story = answer(Folder(str(parts / "b")), page).story
        assert story.copies is not None
        assert story.copies.earlier == str(parts / "a")
        assert story.copies.keeper.url == kept[original.keeper_id]["url"]
        assert story.copies.others[0].jaccard is not None
        assert story.copies.others[0].jaccard >= 0.75
        alike = [other for other in dropped(parts / "b").values() if other.component_id == original.component_id]
        assert story.copies.pages == 1 + len(alike)
    assert main(["inspect", str(parts / "b"), "--why", page]) == 0
    folder = copy_of(parts, tmp_path)
    shutil.rmtree(folder / "a")
    [page, *_] = [page for page, original in dropped(folder / "b").items() if original.earlier]
    capsys.readouterr()
    assert main(["inspect", str(folder / "b"), "--why", page]) == 0
    assert "is not at hand" in " ".join(capsys.readouterr().out.split())


def test_report_counts_what_earlier_corpora_have(parts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(parts / "b")]) == 0
    count = sum(bool(original.earlier) for original in dropped(parts / "b").values())
    first = head(parts / "a")
    line = f"Repeated from the earlier corpus {first[:LABEL]}…, and dropped: {count} page"
    assert line in capsys.readouterr().out
    for name in ("report.html", "README.md", "croissant.json"):
        assert f"the head of that corpus: {first}." in (parts / "b" / name).read_text()


@pytest.mark.parametrize(
    ("against", "settings", "message"),
    [
        ("a", ["dedup.threshold=0.8"], r"with dedup.threshold = 0.75, and it is 0.8 here.*--set dedup.threshold=0.75"),
        ("a", ['dedup.method="none"'], "nothing is compared with an earlier corpus: leave out --against"),
        ("documents-a", [], "holds no manifest.json"),
        ("b", [], "holds the archive .* already: leave it out"),
        ("unfinished", [], "cannot be curated against: there is no _SUCCESS.*run its curate again"),
        ("changed", [], "cannot be curated against: manifest.json was changed"),
        ("bare", [], r"was made from \d+ documents of .*, and 0 are in .*: their signatures are needed"),
        ("out", [], "is an earlier output, which stays as it is: name another --output"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_cure(
    parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], against: str, settings: list[str], message: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(parts, folder)
    for name in ("unfinished", "changed", "bare", "out"):
        shutil.copytree(folder / "a", folder / name)
    (folder / "unfinished" / "_SUCCESS").unlink()
    edit_manifest(folder / "changed", lambda page: page.update(elapsed={}))
    edit_manifest(folder / "bare", lambda page: page.update(documents=[str(folder / "nowhere")]))
    reseal(folder / "bare")
    flags = [word for setting in settings for word in ("--set", setting)]
    assert main([*command(folder, "b", folder / "out"), "--against", str(folder / against), *flags]) != 0
    assert re.search(message, capsys.readouterr().err, re.DOTALL)


Change = Callable[[Path], object]


def first_documents(folder: Path) -> Path:
    """The first documents file that `a` was made from, with some pages in it."""
    found = sorted((folder / "documents-a" / "documents").glob("*.parquet"))
    return next(path for path in found if pq.read_metadata(path).num_rows)


def emptied(path: Path) -> None:
    rewrite_rows(path, lambda table: table.slice(0, 0))


def emptied_of_the_same_size(path: Path) -> None:
    """What lies between the last page of a Parquet file and its footer, nobody reads."""
    size = path.stat().st_size
    emptied(path)
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    path.write_bytes(data[:footer] + bytes(size - len(data)) + data[footer:])


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def told_anew(edit: Callable[[dict[str, dict[str, str]]], object], change: Callable[[pa.Table], pa.Table]) -> Change:
    """A documents file with other rows, or of which its account says something else; its imprint is made anew."""

    def write(path: Path) -> None:
        whole = path.with_suffix(".whole")
        path.rename(whole)
        with whole.open("rb") as source, path.open("wb") as sink:
            accounts = read_accounts(source)
            edit(accounts)
            rewrite(source, sink, change, accounts=accounts, name=str(path))

    return write


def of_another_archive(path: Path) -> None:
    others = path.parents[2] / "documents-b" / "documents"
    shutil.copy(next(others.glob("*.parquet")), path)


def as_it_is(table: pa.Table) -> pa.Table:
    return table


@pytest.mark.parametrize(
    ("find", "change", "message"),
    [
        (shard, emptied, r"has \d+ bytes, the manifest says \d+"),
        (shard, emptied_of_the_same_size, r"has 0 rows, the manifest says \d+"),
        (shard, truncated, r"has \d+ bytes, the manifest says \d+"),
        (shard, Path.unlink, "is missing"),
        (first_documents, told_anew(dict, lambda table: table.slice(0, 0)), "is damaged, or no documents file"),
        (first_documents, truncated, "is damaged, or no documents file"),
        (first_documents, of_another_archive, "is of another split"),
        (
            first_documents,
            told_anew(lambda account: account["settings"].pop("filter"), as_it_is),
            "was extracted with another configuration",
        ),
        (
            first_documents,
            told_anew(lambda account: account["refused_file"].update(sha256="0" * 64), as_it_is),
            "was not written with rejections/",
        ),
    ],
)
def test_a_file_of_an_earlier_output_that_was_changed_is_refused_by_name_before_anything_is_written(
    parts: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    find: Callable[[Path], Path],
    change: Change,
    message: str,
) -> None:
    folder = with_own_documents(parts, tmp_path)
    path = find(folder / "a" if find is shard else folder)
    change(path)
    assert main([*command(folder, "b", folder / "out"), "--against", str(folder / "a")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert re.fullmatch(rf"firsthand: error: {re.escape(str(path))} {message}.*: bring it back.*", line)
    assert f"`firsthand verify {folder / 'a'}`" in line
    assert not (folder / "out").exists()


def with_own_documents(parts: Path, folder: Path) -> Path:
    """A copy of all of it, in which the manifest of `a` names the documents of the copy."""
    copy = copy_of(parts, folder)
    edit_manifest(copy / "a", lambda page: page.update(documents=[str(copy / "documents-a" / "documents")]))
    reseal(copy / "a")
    return copy


def test_a_bit_of_a_column_that_is_read_is_found_where_size_and_rows_are_as_they_were(
    parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_of(parts, tmp_path)
    path = shard(folder / "a")
    group = pq.read_metadata(path).row_group(0)
    [column] = [group.column(at) for at in range(group.num_columns) if group.column(at).path_in_schema == "id"]
    flip(path, column.data_page_offset + column.total_compressed_size - 5)
    assert main([*command(folder, "b", folder / "out"), "--against", str(folder / "a")]) == 1
    error = capsys.readouterr().err
    assert f"firsthand: error: {path} is damaged" in error
    assert f"`firsthand verify {folder / 'a'}`" in error
    assert not (folder / "out" / "_SUCCESS").exists()


def test_verify_looks_at_the_shards_of_the_earlier_corpus(parts: Path, tmp_path: Path) -> None:
    folder = copy_of(parts, tmp_path)
    said = checks(folder / "b")["against"].said
    assert f"`firsthand verify {folder / 'a'}`" in said
    kept = {original.keeper_id for original in dropped(parts / "b").values()}
    row = next(at for at, row in enumerate(pq.read_table(shard(folder / "a"))["id"].to_pylist()) if row not in kept)
    rewrite_rows(shard(folder / "a"), without(row))
    [problem] = checks(folder / "b")["against"].problems
    assert re.search(rf"^{shard(folder / 'a')} has \d+ bytes, the manifest says \d+$", problem)


def test_what_was_found_must_be_there_still_when_it_is_locked_and_when_it_was_read(parts: Path, tmp_path: Path) -> None:
    folder = copy_of(parts, tmp_path)
    earlier = Earlier(str(folder / "a"), head(folder / "a"), (), (), ())
    with held([earlier], Output(str(folder / "out"))):
        pass
    with (
        pytest.raises(OutputError, match=f"a run wrote to {folder / 'a'} .*give the same command again"),
        held([earlier], Output(str(folder / "out"))),
    ):
        (folder / "a" / "_SUCCESS").unlink()
    with (
        pytest.raises(OutputError, match=f"a run wrote to {folder / 'a'} "),
        held([earlier], Output(str(folder / "out"))),
    ):
        pytest.fail("what is no longer there is read")
