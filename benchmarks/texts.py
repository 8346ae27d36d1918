"""What the slowest texts of hostile pages cost a worker, where nothing can end it: filter, score, dedup, write.

    python -m benchmarks.texts [--bytes N] [NAME …]

Each text is taken by a process of its own, at an eighth, a quarter, a half and the whole of N bytes of UTF-8
(`extract.max_text_bytes`). For each stage: CPU milliseconds of the whole, and the exponent of the size with which they
grow; for the text: all stages together, and the largest resident memory above that of an idle worker.
Set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from pipeline.config import Config
from tests.hostile.texts import TEXTS, HostileText
from transforms.dedup.fingerprint import fingerprint, prepare
from transforms.filter.reading import TextReader
from transforms.records import Assessment, Extraction, Fingerprint, Origin, Page, Reading
from transforms.schema import DOCUMENTS, arrow_schema
from transforms.score.detector import Detector
from transforms.write.parquet import ParquetSink
from transforms.write.rows import document_row

STAGES = ("filter", "score", "dedup", "write")
_SHARES = (8, 4, 2, 1)
_URL = "https://example.org/page"
_KIB_A_MIB = 1024
_LEAST_MS = 1.0  # below, a time is the clock's and the call's own


@dataclass(frozen=True, slots=True)
class Found:
    """One text, taken by one process."""

    name: str
    milliseconds: list[list[float]]  # CPU: [sizes, stages], the whole last
    peak_mib: float  # above an idle worker
    idle_mib: float

    def total_s(self) -> float:
        """CPU seconds of all stages, of the whole text."""
        return sum(self.milliseconds[-1]) / 1000

    def exponent(self, stage: int) -> float:
        """The power of the size with which the time of a stage grows: 1 is linear."""
        times = np.maximum([row[stage] for row in self.milliseconds], _LEAST_MS)
        return float(np.polyfit(-np.log(_SHARES), np.log(times), 1)[0])

    def growth(self) -> float:
        """The largest of its exponents."""
        return max(self.exponent(stage) for stage in range(len(STAGES)))


class Worker:
    """What a worker holds after extraction."""

    def __init__(self) -> None:
        config = Config()
        self._config = config
        # No rule rejects: a page that is made to be slow can be made to pass them, too.
        self._reader = TextReader(type(config.filter)(reject=()))
        self._detector = Detector.load()
        self._sketcher = prepare(config.signature)

    def take(self, text: str) -> list[float]:
        """CPU milliseconds of each of `STAGES`."""
        marks = [time.process_time()]
        reading = self._reader.read(text, _URL)
        assert isinstance(reading, Reading)
        marks.append(time.process_time())
        # English is the language with the most to measure.
        assessment = self._detector.assess(text, language="en", script=reading.language_script, url=_URL)
        marks.append(time.process_time())
        sketch = fingerprint(text, self._sketcher)
        marks.append(time.process_time())
        self._write(text, reading, assessment, sketch)
        marks.append(time.process_time())
        return [1000 * float(spent) for spent in np.diff(marks)]

    def _write(self, text: str, reading: Reading, assessment: Assessment, sketch: Fingerprint) -> None:
        origin = Origin("/a.warc.gz", "a.warc.gz", 0, 1, "", "response", _URL)
        page = Page(origin, "2024-01-01T00:00:00Z", "", (), "text/html", "", "", b"")
        extraction = Extraction(text, "", "", "utf-8", "", "", (), ())
        sink = ParquetSink(io.BytesIO(), arrow_schema(DOCUMENTS), row_group_bytes=self._config.run.row_group_bytes)
        with sink:
            sink.add(document_row(page, extraction, reading, assessment, sketch), len(text.encode()))
            sink.close({})


def examine(name: str, text: bytes) -> Found:
    """Take a text in four sizes. For a new process: peaks of memory never fall."""
    worker = Worker()
    worker.take("Warm-up, so that all tables and models are there: é.")
    idle = _peak_mib()
    times = [worker.take(text[: len(text) // share].decode(errors="ignore")) for share in _SHARES]
    return Found(name, times, _peak_mib() - idle, idle)


def _peak_mib() -> float:
    """Of this program; getrusage would count what its parent held when it was started (on Linux)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / _KIB_A_MIB if found else math.nan


def _in_new_process(text: HostileText, size: int) -> Found:
    command = [sys.executable, "-m", "benchmarks.texts", "--child", text.name]
    done = subprocess.run(command, input=text.make(size).encode(), check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    return Found(**json.loads(done.stdout))


def _table(texts: list[HostileText], size: int) -> Iterator[str]:
    head = "".join(f"{f'{stage} ms':>11}{'exp.':>6}" for stage in STAGES)
    yield f"{'text of ' + format(size, ',') + ' bytes':34}{head}{'all s':>8}{'MiB':>7}"
    found = []
    for text in texts:
        one = _in_new_process(text, size)
        found.append(one)
        cells = (f"{one.milliseconds[-1][i]:11.0f}{one.exponent(i):6.2f}" for i in range(len(STAGES)))
        yield f"{one.name:34}{''.join(cells)}{one.total_s():8.2f}{one.peak_mib:7.0f}"
    yield ""
    yield from _worst(found)


def _worst(found: list[Found]) -> Iterator[str]:
    slowest, largest = max(found, key=Found.total_s), max(found, key=lambda one: one.peak_mib)
    yield f"worst time   {slowest.total_s():.2f} s: {slowest.name}"
    yield f"worst memory {largest.peak_mib:.0f} MiB above {largest.idle_mib:.0f} MiB idle: {largest.name}"
    steepest = max(found, key=Found.growth)
    yield f"worst growth size^{steepest.growth():.2f}: {steepest.name}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="texts; all if none is named")
    parser.add_argument("--bytes", type=int, default=Config().extract.max_text_bytes, help="of the largest text")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    texts = [text for text in TEXTS if not options.names or text.name in options.names]
    if options.child:
        print(json.dumps(asdict(examine(options.names[0], sys.stdin.buffer.read()))))
        return
    for line in _table(texts, options.bytes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
