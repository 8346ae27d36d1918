"""What damage costs: an archive is cut, and one of its bytes changed, at random, many times; worse is done to archives
of every form. See `benchmarks.harm` for what the columns mean.

    python -m benchmarks.damage [--archive FILE] [--cases 500] [--others 40] [--seed 0]

FILE: gzip with one member a record; the first of the development crawl, or a small crawl made for it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.archive_forms import FORMS, members
from benchmarks.harm import Harm, SplitHarm, harm, split_harm, survey
from benchmarks.wounds import MOVING, READABLE, WOUNDS
from examples.make_crawl import make_crawl

CRAWL = Path("../shared/data/crawl/crawl-00000.warc.gz")
SPLIT_BYTES = 1 << 18
SMALL = 40  # records of an archive of another form
MAIN = ("cut", "byte")


def main() -> None:
    """Damage, read, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damage", description=__doc__)
    parser.add_argument("--archive", type=Path, help="a whole archive, gzip with one member a record")
    parser.add_argument("--cases", type=int, default=500, help="cuts, and single bytes changed")
    parser.add_argument("--others", type=int, default=40, help="cases of each other kind of damage, in each form")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.archive or (CRAWL if CRAWL.exists() else _made(Path(folder) / "crawl"))
        data = path.read_bytes()
    records = members(data)
    print(f"{path.name}: {len(data):,} bytes, {len(records)} records")
    for wound in MAIN:
        _print_main(data, wound, args.cases, args.seed)
    print(f"\nother damage, {args.others} cases a line, archives of {SMALL} records")
    print(
        f"{'form':9} {'damage':7} {'lost: mean':>10} {'max':>4} {'untouched':>9} {'silent':>6} {'changed':>7} "
        f"{'s, max':>7}"
    )
    for form, make in FORMS.items():
        whole = make(records[:SMALL])
        for wound in WOUNDS:
            if wound not in READABLE or b"\nWARC-Type:" in whole:
                _print_line(form, wound, run(whole, wound, args.others, args.seed))


def run(data: bytes, wound: str, cases: int, seed: int) -> list[Harm]:
    """What so many wounds of one kind cost an archive, each alone."""
    known = survey(data)
    rng = random.Random(f"{seed} {wound}")  # noqa: S311 — no secret
    return [harm(known, WOUNDS[wound](data, rng), places=wound not in MOVING) for _ in range(cases)]


def run_split(data: bytes, wound: str, cases: int, seed: int) -> list[SplitHarm]:
    """The same wounds, read by splits."""
    rng = random.Random(f"{seed} {wound}")  # noqa: S311 — no secret
    return [split_harm(WOUNDS[wound](data, rng), split_bytes=SPLIT_BYTES) for _ in range(cases)]


def _made(folder: Path) -> Path:
    make_crawl(folder)
    return min(folder.glob("*.warc.gz"))


def _print_main(data: bytes, wound: str, cases: int, seed: int) -> None:
    done = run(data, wound, cases, seed)
    split = run_split(data, wound, cases, seed)
    misled = sum(one.breaks and not one.alike for one in split)
    print(
        f"\n{cases} x {wound}: untouched records lost {sum(one.untouched for one in done)}, silent "
        f"{sum(one.silent for one in done)}, changed pages read {sum(one.new for one in done)}, "
        f"nothing lost {sum(not one.lost for one in done)}\n"
        f"  CPU s a case: mean {sum(one.seconds for one in done) / cases:.2f}, "
        f"max {max(one.seconds for one in done):.2f}\n"
        f"  by splits of {SPLIT_BYTES >> 10} KiB: {sum(one.alike for one in split)} alike, {misled} do not meet and "
        f"are read again, {cases - misled - sum(one.alike for one in split)} differ unnoticed"
    )
    counts = Counter(one.lost - one.gone for one in done)
    for lost, times in sorted(counts.items()):
        print(f"  {lost:4} hit and lost: {times:4} {'#' * (60 * times // cases)}")
    for one in sorted(done, key=_badness)[-3:]:
        print(
            f"  worst: {one.told}: {one.lost} lost, {one.gone} of them gone, {one.untouched} untouched, "
            f"{one.silent} silent"
        )


def _badness(one: Harm) -> tuple[int, int, int, int]:
    return one.silent, one.untouched, one.lost - one.gone, one.lost


def _print_line(form: str, wound: str, done: Sequence[Harm]) -> None:
    hit = [one.lost - one.gone for one in done]
    print(
        f"{form:9} {wound:7} {sum(hit) / len(done):10.2f} {max(hit):4} {sum(one.untouched for one in done):9} "
        f"{sum(one.silent for one in done):6} {sum(one.new for one in done):7} {max(one.seconds for one in done):7.3f}"
    )


if __name__ == "__main__":
    main()
