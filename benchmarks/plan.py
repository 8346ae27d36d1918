"""What `firsthand plan` says beside what `firsthand run` then takes and leaves.

    python -m benchmarks.plan [ARCHIVE …] [--share 0.1] [--seeds 5] [--workers 2] [--runs 2]
    python -m benchmarks.plan --terms [--runs 3]

Every seed samples other places of the same archives. CPU is user and system time of all processes of a run; the runs
are before and after the plans, and their mean is the actual value. `--terms` measures instead what no sample tells,
with archives of one page: the numbers in pipeline/terms.py.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from glob import glob
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.cost import measure

CRAWL = "../shared/data/crawl/*.warc.gz"
Values = dict[str, float]
Said = dict[str, dict[str, float]]  # low, value, high


def firsthand(*arguments: str) -> list[str]:
    """A command of firsthand."""
    return [sys.executable, "-m", "pipeline", *arguments]


def actual(inputs: Sequence[str], *, workers: int) -> Values:
    """What one run takes and leaves."""
    with tempfile.TemporaryDirectory() as output:
        cost = measure(firsthand("run", *inputs, "--output", output, "--workers", str(workers)))
        manifest = json.loads(Path(output, "manifest.json").read_text(encoding="utf-8"))
        sizes = {name: _bytes(Path(output, name)) for name in ("documents", "corpus", "rejections")}
    counts = manifest["counts"]
    documents = sum(entry["documents"] for entry in manifest["inputs"])
    return {
        "CPU, s": cost.cpu_s,
        "CPU of pages, s": sum(manifest["cpu_s"].values()),
        "records": counts["records"],
        "pages": counts["responses"],
        "documents": documents,
        "rows of the corpus": counts["rows"],
        **{f"{name}/, bytes": size for name, size in sizes.items()},
        "output, bytes": sum(sizes.values()),
    }


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))


def planned(inputs: Sequence[str], *, workers: int, share: float, seed: int) -> tuple[Said, str]:
    """What one plan says, by the names of `actual`, and how large its sample was."""
    command = firsthand(
        "plan", *inputs, "--workers", str(workers), "--sample", str(share), "--seed", str(seed), "--json"
    )
    before = os.times()
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - our own command
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    volume, sample = found["volume"], found["sample"]
    sizes = {name: volume[f"{name}_bytes"] for name in ("documents", "corpus", "rejections")}
    said = {
        "CPU, s": found["cpu"],
        "CPU of pages, s": found["extract"]["work_cpu"],
        "records": volume["records"],
        "pages": volume["pages"],
        "documents": volume["documents"],
        "rows of the corpus": volume["rows"],
        **{f"{name}/, bytes": size for name, size in sizes.items()},
        "output, bytes": {end: sum(size[end] for size in sizes.values()) for end in ("low", "value", "high")},
    }
    return said, f"{sample['pages']} pages, start {sample['start_s']:.2f} s, plan itself {cpu_s:.1f} CPU seconds"


def table(truth: Values, plans: Sequence[Said]) -> str:
    """The actual values, those of the first plan, the errors of all, and how many intervals hold, in Markdown."""
    lines = [
        "| | actual | planned | error | errors of other seeds | within 25 % | in its interval |",
        "| --- | ---: | ---: | ---: | --- | ---: | ---: |",
    ]
    for name, value in truth.items():
        errors = [plan[name]["value"] / value - 1 for plan in plans]
        good = sum(abs(error) <= 0.25 for error in errors)
        held = sum(plan[name]["low"] <= value <= plan[name]["high"] for plan in plans)
        others = " ".join(f"{error:+.0%}" for error in errors[1:])
        show = ",.1f" if value < 1000 else ",.0f"
        lines.append(
            f"| {name} | {value:{show}} | {plans[0][name]['value']:{show}} | {errors[0]:+.0%} | {others} "
            f"| {good} of {len(plans)} | {held} of {len(plans)} |"
        )
    return "\n".join(lines)


def terms(runs: int) -> str:
    """What engines cost without pages, in CPU seconds: medians over runs with two archives of one page each."""
    with tempfile.TemporaryDirectory() as folder:
        archives = [_tiny(Path(folder, f"{index}.warc.gz")) for index in range(2)]
        names = [(verb, workers) for verb in ("extract", "run") for workers in (1, 2)]
        taken: dict[tuple[str, int], list[float]] = {name: [] for name in names}
        starts = []
        for _ in range(runs):
            for verb, workers in names:
                with tempfile.TemporaryDirectory() as output:
                    command = firsthand(verb, *archives, "--output", output, "--workers", str(workers))
                    taken[verb, workers].append(measure(command).cpu_s)
            starts.append(_start_s(archives))
    cost = {name: statistics.median(values) for name, values in taken.items()}
    start = statistics.median(starts)
    worker = (cost["extract", 2] - cost["extract", 1]) / 2
    found = {
        "START_S": start,
        "graph_s": cost["extract", 1] - start,
        "worker_s": worker,
        "curate_s": cost["run", 1] - cost["extract", 1],
        "curate_worker_s": (cost["run", 2] - cost["run", 1]) / 2 - worker,
    }
    return "\n".join(f"{name:16} {value:.2f}" for name, value in found.items())


def _start_s(archives: Sequence[str]) -> float:
    """CPU seconds until a process is ready, as a plan measures it."""
    plan = firsthand("plan", *archives, "--json")
    found = json.loads(subprocess.run(plan, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - our own command
    return float(found["sample"]["start_s"])


def _tiny(path: Path) -> str:
    """An archive of one page."""
    body = b"<html><body><p>A page of a few words, which no filter keeps.</p></body></html>"
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    with open(path, "wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        writer.write_record(
            writer.create_warc_record("http://example.com/", "response", payload=BytesIO(body), http_headers=http)
        )
    return str(path)


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="*", help="default: the crawl in ../shared/data")
    parser.add_argument("--share", type=float, default=0.1, help="of the bytes")
    parser.add_argument("--seeds", type=int, default=5, help="samples, each elsewhere")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=2, help="real runs; their mean is the actual value")
    parser.add_argument("--terms", action="store_true", help="what an engine costs without pages")
    options = parser.parse_args()
    if options.terms:
        print(terms(options.runs))
        return 0
    inputs = options.archives or sorted(glob(CRAWL))
    if not inputs:
        print(f"no archives match {CRAWL}: name some", file=sys.stderr)
        return 1
    runs = [actual(inputs, workers=options.workers) for _ in range(options.runs // 2)]
    plans = [planned(inputs, workers=options.workers, share=options.share, seed=n) for n in range(options.seeds)]
    runs += [actual(inputs, workers=options.workers) for _ in range(options.runs - len(runs))]
    print(f"{len(inputs)} archives, a sample of {options.share:.0%}, {options.workers} workers, {options.runs} runs\n")
    print(table({name: statistics.mean(run[name] for run in runs) for name in runs[0]}, [plan for plan, _ in plans]))
    print("\nCPU of the runs: " + ", ".join(f"{run['CPU, s']:.1f}" for run in runs))
    print("\n".join(f"seed {seed}: {said}" for seed, (_, said) in enumerate(plans)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
