"""New documents curated against an earlier corpus: what it has is dropped, what together would stay stays."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.verify.check import Check, State
from pipeline.verify.command import verify
from pipeline.verify.progress import Pulse
from pipeline.why.answer import answer
from tests.conftest import Once, firsthand
from tests.outputs import corpus, rejections
from tests.tampering import edit_manifest, reseal
from transforms.original import LABEL, Original
from transforms.report.folder import Folder
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
    assert f"{folder / 'a'} has no row" in checks(folder / "b")["against"].problems[1]
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
    assert f"Repeated from earlier corpora, and dropped: {count} page" in capsys.readouterr().out
    assert "of an earlier corpus, and were dropped" in (parts / "b" / "report.html").read_text()


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
