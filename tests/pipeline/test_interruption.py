"""What ends a graph: which of two reasons counts, that it is heard, and that an end which has been reached stands."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import apache_beam as beam
import pytest

from pipeline.interruption import Interruption, WorkerLost
from pipeline.run import Engine, run_graph
from pipeline.workers import start_worker

_BOTH = (signal.SIGINT, signal.SIGTERM)
_ENDLESS_S = 60.0  # nobody waits as long, if what ends a graph is heard


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What an interruption leaves behind, for the end of a process, is undone."""
    numbers = (*_BOTH, signal.SIGHUP)
    handlers, hook = {number: signal.getsignal(number) for number in numbers}, threading.excepthook
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


class _DiesInADestructor:
    """Loses a worker while it is deleted: what is raised then goes nowhere."""

    def __del__(self) -> None:
        _lose_worker()


class WorkerHandlerManager:
    """Has Beam's name, and is closed while a worker dies."""

    def close_all(self) -> None:
        _lose_worker()


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


def _wait() -> None:
    threading.Event().wait(_ENDLESS_S)


def _lose_worker_and_wait() -> None:
    _lose_worker()
    _wait()


def test_a_worker_that_ends_badly_once_the_graph_is_done_changes_nothing(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in _BOTH]
    process = ("--direct_num_workers=1", "--direct_running_mode=multi_processing")
    flags = Engine(process).flags_for(2, stage="extract")
    run_graph(lambda pipeline: pipeline | beam.Create([1, 2]) | beam.ParDo(_EndsBadly(tmp_path)), flags)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]
    assert [signal.getsignal(number) for number in _BOTH] == before
    assert logging.getLogger().isEnabledFor(logging.CRITICAL)


def test_a_worker_that_dies_while_the_graph_runs_ends_it() -> None:
    interruption = Interruption()
    with pytest.raises(WorkerLost, match="return code 130"), interruption:
        _lose_worker_and_wait()
    assert isinstance(interruption.cause, WorkerLost)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_death_heard_in_a_destructor_is_heard_again() -> None:
    with pytest.raises(WorkerLost), Interruption():  # noqa: PT012
        _DiesInADestructor()
        _wait()


def test_a_death_that_something_takes_for_an_error_of_its_own_is_heard_again() -> None:
    with pytest.raises(WorkerLost), Interruption():  # noqa: PT012
        with suppress(Exception):  # as in Beam's own code
            _lose_worker_and_wait()
        _wait()


def test_a_death_that_came_when_no_signal_could_is_heard_later() -> None:
    swallowed = threading.Event()
    with pytest.raises(WorkerLost), Interruption():  # noqa: PT012
        before = signal.signal(signal.SIGTERM, lambda *_: swallowed.set())
        _lose_worker()
        assert swallowed.wait(_ENDLESS_S)
        signal.signal(signal.SIGTERM, before)
        _wait()


def test_a_cause_that_nobody_let_through_counts_when_the_graph_ends_all_the_same() -> None:
    with pytest.raises(WorkerLost), Interruption(), suppress(WorkerLost):
        _lose_worker_and_wait()


def test_a_death_while_the_graph_is_closed_changes_nothing() -> None:
    interruption = Interruption()
    with interruption:
        WorkerHandlerManager().close_all()
    assert interruption.cause is None


def test_the_other_workers_are_killed_whatever_they_do() -> None:
    with pytest.raises(WorkerLost), Interruption():  # noqa: PT012
        stopped = start_worker([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"], {})
        try:
            _lose_worker_and_wait()
        finally:
            stopped.join(_ENDLESS_S)
            assert not stopped.is_alive()


def test_ctrl_c_counts_even_if_a_worker_has_died_of_it_first() -> None:
    interruption = Interruption()
    with pytest.raises(KeyboardInterrupt), interruption:
        _lose_worker_and_interrupt()
    assert isinstance(interruption.cause, KeyboardInterrupt)


_TWICE = """
import signal, threading
from pipeline.interruption import Interruption
with Interruption():
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.raise_signal(signal.SIGINT)
        threading.Event().wait(60)
"""


def test_a_second_ctrl_c_waits_for_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", _TWICE], check=False, stderr=subprocess.PIPE, text=True, timeout=60)
    assert ended.returncode == 130
    assert ended.stderr == "firsthand: interrupted: what is committed stays, the same command goes on from there\n"
