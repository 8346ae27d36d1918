"""`make fuzz TIME=600 TARGET=…`: every harness for its share of the time, on the cores there are, and what it found.

Each runs in a process of its own, so that one killed by a signal, by its memory or by its time is a finding like any
other: libFuzzer keeps the input. Inputs that reach new code lie in out/fuzz/<target>/corpus and are built upon by the
next campaign; those that found something lie beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from tests.fuzz import seeds, targets

OUT = Path("out/fuzz")
INPUT_SECONDS = 10  # one input may take: libFuzzer calls it a timeout then
GRACE_SECONDS = 60  # behind its share, after which a harness that does not end is killed: a finding too
MEMORY_MB = 2048  # of the process, libraries and all
LONGEST = 1 << 15  # bytes of an input, which libFuzzer cuts there: a seed of Parquet takes 29 kB
_DONE = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+)", re.MULTILINE)
_FOUND = re.compile(r"Test unit written to (\S+)")
_CAUSE = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Failed)\b.*|^==\d+== ERROR: .*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one harness."""

    target: str
    cpu_seconds: float
    executions: int
    coverage: int  # edges of bytecode reached
    found: tuple[str, ...]  # files with inputs that show a defect
    cause: str  # the last line of an exception, "" if there was none
    status: int  # exit status of the process


def fuzz(target: str, seconds: float) -> Outcome:
    """Run one harness for so long, or until its first finding."""
    folder = OUT / target
    corpus, given = folder / "corpus", folder / "seeds"
    corpus.mkdir(parents=True, exist_ok=True)
    seeds.write(target, given)
    command = [
        *(sys.executable, "-m", "tests.fuzz.engine", target, str(corpus), str(given)),
        *(f"-max_total_time={max(1, round(seconds))}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}"),
        *(f"-max_len={LONGEST}", f"-artifact_prefix={folder}/", "-len_control=20", "-print_final_stats=1"),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    log = folder / "log.txt"
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environment)
        overdue = Timer(seconds + GRACE_SECONDS, process.kill)
        overdue.start()
        _, status, usage = os.wait4(process.pid, 0)
        overdue.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text(encoding="utf-8", errors="replace")
    return outcome_of(target, usage.ru_utime + usage.ru_stime, said, process.returncode)


def outcome_of(target: str, cpu_seconds: float, said: str, status: int) -> Outcome:
    """What libFuzzer said of one harness before it ended with this status."""
    progress = _DONE.findall(said)
    executions, coverage = (int(number) for number in progress[-1]) if progress else (0, 0)
    causes = [match[0] for match in _CAUSE.finditer(said)]
    found = tuple(_FOUND.findall(said))
    return Outcome(target, cpu_seconds, executions, coverage, found, (causes or [""])[0][:150], status)


def show(outcome: Outcome) -> str:
    """One line of the table, and how to see each finding again."""
    rate = outcome.executions / max(outcome.cpu_seconds, 1)
    line = (
        f"{outcome.target:<14}{outcome.cpu_seconds:>8.0f}{outcome.executions:>11,}{rate:>11,.0f}"
        f"{outcome.coverage:>8,}{len(outcome.found):>10}"
    )
    if outcome.status and not outcome.found:
        line += f"\n  ended with {outcome.status}: see {OUT / outcome.target / 'log.txt'}"
    again = [f"\n  {outcome.cause}\n  python -m tests.fuzz.replay {outcome.target} {path}" for path in outcome.found]
    return line + "".join(again)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--time", type=float, default=600, help="wall seconds of all harnesses together")
    parser.add_argument("--target", action="append", choices=targets.TARGETS, help="only this one; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    options = parser.parse_args(arguments)
    chosen = options.target or list(targets.TARGETS)
    jobs = min(options.jobs, len(chosen))
    share = options.time * jobs / len(chosen)
    print(f"{'target':<14}{'CPU s':>8}{'runs':>11}{'runs/CPU s':>11}{'edges':>8}{'findings':>10}", flush=True)
    failed = False
    with ThreadPoolExecutor(jobs) as pool:
        for outcome in pool.map(lambda target: fuzz(target, share), chosen):
            print(show(outcome), flush=True)
            failed = failed or outcome.status != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
