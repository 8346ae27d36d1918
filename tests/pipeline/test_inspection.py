"""`firsthand inspect` as a user gives it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.glimpse import GLIMPSE
from transforms.report.render import render


def inspect(capsys: pytest.CaptureFixture[str], output: Path, *flags: str) -> str:
    """What the command prints; it must succeed."""
    capsys.readouterr()
    assert main(["inspect", str(output), *flags]) == 0
    return capsys.readouterr().out


def test_the_story_is_printed_80_columns_wide_in_a_pipe(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect(capsys, reference) == render(read_story(Folder(str(reference))), 80)
    assert inspect(capsys, reference, "--width", "100") == render(read_story(Folder(str(reference))), 100)


def test_a_quick_look_at_a_small_corpus_is_the_whole_of_it(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pq.read_table(reference / "corpus", columns=["id"]).num_rows < GLIMPSE
    assert inspect(capsys, reference, "--quick") == inspect(capsys, reference)


def test_the_story_as_json_has_every_field(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = read_story(Folder(str(reference)))
    found = json.loads(inspect(capsys, reference, "--json"))
    assert list(found) == list(story.__dataclass_fields__)
    assert found["total"]["synthetic"] == {
        name: getattr(story.total.synthetic, name) for name in ("value", "low", "high")
    }
    assert found["hosts"] == story.hosts
    assert found["most_machine"][0]["id"] == story.most_machine[0].id


def test_columns_are_told_one_after_the_other(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = pq.read_table(reference / "corpus", columns=["language", "signals"]).num_rows
    flags = ("--column", "language", "--column", "signals.words", "--column", "language")
    shown = inspect(capsys, reference, *flags)
    assert shown.count("language: ") == 1
    assert f"signals.words: {rows} pages, 0 without a value" in shown
    language, words = json.loads(inspect(capsys, reference, *flags, "--json"))
    assert sum(pages for _, pages in language["top"]) == sum(words["pages"]) == rows


def test_a_condition_goes_with_columns_and_samples(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(inspect(capsys, reference, "--column", "id", "--where", "token_count > 1000000", "--json"))
    assert found == [{"column": "id", "missing": 0, "distinct": 0, "top": []}]
    assert inspect(capsys, reference, "--sample", "3", "--where", "token_count > 1000000") == ""
    assert inspect(capsys, reference, "--sample", "3", "--where", "url = 'é;'") == ""


def test_a_sample_is_read_by_people_and_by_programs(reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = json.loads(inspect(capsys, reference, "--sample", "3", "--seed", "4", "--json"))
    shown = inspect(capsys, reference, "--sample", "3", "--seed", "4", "--width", "120")
    assert [line[5:] for line in shown.splitlines() if line.startswith("  id ")] == [p["line"]["id"] for p in pages]
    rows = {r["id"]: r["text"] for r in pq.read_table(reference / "corpus", columns=["id", "text"]).to_pylist()}
    assert [rows[p["line"]["id"]][:4000] for p in pages] == [p["text"] for p in pages]


def test_an_answer_is_tab_separated_in_a_pipe_and_a_table_where_a_width_is_asked_for(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = ("--sql", "SELECT 'a' AS name, count(*) AS rows FROM corpus")
    rows = pq.read_table(reference / "corpus", columns=["id"]).num_rows
    assert inspect(capsys, reference, *query) == f"name\trows\na\t{rows}\n"
    assert inspect(capsys, reference, *query, "--width", "80").splitlines()[0] == "name  rows"
    assert json.loads(inspect(capsys, reference, *query, "--json")) == {"name": "a", "rows": rows}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--where", "true"], "--where chooses rows for --sample or --column"),
        (["--seed", "1"], "--seed chooses the rows of --sample"),
        (["--sample", "1", "--sql", "SELECT 1"], "argument --sql: not allowed with argument --sample"),
        (["--quick", "--column", "id"], "argument --column: not allowed with argument --quick"),
        (["--column", "nosuch"], "--column 'nosuch': no such column; there are abstain_reason"),
        (["--column", "id", "--where", "nosuch"], '--where: Binder Error: Referenced column "nosuch" not found'),
        (["--sample", "1", "--where", "1 ="], "--where: Parser Error"),
        (["--sample", "1", "--where", "true); SELECT 1; --"], "--where takes one condition"),
        (["--column", "id", "--where", "'é;' <> '' ;SELECT 1"], "--where takes one condition"),
        (["--sample", "0"], "expected a whole number above 0"),
        (["--width", "20"], "expected a number of columns from 72"),
        (["--sql", "SELECT * FROM read_text('/etc/passwd')"], "a query reads the tables corpus, rejections, documents"),
        (["--sql", "COPY corpus TO 'stolen.csv'"], "--sql takes one SELECT, got COPY"),
        (["--", "--project=x"], "flags after `--` go to Beam, which reads no local folder"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    reference: Path, capsys: pytest.CaptureFixture[str], flags: list[str], message: str
) -> None:
    assert main(["inspect", str(reference), *flags]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("flags", [[], ["--column", "id"], ["--sample", "1"], ["--sql", "SELECT 1"]])
def test_a_folder_that_is_no_output_is_refused_by_every_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    assert main(["inspect", str(tmp_path), *flags]) == 1
    assert "holds no manifest.json; name the --output of an earlier run" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [[], ["--json"], ["--column", "id"], ["--sql", "SELECT 1"]])
def test_a_folder_without_a_mark_of_success_is_looked_at_with_a_warning(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    output = Path(shutil.copytree(reference, tmp_path / "out"))
    assert main(["inspect", str(output), *flags]) == 0
    assert capsys.readouterr().err == ""
    (output / "_SUCCESS").unlink()
    assert main(["inspect", str(output), *flags]) == 0
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"firsthand: {output} holds no _SUCCESS: the run did not finish")


@pytest.mark.parametrize(
    "command", [["inspect"], ["inspect", "--sql", "SELECT 1"], ["report"], ["verify"], ["curate", "--against"]]
)
def test_what_is_extracted_and_not_curated_is_told_with_the_command_that_is_missing(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    output = tmp_path / "out"
    for name in ("documents", "rejections"):
        shutil.copytree(reference / name, output / name)
    shutil.copy(reference / "extract.json", output)
    for path in (output / "rejections").glob("curate-*.parquet"):
        path.unlink()
    words = [*command[:1], str(output), *command[1:], *([str(output)] if "--against" in command else [])]
    words += ["--output", str(tmp_path / "new")] if "--against" in command else []
    assert main(words) == 1
    assert f"{output} is extracted, not curated: `firsthand curate {output} --output DIR`" in capsys.readouterr().err
    next((output / "documents").glob("*.parquet")).unlink()
    assert main(["inspect", str(output)]) == 1
    assert "the run has not finished; give its command again" in capsys.readouterr().err


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--column", "url"],
        ["--sample", "1"],
        ["--sql", "SELECT url FROM corpus"],
        ["--why", "http://nowhere.example/"],
    ],
)
def test_a_damaged_file_is_one_line_and_exit_code_1(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    output = tmp_path / "out"
    shutil.copytree(reference, output)
    (output / "corpus" / "part-00001.parquet").write_bytes(b"PAR1 and nothing more")
    assert main(["inspect", str(output), *flags]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


@pytest.mark.parametrize("flags", [[], ["--quick"], ["--column", "url"], ["--sample", "1"], ["--why", "0" * 32]])
def test_a_corpus_of_an_older_release_is_one_line_that_says_what_it_lacks(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    output = tmp_path / "out"
    shutil.copytree(reference, output)
    for path in (output / "corpus").iterdir():
        pq.write_table(pq.read_table(path).drop_columns(["evidence", "duplicate_count"]), path)
    assert main(["inspect", str(output), *flags]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("lacks the columns evidence, duplicate_count: made by an older release; curate again\n")
    assert err.count("\n") == 1
