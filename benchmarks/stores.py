"""What an object store costs: `python -m benchmarks.stores s3://BUCKET/PREFIX -- --s3_endpoint_url=…`.

Each operation by this project and, where Beam has the like, by Beam's file system beside it: seconds, CPU seconds of
this process, requests, and what Python's memory grew by at its peak. The prefix is written to.
"""

from __future__ import annotations

import argparse
import io
import logging
import resource
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipeline.run import check_flags
from transforms.write.stage import commit, list_files, open_file, remove

LARGE = 100 << 20  # bytes; documents files of a 64 MiB split are 10–200 MB
MANY = 300  # objects


class _Requests(logging.Handler):
    """Counts the requests that urllib3, under both clients, tells of."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.number = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line that tells of an answer."""
        self.number += '"%s %s %s" %s' in str(record.msg)


def measure(name: str, action: Callable[[], object], requests: _Requests) -> None:
    """Carry out, and print what it took."""
    before, wall, cpu = requests.number, time.monotonic(), time.process_time()
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    took = time.monotonic() - wall, time.process_time() - cpu
    print(f"{name:<34}{took[0]:>9.3f}{took[1]:>9.3f}{requests.number - before:>10}{peak / 1e6:>10.1f}")


def beam_commit(path: str, data: bytes) -> None:
    """The way of most Beam sinks: a temporary name, then a rename."""
    temporary = f"{path}.tmp"
    with FileSystems.create(temporary, compression_type=CompressionTypes.UNCOMPRESSED) as sink:
        sink.write(data)
    FileSystems.rename([temporary], [path])


def footer(path: str, open_it: Callable[[str], BinaryIO]) -> None:
    """Read the metadata of a Parquet file."""
    with open_it(path) as file:
        pq.read_metadata(file)


def beam_open(path: str) -> BinaryIO:
    """Beam's reader of a file as it is."""
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prefix")
    parser.add_argument("flags", nargs="*", help="Beam's, after --")
    options = parser.parse_args(arguments)
    check_flags(options.flags)
    requests = _Requests()
    log = logging.getLogger("urllib3.connectionpool")
    log.addHandler(requests)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    root = options.prefix.rstrip("/")
    large, table = bytes(LARGE), io.BytesIO()
    pq.write_table(pa.table({"x": range(100_000)}), table)
    print(f"{'':<34}{'s':>9}{'CPU s':>9}{'requests':>10}{'MB':>10}")
    measure("first request of a process", partial(list_files, root, "_SUCCESS"), requests)
    measure("commit 1 kB", partial(commit, f"{root}/a", lambda sink: sink.write(large[:1000])), requests)
    measure("  Beam, create and rename", partial(beam_commit, f"{root}/b", large[:1000]), requests)
    measure("commit 100 MiB", partial(commit, f"{root}/a", lambda sink: sink.write(large)), requests)
    measure("  Beam, create and rename", partial(beam_commit, f"{root}/b", large), requests)
    commit(f"{root}/t", lambda sink: sink.write(table.getvalue()))
    measure("footer of a Parquet file", partial(footer, f"{root}/t", open_file), requests)
    measure("  Beam", partial(footer, f"{root}/t", beam_open), requests)
    for number in range(MANY):
        commit(f"{root}/many/{number:05d}", lambda sink: sink.write(b"x"))
    measure(f"list {MANY} objects", partial(list_files, f"{root}/many"), requests)
    measure("  Beam", partial(FileSystems.match, [f"{root}/many/*"]), requests)
    measure("look for one of them", partial(list_files, f"{root}/many", "00007"), requests)
    measure(f"remove {MANY} objects", partial(remove, list_files(f"{root}/many")), requests)
    print(f"peak of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
