"""Kills at random moments, and what they cost: `python -m benchmarks.crashes --kills 40 --seed 0`.

Half of the kills hit an extraction, half a curation, at a moment drawn over its whole duration (again, if that run was
faster); with `--busy`, over the time in which splits or shards are in hand, for the start of a small run takes longer
than its work. Who is hit is drawn, too: the main process, a worker, a parser, or all of them at once. Then the command
is given again, `run` for an extraction, with another number of workers each time; its output must be that of an
undisturbed run, in every row and figure.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.aftermath import differences, leftovers, lost_pages, splits_begun
from examples.make_crawl import make_crawl
from tests.processes import below, ended, running

WORKER, PARSER = "apache_beam.runners.worker.sdk_worker_main", "transforms.extract.child"
CUT = ["--set", "run.split_bytes=32768", "--set", "run.shard_bytes=20000"]
PATIENCE_S = 300.0
VICTIMS = ("main", "worker", "parser", "group")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a benchmark works: archives, a folder for temporary files, one for outputs."""

    root: Path

    @property
    def crawl(self) -> Path:
        """The archives."""
        return self.root / "crawl"

    @property
    def temporary(self) -> Path:
        """For the temporary files of all commands."""
        return self.root / "t"

    def start(self, *arguments: str, workers: int) -> subprocess.Popen[bytes]:
        """A `firsthand` in a process group of its own."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "pipeline", *arguments, "--workers", str(workers), *CUT],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            start_new_session=True,
        )

    def finish(self, *arguments: str, workers: int) -> float:
        """Seconds until a `firsthand` has ended, which must succeed."""
        began = time.monotonic()
        process = self.start(*arguments, workers=workers)
        said = process.communicate(timeout=PATIENCE_S)[1].decode()
        if process.returncode:
            raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}: {said.splitlines()[-1:]}")
        return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Hit:
    """A command that is to be killed."""

    stage: str
    arguments: tuple[str, ...]  # the output last
    workers: int


@dataclass(frozen=True, slots=True)
class Blow:
    """One kill: who, when, what the run that was hit made of it, and what it cost."""

    hit: Hit
    victim: str
    at_s: float
    exit_code: int
    ending_s: float  # until all its processes were gone
    splits_lost: int  # begun and not committed
    pages_lost: int
    unlike: tuple[str, ...]  # what differs from an undisturbed run, or was left

    def __str__(self) -> str:
        """What is printed as soon as it is known."""
        return (
            f"{self.hit.stage}, {self.hit.workers} workers: {self.victim} at {self.at_s:.1f} s: exit code "
            f"{self.exit_code} after {self.ending_s:.1f} s, {self.splits_lost} splits and {self.pages_lost} pages "
            f"lost: {', '.join(self.unlike) or 'identical'}"
        )


def main() -> None:
    """Kill, go on, compare; print a line each and a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pages", type=int, default=48, help="pages a host of the crawl, about")
    parser.add_argument("--archives", nargs="+", help="real archives instead of a recorded crawl")
    parser.add_argument("--busy", action="store_true", help="kill only while splits or shards are in hand")
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    with TemporaryDirectory(prefix="crashes-", ignore_cleanup_errors=True) as root:
        place = Place(Path(root))
        place.temporary.mkdir()
        archives = [os.path.abspath(path) for path in options.archives or ()]
        if not archives:
            make_crawl(place.crawl, pages=options.pages)
            archives = [str(path) for path in sorted(place.crawl.glob("*.warc.gz"))]
        extracted, whole = place.root / "extracted", place.root / "whole"
        extract_s = place.finish("extract", *archives, "--output", str(extracted), workers=2)
        shutil.copytree(extracted, whole)
        curate_s = place.finish("curate", str(whole), "--output", str(whole), workers=2)
        print(f"undisturbed: extract {extract_s:.1f} s, curate {curate_s:.1f} s", flush=True)
        stages = {"extract": extract_s, "curate": curate_s}
        blows = []
        for number in range(options.kills):
            stage = list(stages)[number % 2]
            blow = None
            while blow is None:
                output = place.root / "out"
                shutil.rmtree(output, ignore_errors=True)
                if stage == "curate":
                    shutil.copytree(extracted, output)
                inputs = archives if stage == "extract" else [str(output)]
                hit = Hit(stage, (stage, *inputs, "--output", str(output)), rng.choice((1, 2, 3)))
                blow, stages[stage] = strike(place, hit, whole, within_s=stages[stage], rng=rng, busy=options.busy)
            print(number, blow, flush=True)
            blows.append(blow)
    print(table(blows))
    if any(blow.unlike for blow in blows):
        raise SystemExit("not every output is that of an undisturbed run")


def strike(
    place: Place, hit: Hit, whole: Path, *, within_s: float, rng: random.Random, busy: bool
) -> tuple[Blow | None, float]:
    """Start a command, kill of it, give it again, and compare with `whole`; returns also how long it takes undisturbed.

    No blow if the command was done before.
    """
    output, drawn, wait_s = Path(hit.arguments[-1]), rng.choice(VICTIMS), rng.uniform(0, within_s)
    began = time.monotonic()
    process = place.start(*hit.arguments, workers=hit.workers)
    if busy:
        _await_work(process, output, hit.stage)
        idle_s = time.monotonic() - began
        wait_s = rng.uniform(0, max(within_s - idle_s, 0.5))
    try:
        process.communicate(timeout=wait_s)
        return None, time.monotonic() - began
    except subprocess.TimeoutExpired:
        family = below(process.pid)
    victim, pids = _chosen(process.pid, drawn, rng)
    kept = {path: path.stat().st_mtime_ns for path in (output / "documents").glob("[!.]*.parquet")}
    begun, pages = splits_begun(output), lost_pages(output)
    for pid in pids:
        _kill(pid)
    struck = time.monotonic()
    at_s = struck - began
    process.communicate(timeout=PATIENCE_S)
    unlike = [] if ended(family, within_s=PATIENCE_S) else ["processes were left"]
    ending_s = time.monotonic() - struck
    others = rng.choice([number for number in (1, 2, 3) if number != hit.workers])
    place.finish("run" if hit.stage == "extract" else "curate", *hit.arguments[1:], workers=others)
    unlike += [f"{path.name} was written again" for path in kept if path.stat().st_mtime_ns != kept[path]]
    unlike += differences(output, whole) + leftovers(output, place.temporary)
    if process.returncode == 0:  # a parser was hit, and replaced
        begun = pages = 0
    return Blow(hit, victim, at_s, process.returncode, ending_s, begun, pages, tuple(unlike)), within_s


def _await_work(process: subprocess.Popen[bytes], output: Path, stage: str) -> None:
    """Wait until the first split is in hand, or the first shard, or until the command has ended."""
    folder, name = (output / "documents", ".tmp-*") if stage == "extract" else (output / "rejections", "*curate-*")
    while process.poll() is None and not any(folder.glob(name)):
        time.sleep(0.01)


def _chosen(main_pid: int, drawn: str, rng: random.Random) -> tuple[str, list[int]]:
    """Whom the kill hits: the main process where there is nobody of the kind that was drawn."""
    if drawn == "group":
        return drawn, [-main_pid]
    found = running(main_pid, {"worker": WORKER, "parser": PARSER}.get(drawn, "-"))
    return (drawn, [rng.choice(found)]) if found else ("main", [main_pid])


def _kill(pid: int) -> None:
    try:
        os.killpg(-pid, signal.SIGKILL) if pid < 0 else os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended at that very moment
        return


def table(blows: list[Blow]) -> str:
    """What became of the kills, by stage and victim, as Markdown."""
    lines = [
        "| stage | hit | kills | exit codes | gone after, s | splits lost / worker | pages lost, most | identical |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for stage, victim in sorted({(blow.hit.stage, blow.victim) for blow in blows}):
        mine = [blow for blow in blows if (blow.hit.stage, blow.victim) == (stage, victim)]
        codes = Counter(blow.exit_code for blow in mine)
        cells = (
            stage,
            victim,
            len(mine),
            ", ".join(f"{code} ({number})" for code, number in sorted(codes.items())),
            f"{max(blow.ending_s for blow in mine):.1f}",
            f"{max(blow.splits_lost / blow.hit.workers for blow in mine):.1f}",
            max(blow.pages_lost for blow in mine),
            f"{sum(not blow.unlike for blow in mine)} of {len(mine)}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
