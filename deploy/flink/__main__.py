"""`python -m deploy.flink fetch | start | status | stop | flags`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.flink import cluster as clusters
from deploy.flink.distribution import FLINK, fetch_flink, fetch_job_server
from deploy.flink.errors import CannotFetch, ClusterError
from deploy.flink.processes import resident_megabytes
from deploy.flink.settings import Ports


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        for line in options.verb(options):
            print(line)
    except ClusterError as error:
        print(f"flink: error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.flink", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("out/flink"), help="where all of it lies")
    parser.add_argument("--version", default=FLINK, help="a release of Flink on PyPI")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, verb, what in (
        ("fetch", _fetch, "fetch Flink and the job server"),
        ("start", _start, "fetch, then start a session cluster"),
        ("status", _status, "what runs"),
        ("stop", _stop, "stop what start started"),
        ("flags", _flags, "Beam's flags for a run on the cluster"),
    ):
        command = verbs.add_parser(name, help=what)
        command.set_defaults(verb=verb)
        if name in ("fetch", "start"):
            command.add_argument("--jar", type=Path, help="a job server's jar, instead of Maven's")
            command.add_argument("--without-job-server", action="store_true", help="Flink and the worker pool only")
        if name == "start":
            command.add_argument("--free-ports", action="store_true", help="ports that nobody listens at")
    return parser


def _fetch(options: argparse.Namespace) -> list[str]:
    home, jar = _pieces(options)
    return [f"{home}", *([f"{jar}"] if jar else [])]


def _pieces(options: argparse.Namespace) -> tuple[Path, Path | None]:
    folder: Path = options.folder.resolve()
    home = fetch_flink(options.version, folder)
    if options.without_job_server:
        return home, None
    if options.jar is not None:
        if not options.jar.is_file():
            raise ClusterError(f"there is no {options.jar}: FLINK_JOB_SERVER_JAR names a file")
        return home, options.jar.resolve()
    try:
        return home, fetch_job_server(options.version, folder)
    except CannotFetch as error:
        raise CannotFetch(f"{error}: name a copy with FLINK_JOB_SERVER_JAR=path") from None


def _start(options: argparse.Namespace) -> list[str]:
    home, jar = _pieces(options)
    began = time.monotonic()
    ports = Ports.free() if options.free_ports else Ports()
    cluster = clusters.start(home, options.folder.resolve() / "run", ports, jar=jar)
    return [f"started in {time.monotonic() - began:.1f} s", *_describe(cluster)]


def _status(options: argparse.Namespace) -> list[str]:
    return _describe(clusters.running(options.folder.resolve() / "run"))


def _describe(cluster: clusters.Cluster) -> list[str]:
    there = cluster.rest.overview()
    lines = [
        f"Flink {there.version}, {there.taskmanagers} TaskManagers, {there.slots} slots, "
        f"http://localhost:{cluster.ports.rest}"
    ]
    for process in cluster.processes():
        state = f"{resident_megabytes(process.pid):.0f} MB" if process.alive() else "ended"
        lines.append(f"{process.name}: {state}, {cluster.folder / process.name}.log")
    return lines


def _stop(options: argparse.Namespace) -> list[str]:
    names = clusters.stop_all(options.folder.resolve() / "run")
    return [f"stopped {', '.join(names)}" if names else "nothing of it ran"]


def _flags(options: argparse.Namespace) -> list[str]:
    return [" ".join(clusters.running(options.folder.resolve() / "run").flags())]


if __name__ == "__main__":
    sys.exit(main())
