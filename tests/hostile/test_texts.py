"""Whatever a text holds, filter, score and dedup take time and memory in proportion to its length."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from tests.hostile.texts import TEXTS, HostileText
from transforms.dedup.fingerprint import Sketcher, fingerprint, prepare
from transforms.dedup.params import SignatureParams
from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.records import Reading
from transforms.score.detector import Detector

SMALL, MEDIUM, LARGE = 16 << 10, 128 << 10, 256 << 10
# Sixteen times the text takes sixteen times the time if it is linear, 256 times if it is quadratic: between the two,
# four times away from either. A time below the floor is not told from the next thing that the machine does.
MOST_TIMES = 64
FLOOR_S = 0.005
# Of the arrays that a stage makes of a text: 78, of ligatures of six letters, is the most from one size to the next.
MOST_BYTES_A_BYTE = 96
FIXED_BYTES = 16 << 20  # 100,000 words and lines are counted, 12,000 characters scored, whatever the length


class Worker:
    def __init__(self) -> None:
        self.reader = TextReader(FilterParams(reject=()))
        self.detector = Detector.load()
        self.sketcher: Sketcher = prepare(SignatureParams())
        self.take("Warm-up: é.")

    def take(self, text: str) -> None:
        reading = self.reader.read(text, "https://example.org/")
        assert isinstance(reading, Reading)
        self.detector.assess(text, language="en", script=reading.language_script)
        fingerprint(text, self.sketcher)

    def cpu_seconds(self, text: str) -> float:
        began = time.process_time()
        self.take(text)
        return time.process_time() - began


def peak_bytes(text: str, worker: Worker) -> int:
    tracemalloc.start()
    try:
        worker.take(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_time_grows_with_the_text_and_no_faster(text: HostileText, worker: Worker) -> None:
    small, large = text.make(SMALL), text.make(LARGE)
    limit = MOST_TIMES * max(FLOOR_S, worker.cpu_seconds(small))
    assert min(worker.cpu_seconds(large) for _ in range(2)) < limit


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_memory_is_a_multiple_of_the_text(text: HostileText, worker: Worker) -> None:
    medium, large = peak_bytes(text.make(MEDIUM), worker), peak_bytes(text.make(LARGE), worker)
    assert medium < FIXED_BYTES + MOST_BYTES_A_BYTE * MEDIUM
    assert large - medium < MOST_BYTES_A_BYTE * (LARGE - MEDIUM)
