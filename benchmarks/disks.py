"""Disks that are full, read-only or gone: `python -m benchmarks.disks`, as root on Linux.

For each: what `firsthand run` says last, its exit code, whether there was a traceback or a mark of success. Then there
is room again, and the same command must end with the rows of an undisturbed run.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.aftermath import differences
from examples.make_crawl import make_crawl

_PATIENCE_S = 300.0
_CUT = ["--workers", "1", "--set", "run.split_bytes=32768", "--set", "run.shard_bytes=20000"]
_ROOM = "size=64m,nr_inodes=4096"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, until it is mended."""

    name: str
    mount: str = _ROOM  # of the file system that the output is on
    limit: tuple[int, int] | None = None  # of the process: which, and how much
    before: Callable[[Path], None] | None = None  # done to the file system before the run
    during: Callable[[Path], None] | None = None  # done to the output once a split is committed


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)  # noqa: S603, S607 - the system's own


def _read_only(place: Path) -> None:
    _mount("-o", "remount,ro", str(place))


def _rename(output: Path) -> None:
    output.rename(output.with_name("elsewhere"))


def _unmount(output: Path) -> None:
    subprocess.run(["umount", "--lazy", str(output.parent)], check=True)  # noqa: S603, S607 - the system's own


TROUBLES = (
    *(Trouble(f"{size} of room", f"size={size}") for size in ("4k", "64k", "200k", "400k", "520k", "600k", "760k")),
    Trouble("12 inodes", "nr_inodes=12"),
    Trouble("28 inodes", "nr_inodes=28"),
    Trouble("read-only from the start", before=_read_only),
    Trouble("removed during the run", during=shutil.rmtree),
    Trouble("renamed during the run", during=_rename),
    Trouble("unmounted during the run", during=_unmount),
    Trouble("files of 16 KiB at most", limit=(resource.RLIMIT_FSIZE, 16 << 10)),
    Trouble("32 open files at most", limit=(resource.RLIMIT_NOFILE, 32)),
    Trouble("1.2 GiB of address space", limit=(resource.RLIMIT_AS, 1200 << 20)),
)


def main(names: list[str]) -> None:
    """Have each trouble, or those that are named, and print a table."""
    with TemporaryDirectory(prefix="disks-") as root:
        crawl, whole, place = Path(root) / "crawl", Path(root) / "whole", Path(root) / "place"
        make_crawl(crawl, pages=12)
        archives = [str(path) for path in sorted(crawl.glob("*.warc.gz"))]
        _run([*archives, "--output", str(whole)], None, None)
        print("| trouble | exit code | says last | traceback | `_SUCCESS` | after it | ", flush=True)
        print("| --- | --- | --- | --- | --- | --- |")
        for trouble in TROUBLES:
            if not names or trouble.name in names:
                print(_row(trouble, archives, whole, place).replace(root, ""), flush=True)


def _row(trouble: Trouble, archives: list[str], whole: Path, place: Path) -> str:
    """What came of it, as a row of the table."""
    output = place / "out"
    arguments = [*archives, "--output", str(output)]
    with _mounted(place, trouble.mount):
        if trouble.before:
            trouble.before(place)
        during = trouble.during
        code, said = _run(arguments, trouble.limit, during and (lambda: _once_begun(output, during)))
        marked = (output / "_SUCCESS").exists()
        if not os.path.ismount(place):
            _mount("-t", "tmpfs", "-o", _ROOM, "tmpfs", str(place))
        _mount("-o", f"remount,rw,{_ROOM}", str(place))
        again, last = _run(arguments, None, None)
        unlike = differences(output, whole) if again == 0 else [f"exit code {again}: {last[-1]}"]
    ours = [line for line in said if line.startswith("firsthand:")]
    cells = (
        trouble.name,
        str(code),
        f"`{(ours or said or [''])[-1]}`",
        "yes" if any("Traceback" in line for line in said) else "no",
        "yes" if marked else "no",
        ", ".join(unlike) or "identical",
    )
    return f"| {' | '.join(cells)} |"


@contextmanager
def _mounted(place: Path, options: str) -> Iterator[None]:
    """A file system in memory."""
    place.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", options, "tmpfs", str(place))
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607 - the system's own


def _run(
    arguments: list[str], limit: tuple[int, int] | None, meanwhile: Callable[[], None] | None
) -> tuple[int, list[str]]:
    """The exit code of `firsthand run`, and the lines it writes to standard error."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "pipeline", "run", *arguments, *_CUT], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if limit:
        resource.prlimit(process.pid, limit[0], (limit[1], limit[1]))
    if meanwhile:
        meanwhile()
    said = process.communicate(timeout=_PATIENCE_S)[1].decode()
    return process.returncode, said.splitlines()


def _once_begun(output: Path, act: Callable[[Path], None]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and not list((output / "documents").glob("[!.]*.parquet")):
        time.sleep(0.02)
    act(output)


if __name__ == "__main__":
    main(sys.argv[1:])
