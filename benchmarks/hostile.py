"""What pages made to hurt do to a run: `python -m benchmarks.hostile`.

Each page of tests/hostile/pages goes through a split of its own, with the limits of a run, in a process of its own:
CPU and time on the clock (reading, parsing, filtering, scoring, writing), largest resident memory of the parser and of
the worker, and what became of it. The parser is held to a limit of memory. Nothing binds the worker but the sizes of
what it takes, a body (read.max_body_bytes) and a text (extract.max_text_bytes), so its peak above idle is told for each
page. Then pages of a crawl are extracted with and without hostile ones between them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from glob import glob
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext

from benchmarks.examination import Finding, archive_page, examine
from benchmarks.neighbours import compare
from tests.hostile.pages.every import MAKERS
from transforms.extract.extractor import ExtractParams

_CRAWL = "../shared/data/crawl/*.warc.gz"


def findings(names: Sequence[str], size: int, params: ExtractParams) -> Iterator[Finding]:
    """Every page examined, each by a new process of ready imports."""
    context = get_context("forkserver")
    assert isinstance(context, ForkServerContext)
    context.set_forkserver_preload(["benchmarks.examination"])
    with (
        ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool,
        tempfile.TemporaryDirectory() as folder,
    ):
        for name in names:
            archive = pool.submit(archive_page, name, size, folder).result()
            yield pool.submit(examine, archive, params).result()
            archive.unlink()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Extract pages made to hurt.")
    parser.add_argument("--mib", type=float, default=4.0, help="size of what hurts in a page (default: %(default)s)")
    parser.add_argument("--time-limit", type=float, default=10.0, help="extract.time_limit_s (default: %(default)s)")
    parser.add_argument("--memory-limit", type=int, default=1024, help="extract.memory_limit_mb (default: %(default)s)")
    parser.add_argument("--extractor", default="fast", help="extract.extractor (default: %(default)s)")
    parser.add_argument("--crawl", default=_CRAWL, help="archives of ordinary pages (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="comparisons with ordinary pages (default: %(default)s)")
    parser.add_argument("names", nargs="*", metavar="PAGE", help="pages by name, all if none is given")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(MAKERS):
        parser.error(f"no page {', '.join(sorted(unknown))}")
    params = ExtractParams(
        extractor=arguments.extractor, time_limit_s=arguments.time_limit, memory_limit_mb=arguments.memory_limit
    )
    _print_pages(findings(arguments.names or list(MAKERS), int(arguments.mib * (1 << 20)), params), params)
    if not arguments.names:
        if not glob(arguments.crawl):
            sys.exit(f"no archive matches {arguments.crawl!r}: `make crawl`, then --crawl 'out/crawl/*.warc.gz'")
        table, same = compare(
            sorted(glob(arguments.crawl)), size=int(arguments.mib * (1 << 20)), rounds=arguments.rounds
        )
        print("\n" + table)
        if not same:
            sys.exit("hostile pages changed what became of the others")


def _print_pages(found: Iterator[Finding], params: ExtractParams) -> None:
    print("| page | CPU s | clock s | parser MiB | worker MiB | above idle | outcome |")
    print("|---|---|---|---|---|---|---|")
    every = []
    for page in found:
        every.append(page)
        print(
            f"| {page.name.replace('_', ' ')} | {page.cpu_s:.2f} | {page.wall_s:.2f} | {page.parser_mib:.0f} "
            f"| {page.worker_mib:.0f} | {page.worker_mib - page.idle_mib:.0f} | {page.outcome} |",
            flush=True,
        )
    slow, late = max(every, key=lambda page: page.cpu_s), max(every, key=lambda page: page.wall_s)
    large = max(every, key=lambda page: page.parser_mib)
    fat = max(every, key=lambda page: page.worker_mib - page.idle_mib)
    print(
        f"\n{len(every)} pages. Most CPU: {slow.cpu_s:.2f} s ({slow.name}; the limit is {params.time_limit_s:g} s). "
        f"Longest: {late.wall_s:.2f} s ({late.name}). Largest parser: {large.parser_mib:.0f} MiB ({large.name}; the "
        f"limit is {params.memory_limit_mb} MiB). Largest worker, above idle: {fat.worker_mib - fat.idle_mib:.0f} MiB "
        f"({fat.name}), which no limit binds but those of sizes."
    )


if __name__ == "__main__":
    main()
