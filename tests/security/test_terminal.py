"""Names of files, archives, flags and settings that attack whoever reads what is said of them."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.security.hostile import archive, page
from transforms.terminal import shown

EVIL = "a\x1b[2J\x1b]0;owned\x07\x9b31m\u202etxt\u2066\u200b\rfirsthand: all is well"
ARGUMENTS = {
    "an archive": ["run", f"{EVIL}.warc.gz", "--output", "out"],
    "a list": ["run", f"@{EVIL}", "--output", "out"],
    "a glob": ["extract", f"{EVIL}*", "--output", "out"],
    "an address": ["run", f"http://{EVIL}/", "--output", "out"],
    "a scheme": ["run", "a.warc.gz", "--output", f"evil://{EVIL}"],
    "an output": ["run", "a.warc.gz", "--output", f"a.warc.gz/{EVIL}"],
    "an output to look into": ["inspect", EVIL],
    "an output to verify": ["verify", EVIL],
    "an output to export": ["export", EVIL, "--output", "out"],
    "documents": ["curate", "--documents", f"{EVIL}/*.parquet", "--output", "out"],
    "a configuration": ["run", "a.warc.gz", "--output", "out", "--config", EVIL],
    "a setting": ["run", "a.warc.gz", "--output", "out", "--set", f"{EVIL}={EVIL}"],
    "a value": ["run", "a.warc.gz", "--output", "out", "--set", f"extract.extractor={EVIL}"],
    "a flag": ["run", f"--{EVIL}"],
    "a flag for the engine": ["run", "a.warc.gz", "--output", "out", "--", f"--{EVIL}"],
    "a runner": ["run", "a.warc.gz", "--output", "out", "--", f"--runner={EVIL}"],
    "a command": [EVIL],
    "texts": ["score", EVIL],
    "a condition": ["export", ".", "--output", "out", "--where", EVIL],
}


def is_harmless(text: str) -> bool:
    """Whether no character of the text commands a terminal, turns its direction or hides, but ends of lines."""
    return not {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")} - {"\n"}


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_a_mistake_is_told_harmlessly(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "a.warc.gz", [("http://example.org/", page())])
    assert main(arguments) in {1, 2}
    said = capsys.readouterr()
    assert said.out == ""
    assert is_harmless(said.err)
    assert all(line.startswith("firsthand: error: ") for line in said.err.splitlines())


def test_archives_of_hostile_names_are_read_and_told_of_harmlessly_whatever_the_locale(tmp_path: Path) -> None:
    names = ["e\x1b]0;owned\x07.warc.gz", "é\u202e.warc.gz", os.fsdecode(b"\xff\xfe.warc.gz")]
    for number, name in enumerate(names):
        archive(tmp_path / name, [(f"http://example.org/{number}", page())])
    secrets = {"AWS_SECRET_ACCESS_KEY": "whoever-reads-this", "HF_TOKEN": "has-what-he-wants"}
    environment = {**os.environ, **secrets, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    output = str(tmp_path / "out\n\x1b[2J")
    flags = ["--output", output, "--workers", "1", "--verbose"]
    command = [sys.executable, "-m", "pipeline", "extract", str(tmp_path), *flags]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    assert is_harmless(said)
    written = b"".join(path.read_bytes() for path in Path(output).rglob("*") if path.is_file())
    assert not any(secret.encode() in done.stdout + done.stderr + written for secret in secrets.values())


def test_lines_of_the_log_are_harmless() -> None:
    program = f"import logging, pipeline.cli as c; c.main(['config', '--set', 'x']); logging.error('said %s', {EVIL!r})"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stderr.decode()
    assert "ERROR:root:said a\\x1b[2J" in told
    assert is_harmless(told)


def test_a_name_is_shown_so_that_its_file_can_be_found() -> None:
    assert shown("Grüße 漢字 สวัสดี.warc.gz") == "Grüße 漢字 สวัสดี.warc.gz"
    assert shown("a\x1b\n\u202e\udcff") == r"a\x1b\n\u202e\udcff"
