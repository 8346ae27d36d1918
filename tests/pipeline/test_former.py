"""A finished corpus that another takes the place of is told, with what the other is made of instead."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import Config, load
from pipeline.former import Former, Recipe, former_in
from pipeline.output import Output

ONE = ["--workers", "1"]


@pytest.fixture
def output(reference: Path, tmp_path: Path) -> Path:
    """A copy of a finished output that may be changed."""
    return Path(shutil.copytree(reference, tmp_path / "out"))


def former(output: Path) -> Former:
    found = former_in(Output(str(output)))
    assert found is not None
    return found


def recipe(output: Path, *overrides: str, less: int = 0, more: tuple[str, ...] = ()) -> Recipe:
    names = sorted(former(output).claim.inputs)
    return Recipe({*names[less:], *more}, load(None, overrides), set())


def told(output: Path) -> str:
    """How the line begins."""
    manifest = json.loads((output / "manifest.json").read_text())
    head, rows = manifest["chain"]["head"][:16], manifest["counts"]["rows"]
    return f"firsthand: {output} was a finished corpus (head {head}…, {rows} rows); it is made again"


def test_another_setting_of_curation_is_told(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = f"{told(output)} with weigh.rho 0.1 → 0.3\n"
    assert main(["curate", str(output), "--output", str(output), "--set", "weigh.rho=0.3", *ONE]) == 0
    assert line in capsys.readouterr().err


def test_one_more_archive_is_told_once(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, _ = map(str, sorted(crawl.glob("*.warc.gz")))
    output = tmp_path / "out"
    assert main(["run", first, "--output", str(output), *ONE]) in (0, 3)
    assert "was a finished corpus" not in capsys.readouterr().err
    line = f"{told(output)} with 1 archive more\n"
    assert main(["run", second, "--output", str(output), *ONE]) in (0, 3)
    said = capsys.readouterr().err
    assert line in said
    assert said.count("was a finished corpus") == 1


def test_the_same_again_is_told_without_a_difference(output: Path) -> None:
    found = former(output)
    assert found.differences(recipe(output)) == ""
    assert f"firsthand: {found.gone('')}" == told(output)


def test_what_differs_is_named_and_much_of_it_counted(output: Path) -> None:
    settings = ("weigh.rho=0.3", "weigh.cap=2", "dedup.threshold=0.8", "weigh.seed=7")
    found = former(output).differences(recipe(output, *settings, less=2, more=("new.warc.gz",)))
    assert found.startswith("1 archive more, 2 archives less, ")
    assert found.endswith(", 1 setting more")
    assert "weigh.cap 4.0 → 2.0" in found
    assert former(output).differences(Recipe(recipe(output).archives, Config(), {"ab"})) == "another --against"


def test_a_long_value_is_cut(output: Path) -> None:
    found = former(output).differences(recipe(output, f'publish.description="{"x" * 500}"'))
    assert len(found) < 100


@pytest.mark.parametrize("name", ["_SUCCESS", "manifest.json"])
def test_what_is_not_finished_is_none(output: Path, name: str) -> None:
    (output / name).unlink()
    assert former_in(Output(str(output))) is None
