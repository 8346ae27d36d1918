"""The same crawl with a clock that stands still in no one place: what of the output depends on it?

    python -m benchmarks.clock DIR --out out/clock

Runs over the archives in DIR twice, once with a wall clock that jumps every second by up to ten years, forwards and
backwards, for the command and all its processes (a shim of twenty lines, compiled by `cc`, loaded with LD_PRELOAD).
Prints in what the two outputs differ, documents, corpus and rejections row by row, and which fields of the manifest do:
`ended` must, what tells how long it took, and the chain over these.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.aftermath import differences
from tests.outputs import corpus, rejections

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
static long shift(void) {
    struct timespec now;
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    real(CLOCK_MONOTONIC, &now);
    return ((now.tv_sec * 2654435761UL) % 21 - 10L) * 31557600L;
}
int clock_gettime(clockid_t id, struct timespec *found) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, found);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) found->tv_sec += shift();
    return result;
}
int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    found->tv_sec = now.tv_sec;
    found->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *found) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (found) *found = now.tv_sec;
    return now.tv_sec;
}
"""


def main() -> int:
    """Carry out both runs and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crawl", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path("out/clock"))
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    shim = compiled(options.out)
    still, jumping = options.out / "still", options.out / "jumping"
    run(options.crawl, still, {})
    run(options.crawl, jumping, {"LD_PRELOAD": str(shim)})
    unlike = differences(jumping, still)
    counts = f"{len(corpus(still))} rows, {len(rejections(still))} rejections"
    print(f"{counts}; not the same: {', '.join(unlike) or 'nothing but what tells the time'}")
    pages = [json.loads((folder / "manifest.json").read_bytes()) for folder in (still, jumping)]
    for name in (name for name in pages[0] if pages[0][name] != pages[1].get(name)):
        values = [str(page[name])[:60] for page in pages]
        print(f"manifest.json differs in {name}: {values[0]} | {values[1]}")
    return 1 if unlike else 0


def compiled(folder: Path) -> Path:
    """The shim as a shared library; ends the program where there is no compiler."""
    source, library = folder / "shim.c", folder.resolve() / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)  # noqa: S603, S607
    return library


def run(crawl: Path, output: Path, environment: dict[str, str]) -> None:
    """One run."""
    command = [sys.executable, "-m", "pipeline", "run", str(crawl), "--output", str(output)]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if done.returncode not in (0, 3):  # 3: finished, with many rejections
        raise SystemExit(f"the run ended with {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
