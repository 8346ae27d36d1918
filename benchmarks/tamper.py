"""Bytes of committed splits changed one by one: which check finds each, what looking costs, what a second run does.

    python -m benchmarks.tamper DIR [--flips 5000] [--crawl ARCHIVES --runs 5]

DIR is an output; it is not changed. Every flip is one bit of one byte, chosen by --seed, of the documents or rejections
file of one split. `footers` is what a second run looks at first, and all that it looks at on an object store; `imprint`
is the digest over every byte; `pages` are the checksums that curation looks at as it reads. With --crawl, a copy of DIR
is damaged --runs times, and the command that made it is given again.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.committed import SplitFiles, damaged_files, read_accounts
from pipeline.output import Output
from tests.outputs import corpus, rejections
from transforms.write.imprint import imprint_holds

REGIONS = ("pages", "index", "footer", "end")
CHECKS = ("footers", "imprint", "pages")


def main() -> int:
    """Print the tables; returns 1 if a changed byte was not found, or a second run made something else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--flips", type=int, default=5_000)
    parser.add_argument("--crawl", nargs="+", default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - chosen to be the same again
    missed = flips(options.output, options.flips, rng)
    looking(options.output)
    wrong = sum(not redone(options.output, options.crawl, rng) for _ in range(options.runs if options.crawl else 0))
    return 1 if missed or wrong else 0


def flips(output: Path, number: int, rng: random.Random) -> int:
    """Change so many bytes, each alone; returns how many no check found."""
    with tempfile.TemporaryDirectory() as folder:
        splits = [copied(files, Path(folder) / str(at)) for at, files in enumerate(Output(str(output)).begun())]
        tried, found = Counter[str](), Counter[tuple[str, str]]()
        for _ in range(number):
            files = rng.choice(splits)
            path = Path(rng.choice([files.documents, files.rejections]))
            whole = path.read_bytes()
            place = rng.choice(spans(whole))
            at = rng.randrange(*place[1])
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
            tried[place[0]] += 1
            found.update((place[0], check) for check in finders(files, path))
            path.write_bytes(whole)
    print(f"{number} bytes changed in {len(splits)} splits; found by\n\n| region | changed | {' | '.join(CHECKS)} |")
    print("|---|--:|--:|--:|--:|")
    for region in REGIONS:
        print(f"| {region} | {tried[region]} | {' | '.join(str(found[region, check]) for check in CHECKS)} |")
    return number - sum(found[region, "imprint"] for region in REGIONS)


def copied(files: SplitFiles, folder: Path) -> SplitFiles:
    """The two files of a split, elsewhere."""
    places = [folder / name / Path(files.documents).name for name in ("documents", "rejections")]
    for source, place in zip((files.documents, files.rejections), places, strict=True):
        place.parent.mkdir(parents=True)
        shutil.copy(source, place)
    return SplitFiles(str(places[0]), str(places[1]))


def spans(whole: bytes) -> list[tuple[str, tuple[int, int]]]:
    """The regions of a Parquet file and their first and last bytes but one."""
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    meta = pq.read_metadata(io.BytesIO(whole))
    columns = [meta.row_group(g).column(c) for g in range(meta.num_row_groups) for c in range(meta.num_columns)]
    pages = max((c.data_page_offset + c.total_compressed_size for c in columns), default=4)
    pages = min(pages, footer)
    bounds = [0, pages, footer, len(whole) - 8, len(whole)]
    return [(name, (a, b)) for name, a, b in zip(REGIONS, bounds[:-1], bounds[1:], strict=True) if a < b]


def finders(files: SplitFiles, path: Path) -> list[str]:
    """The checks that find the split damaged."""
    found = []
    account = files.account()
    if account is None:
        found.append("footers")
    with path.open("rb") as file:
        if not imprint_holds(file):
            found.append("imprint")
    try:
        pq.read_table(path, page_checksum_verification=True)
    except (OSError, ValueError, NotImplementedError):
        found.append("pages")
    return found


def looking(output: Path) -> None:
    """What a second run takes to look at every byte, three times over."""
    committed = read_accounts(Output(str(output)).begun())
    size = sum(Path(path).stat().st_size for files in committed for path in (files.documents, files.rejections))
    for _ in range(3):
        began, cpu = time.perf_counter(), time.process_time()
        damaged_files(committed)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        told = f"{wall * 1e3:.0f} ms, CPU {cpu * 1e3:.0f} ms; of 100 MB CPU {cpu / size * 1e11:.0f} ms"
        print(f"\nevery byte of {len(committed)} splits, {size / 1e6:.1f} MB: {told}", end="")
    print("\n")


def redone(output: Path, crawl: list[str], rng: random.Random) -> bool:
    """Whether the command given again makes one damaged split anew, that one alone, and the same rows of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(output, Path(folder) / "out"))
        files = rng.choice(Output(str(copy)).begun())
        path = Path(rng.choice([files.documents, files.rejections]))
        whole = bytearray(path.read_bytes())
        at = rng.randrange(len(whole))
        whole[at] ^= 1 << rng.randrange(8)
        path.write_bytes(whole)
        before = {file.name: file.stat().st_mtime_ns for file in (copy / "documents").glob("*.parquet")}
        began = time.perf_counter()
        command = [sys.executable, "-m", "pipeline", "run", *crawl, "--output", str(copy)]
        with suppress(subprocess.CalledProcessError):
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        after = {file.name: file.stat().st_mtime_ns for file in (copy / "documents").glob("*.parquet")}
        anew = [name for name in before if after.get(name) != before[name]]
        same = corpus(copy) == corpus(output) and rejections(copy) == rejections(output)
        seconds = time.perf_counter() - began
        where = f"byte {at:,} of {path.parent.name}/{path.name[:24]}…"
        print(f"{where}: {len(anew)} of {len(before)} splits made anew, rows the same: {same}, {seconds:.1f} s")
        return same and anew == [path.name]


if __name__ == "__main__":
    sys.exit(main())
