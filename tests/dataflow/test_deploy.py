"""What is deployed for Dataflow fits the code, as far as that can be seen without Docker and without Google."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import apache_beam
import pytest

from deploy.dataflow.main import command, parser
from pipeline.cli import main

ROOT = Path(__file__).parent.parent.parent
WORKER, LAUNCHER = ROOT / "deploy/worker/Dockerfile", ROOT / "deploy/dataflow/Dockerfile"
METADATA = json.loads((ROOT / "deploy/dataflow/metadata.json").read_text(encoding="utf-8"))
SCRIPT = ROOT / "deploy/dataflow/launch.sh"
GIVEN = ["--input=gs://a/b", "--output=gs://c/d", "--sdk_container_image=pkg.dev/worker:1"]


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their arguments, continued lines joined, comments left out."""
    lines = [line for line in dockerfile.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line.strip()]


def test_the_worker_has_the_beam_that_submits() -> None:
    [base] = [arguments for name, arguments in instructions(WORKER) if name == "FROM"]
    assert base == f"apache/beam_python3.11_sdk:{apache_beam.__version__}"


@pytest.mark.parametrize("dockerfile", [WORKER, LAUNCHER])
def test_what_an_image_copies_is_in_the_checkout(dockerfile: Path) -> None:
    sources = [
        source
        for name, arguments in instructions(dockerfile)
        if name == "COPY" and not arguments.startswith("--from")
        for source in arguments.split()[:-1]
    ]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_what_an_image_copies_reaches_docker() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = ["setup.py", "pyproject.toml", "README.md", "LICENSE", "pipeline", "transforms", "deploy"]
    assert [name for name in copied if any(fnmatch(name, pattern) for pattern in ignored)] == []
    assert {".git", ".venv", "out"} <= set(ignored)  # gigabytes


@pytest.mark.parametrize("dockerfile", [WORKER, LAUNCHER])
def test_every_image_is_pinned(dockerfile: Path) -> None:
    bases = [arguments.split()[0] for name, arguments in instructions(dockerfile) if name == "FROM"]
    assert [base for base in bases if base != "${WORKER}" and not re.search(r":[\w.]*\d[\w.]*$", base)] == []


def test_the_package_builds_from_what_the_worker_copies() -> None:
    copied = {source for name, arguments in instructions(WORKER) if name == "COPY" for source in arguments.split()[:-1]}
    packages = re.search(r"find_packages\(include=(\[.*?\])\)", (ROOT / "setup.py").read_text(encoding="utf-8"))
    assert packages
    assert {name.rstrip("*") for name in json.loads(packages[1])} <= copied
    assert {"setup.py", "README.md", "pyproject.toml"} <= copied


def test_the_template_lists_the_parameters_that_the_launcher_takes() -> None:
    taken = {action.dest: action.required for action in parser()._actions if action.dest != "help"}
    assert {p["name"]: not p.get("isOptional", False) for p in METADATA["parameters"]} == taken


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("input", ["gs://a/b.warc.gz", "gs://a/*.gz  s3://b/c/", "https://x.org/a"], ["/a", "gs://a", "gs://a/b /c"]),
        ("output", ["gs://a/b", "s3://a/b/c"], ["/a/b", "gs://a/", "gs://a/b c", "https://x.org/a"]),
        ("sdk_container_image", ["r-docker.pkg.dev/p/r/worker:1.0", f"a/b@sha256:{'0' * 64}"], ["a/b", "a b:1"]),
        ("limit", ["1", "200"], ["0", "-1", "many", ""]),
        ("settings", ["extract.extractor=precise;run.split_bytes=1"], ["extractor=precise", "a.b=1;", "a.b"]),
    ],
)
def test_a_parameter_is_checked_before_the_launch(name: str, good: list[str], bad: list[str]) -> None:
    [parameter] = [parameter for parameter in METADATA["parameters"] if parameter["name"] == name]
    [pattern] = parameter["regexes"]
    assert [value for value in good if not re.fullmatch(pattern, value)] == []
    assert [value for value in bad if re.fullmatch(pattern, value)] == []
    assert parameter["label"]
    assert parameter["helpText"]


def test_parameters_become_a_command_and_the_rest_beams_flags() -> None:
    launched = [
        "--job_name=x", *GIVEN[:1], "--template_location=gs://s/t", *GIVEN[1:], "--limit=9",
        "--settings=extract.extractor=precise; run.split_bytes=33554432",
    ]  # fmt: skip
    assert command(launched) == [
        "extract", "gs://a/b", "--output", "gs://c/d", "--limit", "9",
        "--set", "extract.extractor=precise", "--set", "run.split_bytes=33554432",
        "--", "--job_name=x", "--template_location=gs://s/t",
        "--sdk_container_image=pkg.dev/worker:1", "--runner=DataflowRunner",
    ]  # fmt: skip


def test_what_the_launcher_lacks_is_told_by_the_command_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(GIVEN)) == 2
    told = capsys.readouterr().err
    assert "--project" in told
    assert "--temp_location" in told
    assert "sdk_container_image" not in told


def test_the_script_says_how_it_is_used() -> None:
    process = subprocess.run(["bash", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert process.returncode == 2
    assert "launch.sh extract TAG" in process.stderr


def test_the_script_passes_what_it_is_given(tmp_path: Path) -> None:
    for tool in ("docker", "gcloud"):
        (tmp_path / tool).write_text('#!/bin/sh\nprintf "%s\\n" "${0##*/} $*"\n', encoding="ascii")
        (tmp_path / tool).chmod(0o755)
    places = {"PROJECT": "p", "REGION": "r", "BUCKET": "b", "REPOSITORY": "repo", "PATH": f"{tmp_path}:/usr/bin:/bin"}

    def said(*arguments: str) -> list[str]:
        return subprocess.run(
            [str(SCRIPT), *arguments], env=places, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    worker, launcher = "r-docker.pkg.dev/p/repo/worker:1", "r-docker.pkg.dev/p/repo/launcher:1"
    template = "gs://b/templates/firsthand-extract-1.json"
    assert said("build", "1") == [
        f"docker build -f deploy/worker/Dockerfile -t {worker} .",
        f"docker push {worker}",
        f"docker build -f deploy/dataflow/Dockerfile --build-arg WORKER={worker} -t {launcher} .",
        f"docker push {launcher}",
        f"gcloud dataflow flex-template build {template} --project p --image {launcher} --sdk-language PYTHON "
        "--metadata-file deploy/dataflow/metadata.json",
    ]
    [line] = said("extract", "1", "gs://a/x gs://a/y", "gs://c/d", "limit=9")
    assert f"--template-file-gcs-location {template} --staging-location gs://b/staging" in line
    assert line.endswith(
        f"--parameters input=gs://a/x gs://a/y --parameters output=gs://c/d "
        f"--parameters sdk_container_image={worker} --parameters limit=9"
    )


def test_the_script_is_sound_for_shellcheck() -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("needs shellcheck (Debian: apt install shellcheck)")
    assert subprocess.run(["shellcheck", str(SCRIPT)], check=False).returncode == 0
