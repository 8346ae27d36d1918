"""What ends a graph: which of two reasons counts, and that an end which has been reached stands."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest

from pipeline.interruption import Interruption, WorkerLost
from pipeline.run import Engine, run_graph

_BOTH = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What an interruption leaves behind, for the end of a process, is undone."""
    handlers, hook = {number: signal.getsignal(number) for number in _BOTH}, threading.excepthook
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    threading.excepthook = hook
    logging.disable(logging.NOTSET)


class _EndsBadly(beam.DoFn):
    """Does its work, and ends its process with an error when it is told to shut down."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def process(self, number: int) -> None:
        (self._folder / str(number)).touch()

    def teardown(self) -> None:
        os._exit(3)


def _die() -> None:
    raise RuntimeError("Worker subprocess exited with return code 130")


def _lose_worker() -> None:
    watch = threading.Thread(target=_die, name="run_worker")
    watch.start()
    watch.join()


def _lose_worker_and_interrupt() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _BOTH)  # the main thread is busy
    _lose_worker()
    signal.raise_signal(signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _BOTH)


def test_a_worker_that_ends_badly_once_the_graph_is_done_changes_nothing(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in _BOTH]
    flags = Engine(workers=2).flags_for(2, stage="extract")
    run_graph(lambda pipeline: pipeline | beam.Create([1, 2]) | beam.ParDo(_EndsBadly(tmp_path)), flags)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]
    assert [signal.getsignal(number) for number in _BOTH] == before
    assert logging.getLogger().isEnabledFor(logging.CRITICAL)


def test_a_worker_that_dies_while_the_graph_runs_ends_it() -> None:
    interruption = Interruption()
    with pytest.raises(WorkerLost, match="return code 130"), interruption:
        _lose_worker()
    assert isinstance(interruption.cause, WorkerLost)


def test_ctrl_c_counts_even_if_a_worker_has_died_of_it_first() -> None:
    interruption = Interruption()
    with pytest.raises(KeyboardInterrupt), interruption:
        _lose_worker_and_interrupt()
    assert isinstance(interruption.cause, KeyboardInterrupt)
