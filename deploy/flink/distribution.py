"""Fetching: Flink from PyPI, Beam's job server from Maven Central; both by name, into one folder, installed nowhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path

from deploy.flink.errors import CannotFetch, ClusterError

FLINK = "1.20.5"  # docs/decisions/0007-flink.md


def fetch_flink(version: str, folder: Path) -> Path:
    """The home of this release of Flink, fetched into `folder` if it is not there: 240 to 320 MB.

    The packages for PyFlink hold a whole distribution: one its jars, the other its scripts and settings.

    Raises:
        CannotFetch: pip could not.
    """
    home = folder / version / "pyflink"
    if (home / "bin" / "jobmanager.sh").exists():
        return home
    target = folder / f"{version}.part"
    shutil.rmtree(target, ignore_errors=True)
    packages = [f"apache-flink-libraries=={version}", f"apache-flink=={version}"]
    print(f"flink: fetching Flink {version} from PyPI, about 300 MB", file=sys.stderr, flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = _run([*pip, "--no-compile", "--target", str(target), *packages])
    if done.returncode:
        raise CannotFetch(f"pip could not fetch {' and '.join(packages)}: {last_line(done.stderr)}")
    target.rename(folder / version)
    return home


def job_server_artifact(version: str) -> str:
    """Maven's name of the job server for this release of Flink and the installed Beam."""
    minor = ".".join(version.split(".")[:2])
    return f"org.apache.beam:beam-runners-flink-{minor}-job-server:{installed_version('apache-beam')}"


def fetch_job_server(version: str, folder: Path) -> Path:
    """The job server's jar, fetched into `folder` if it is not there.

    Raises:
        CannotFetch: Maven could not; names the artifact and what Maven said of it.
        ClusterError: there is no Maven.
    """
    artifact = job_server_artifact(version)
    _, name, release = artifact.split(":")
    jar = folder / f"{name}-{release}.jar"
    if jar.exists():
        return jar
    if shutil.which("mvn") is None:
        raise ClusterError(f"fetching {artifact} needs Maven (mvn): install it, or give FLINK_JOB_SERVER_JAR=path")
    command = ["mvn", "-B", "-q", "-U", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    done = _run(command)
    if done.returncode or not jar.exists():
        raise CannotFetch(f"Maven could not fetch {artifact} ({_reason(done.stdout + done.stderr)})")
    return jar


def _reason(said: str) -> str:
    """What Maven says of a missing artifact means that the repository answered 404."""
    return "404, not found" if "Could not find artifact" in said else last_line(said)


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - commands of ours
