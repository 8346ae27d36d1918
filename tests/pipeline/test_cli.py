"""The command line as a person meets it: exit codes, one-line errors, nothing half-written."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.parsers import parser
from tests.outputs import corpus


def error_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was said on standard error; fails if any of it is not one of our lines."""
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("firsthand: ") for line in lines), lines
    return lines


@pytest.fixture
def broken_inputs(tmp_path: Path) -> Path:
    """A folder with an empty folder and a file that is no archive."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("no archive")
    (tmp_path / "three.toml").write_text(
        '[dedup]\ntreshold = 0.8\n[weigh]\nrho = 7.0\n[read]\nmax_body_bytes = "big"\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["run", "{0}/none.warc.gz"], 1, "none.warc.gz", id="a missing file"),
        pytest.param(["run", "{0}/*.nothing"], 1, "*.nothing", id="an empty glob"),
        pytest.param(["run", "{0}/empty"], 1, "empty", id="a directory without archives"),
        pytest.param(["run", "{0}/notes.txt"], 1, "no archive", id="a file that is no archive"),
        pytest.param(["run", "@{0}/none.list"], 1, "none.list", id="a missing list"),
        pytest.param(["extract", "{0}/none.warc.gz"], 1, "none.warc.gz", id="extract of a missing file"),
        pytest.param(["curate", "{0}/empty"], 1, "holds no extraction", id="curate of no extraction"),
        pytest.param(["curate", "--documents", "{0}/empty/*.parquet"], 1, "no documents", id="curate of no documents"),
        pytest.param(["curate"], 2, "name one of them", id="curate of nothing"),
        pytest.param(["run", "{0}", "--config", "{0}/none.toml"], 2, "none.toml", id="a missing configuration"),
        pytest.param(["run", "{0}", "--limt", "5"], 2, "--limt", id="an unknown flag"),
        pytest.param(["run", "{0}", "--limit", "0"], 2, "above 0", id="a limit of nothing"),
        pytest.param(["run", "{0}", "--", "--runer=Flink"], 2, "--runer=Flink", id="an unknown Beam flag"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(
    broken_inputs: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    output = broken_inputs / "out"
    ours, dashes, beam = (arguments, [], []) if "--" not in arguments else (arguments[:2], ["--"], arguments[3:])
    given = [argument.format(broken_inputs) for argument in ours]
    assert main([*given, "--output", str(output), *dashes, *beam]) == code
    [line] = error_lines(capsys)
    assert message in line
    assert not output.exists()


@pytest.mark.parametrize(
    ("flags", "cure"),
    [
        (["--s3_access_key_id=TOPSECRET", "--s3_endpoint_url=http://127.0.0.1:1"], "set AWS_ACCESS_KEY_ID"),
        (["--s3_secret_access_key=TOPSECRET"], "set AWS_ACCESS_KEY_ID"),
        (["--s3_session_token", "TOPSECRET"], "AWS_SESSION_TOKEN"),
        (["--azure_connection_string=TOPSECRET"], "set AZURE_STORAGE_CONNECTION_STRING"),
    ],
)
def test_a_credential_in_a_flag_is_refused_and_not_repeated(
    broken_inputs: Path, capsys: pytest.CaptureFixture[str], flags: list[str], cure: str
) -> None:
    output = broken_inputs / "out"
    assert main(["extract", str(broken_inputs), "--output", str(output), "--", *flags]) == 2
    [line] = error_lines(capsys)
    assert cure in line
    assert "TOPSECRET" not in line
    assert not output.exists()


def test_three_mistakes_in_a_configuration_are_three_lines(
    broken_inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = broken_inputs / "three.toml"
    assert main(["run", str(broken_inputs), "--output", str(broken_inputs / "out"), "--config", str(config)]) == 2
    lines = error_lines(capsys)
    assert len(lines) == 3
    assert [any(word in line for line in lines) for word in ("treshold", "rho", "max_body_bytes")] == [True] * 3


def test_an_output_that_is_a_file_is_refused(
    crawl: Path, broken_inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(crawl), "--output", str(broken_inputs / "notes.txt" / "out")]) == 1
    [line] = error_lines(capsys)
    assert "name another --output" in line
    assert (broken_inputs / "notes.txt").read_text() == "no archive"


def test_an_output_on_a_read_only_file_system_is_refused(crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("needs a file system that nobody can write: /proc")
    assert main(["run", str(crawl), "--output", "/proc/firsthand/out"]) == 1
    *_, line = error_lines(capsys)
    assert "cannot write to /proc" in line


def test_an_output_of_another_configuration_is_refused_and_left_alone(
    crawl: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in reference.rglob("*")}
    assert main(["run", str(crawl), "--output", str(reference), "--set", "extract.extractor=precise"]) == 1
    [line] = error_lines(capsys)
    assert "another configuration" in line
    assert {path: path.stat().st_mtime_ns for path in reference.rglob("*")} == before


def test_a_dry_run_writes_nothing(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(crawl), "--output", str(tmp_path / "out"), "--dry-run"]) == 0
    assert "in 3 archives, cut into 3 splits" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_a_limit_is_shared_out_over_the_archives(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert main(["run", str(crawl), "--output", str(output), "--limit", "10", "--workers", "1"]) in (0, 3)
    assert json.loads((output / "manifest.json").read_text())["counts"]["responses"] == 10


def test_too_many_rejections_end_with_their_own_code(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = ["run", str(crawl), "--output", str(output), "--workers", "1", "--set", "run.max_rejected_share=0.01"]
    assert main(command) == 3
    assert (output / "_SUCCESS").exists()


def test_extract_then_curate_elsewhere_is_complete_there(crawl: Path, reference: Path, tmp_path: Path) -> None:
    documents, output = tmp_path / "documents", tmp_path / "corpus"
    assert main(["extract", str(crawl), "--output", str(documents), "--workers", "1"]) == 0
    assert main(["curate", str(documents), "--output", str(output)]) == 0
    ours, theirs = (json.loads((o / "manifest.json").read_text()) for o in (output, reference))
    assert ours["counts"] == theirs["counts"]
    assert sorted(p.name for p in (output / "rejections").iterdir()) == sorted(
        p.name for p in (reference / "rejections").iterdir()
    )


def test_an_unfinished_extraction_is_not_curated(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    assert main(["extract", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    next((output / "documents").glob("*.parquet")).unlink()
    capsys.readouterr()
    assert main(["curate", str(output), "--output", str(output)]) == 1
    [line] = error_lines(capsys)
    assert "1 of 3 splits" in line
    assert not (output / "corpus").exists()


def test_inspect_names_what_is_wrong_with_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(tmp_path)]) == 1
    assert "manifest.json" in error_lines(capsys)[0]


def test_the_release_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out == f"firsthand {version('firsthand')}\n"


@pytest.mark.parametrize("look", [[], ["--sql", "SELECT text FROM corpus"]])
def test_output_that_nobody_reads_ends_as_by_sigpipe(reference: Path, look: list[str]) -> None:
    command = [sys.executable, "-m", "pipeline", "inspect", str(reference), *look]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("command", parser().verbs)
def test_help_tells_the_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "exit codes:\n  0    done\n" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["--help", "run --help", "config", "schema", "score --help"])
def test_commands_that_need_no_engine_do_not_import_it(command: str) -> None:
    watch = (
        "import sys; from pipeline.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(sorted({'apache_beam', 'trafilatura', 'scipy'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch, *command.split()], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stderr.strip() == "[]"
    assert done.stdout


GOOD = '{"id": "1", "text": "short"}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{}", "line 1: 'id' is missing"),
        (b'{"id": 1, "text": "a"}\nnonsense', "line 2: not JSON"),
        (b'{"id": 1, "text": "\xff"}', "line 1: not UTF-8"),
        (b"\x1f\x8b\x08\x00", "line 1: not UTF-8"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str) -> None:
    (tmp_path / "in.jsonl").write_bytes(content)
    assert main(["score", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")]) == 1
    assert message in error_lines(capsys)[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_scores_come_in_order_whatever_the_ids(tmp_path: Path) -> None:
    lines = [{"id": "b", "text": "x"}, {"id": 2, "text": "\ud800"}, {"id": "\ud800", "text": ""}]
    (tmp_path / "in.jsonl").write_text("\ufeff" + "\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert main(["score", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")]) == 0
    scored = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in scored] == ["b", 2, "\ud800"]
    assert {line["human_probability"] for line in scored} == {None}


def test_scores_are_explained_as_json_or_as_text(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    text = "The old mill stands by the river, and every spring the water rises to the step of its stair. " * 4
    source.write_text(json.dumps({"id": "mill", "text": text}) + "\n" + GOOD)

    def explained(*options: str) -> str:
        assert main(["score", str(source), "--output", str(out), *options]) == 0
        return out.read_text(encoding="utf-8")

    first, second = map(json.loads, explained("--explain", "2").splitlines())
    assert all(phrase["text"] in text for phrase in first["explanation"]["for_human"])
    assert len(first["explanation"]["for_human"]) == len(first["explanation"]["style_for_human"]) == 2
    assert second["explanation"] is None
    assert explained("--explain", "0") == explained() == explained("--format", "json")
    blocks = explained("--format", "text", "--explain").split("\n\n")
    assert [block.partition("\n")[0] for block in blocks] == ["mill (en)", f"1 ({second['language']})", ""]
    assert first["explanation"]["for_human"][0]["text"] in blocks[0]
    assert f"{first['explanation']['style_for_human'][0]['measure']}: " in blocks[0]


@pytest.mark.parametrize("value", ["-1", "in.jsonl", "2.5"])
def test_a_count_of_phrases_that_is_none_is_one_line(capsys: pytest.CaptureFixture[str], value: str) -> None:
    assert main(["score", f"--explain={value}"]) == 2
    assert f"expected a whole number, got '{value}'; name the file before --explain" in error_lines(capsys)[0]


def test_scores_go_through_a_link_and_never_over_the_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, link = tmp_path / "in.jsonl", tmp_path / "link"
    source.write_text(GOOD)
    link.symlink_to(tmp_path / "target.jsonl")
    assert main(["score", str(source), "--output", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "target.jsonl").read_text())["abstain_reason"] == "too_short"
    for path in (source, tmp_path / "." / "in.jsonl", tmp_path):
        assert main(["score", str(source), "--output", str(path)]) == 1
        assert len(error_lines(capsys)) == 1
    assert source.read_text() == GOOD


@pytest.mark.parametrize("command", ["score in.jsonl", "config", "schema"])
def test_a_full_disk_is_one_line(tmp_path: Path, command: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full: /dev/full")
    (tmp_path / "in.jsonl").write_text(GOOD)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *command.split()],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "firsthand: error: No space left on device\n"


def test_output_in_any_script_needs_no_locale(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "日本", "text": "x"}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "score", str(tmp_path / "in.jsonl")],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert json.loads(done.stdout)["id"] == "日本"


def test_inputs_without_a_single_record_are_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.warc.gz").write_bytes(gzip.compress(b"no archive at all"))
    assert main(["run", str(tmp_path / "text.warc.gz"), "--output", str(tmp_path / "out"), "--workers", "1"]) == 1
    assert "no input holds a record" in capsys.readouterr().err
    assert not (tmp_path / "out" / "_SUCCESS").exists()


def test_an_archive_whose_name_is_not_utf8_is_read(crawl: Path, tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/caf\xe9.warc.gz"
    with open(name, "wb") as file:
        file.write(next(crawl.glob("*.warc.gz")).read_bytes())
    command = ["run", str(tmp_path), "--output", str(tmp_path / "out"), "--workers", "1"]
    assert main(command) in (0, 3)
    assert main(command) in (0, 3)
    rows = corpus(tmp_path / "out")
    assert {row["warc_file"] for row in rows} == {"caf\\udce9.warc.gz"}


@pytest.mark.parametrize("output", ["", "foo://bucket/x", "s3://bucket/x"])
def test_an_output_that_no_file_system_takes_is_one_line(
    crawl: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    nowhere = "--s3_endpoint_url=http://127.0.0.1:9"  # where boto3 is installed, it would look for Amazon
    assert main(["run", str(crawl), "--output", output, "--", nowhere]) in (1, 2)
    assert len(error_lines(capsys)) == 1


@pytest.mark.parametrize("verb", ["run", "extract"])
def test_what_is_asked_of_the_wrong_command_names_the_right_ones(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, str(tmp_path), "--output", str(tmp_path / "out"), "--against", "a"]) == 2
    [line] = error_lines(capsys)
    assert "`firsthand extract INPUT… --output DIR`, then `firsthand curate DIR --against …`" in line
