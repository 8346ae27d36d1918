"""What ends a graph from outside while the engine works: Ctrl-C, SIGTERM, the death of a local worker process."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final

import grpc

from pipeline.exit_codes import GOES_ON, INTERRUPTED
from pipeline.workers import WATCH, end_workers
from transforms.errors import FirsthandError

_CLOSING = "WorkerHandlerManager.close_all"
"""Where Beam's local runner (2.77, in `run_stages`) tells its workers to end, and waits for them: the graph is over."""
_NUDGE_S = 0.2
_ENDS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class WorkerLost(FirsthandError):
    """A worker process of the local runner died, and with it the run."""


class Interruption:
    """One exception in the main thread, and no last words from the engine's threads.

    Beam's local runner would wait for a dead worker for ever (2.77, FnApiRunner with multi_processing): the thread
    that watches the process raises, and nobody hears of it but `threading.excepthook`.

    The exception is raised by a signal handler, and may be lost: a signal that comes just before the main thread
    begins to wait for a lock does not wake it, and what is raised in a destructor, or below an `except Exception`, is
    dropped. So a thread signals, and kills what workers there are, until the main thread has left the graph.
    """

    def __init__(self) -> None:
        self.cause: BaseException | None = None  # KeyboardInterrupt or WorkerLost
        self._lost: WorkerLost | None = None
        self._spared = False  # the death was heard when the graph was over
        self._left = False
        self._main = threading.main_thread().ident or 0
        self._orders: SimpleQueue[bool] = SimpleQueue()  # signal handlers may put into one, and wait for no lock
        self._nudges = threading.Thread(target=self._nudge, daemon=True)
        self._handlers: dict[int, object] = {}
        self._hook = threading.excepthook

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():  # elsewhere signals cannot be handled
            self._nudges.start()
            self._handlers = {
                number: signal.signal(number, self._interrupt)
                for number in _ENDS
                if number == signal.SIGTERM or signal.getsignal(number) != signal.SIG_IGN  # as nohup and `&` have it
            }
            self._hook, threading.excepthook = threading.excepthook, self._thread_died

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if not self._handlers:
            return
        self._left = True
        self._orders.put(False)
        self._nudges.join()
        if not self.cause:
            threading.excepthook = self._hook
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
        if self.cause and kind is None:
            raise self.cause

    def _thread_died(self, death: threading.ExceptHookArgs) -> None:
        name = death.thread.name if death.thread else ""
        if name == WATCH and not self._lost:
            self._lost = WorkerLost(
                f"the run stopped: a worker process died ({death.exc_value}; 137 is kill -9, by a person or for want "
                "of memory); what is committed stays, run the same command again, with fewer --workers if it was memory"
            )
            signal.pthread_kill(self._main, signal.SIGTERM)  # before those who wait for the thread go on
            self._orders.put(True)
        elif name != WATCH and not isinstance(death.exc_value, grpc.RpcError):  # who spoke to it; the watch tells why
            self._hook(death)

    def _nudge(self) -> None:
        """Once it is ordered to, signal the main thread, and end the workers, until the main thread has left."""
        patience_s = None
        while True:
            try:
                if not self._orders.get(timeout=patience_s):
                    return
            except Empty:
                end_workers()
                signal.pthread_kill(self._main, signal.SIGTERM)
            patience_s = _NUDGE_S

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.cause and number == signal.SIGINT:  # a second Ctrl-C: whoever gives it does not want to wait
            end_workers()
            _last_words()
            os._exit(INTERRUPTED)
        if not self.cause:
            lost = self._lost if number == signal.SIGTERM else None  # SIGINT comes first: workers may die of it, too
            self._spared = self._spared or (lost is not None and _is_closing(frame))
            if lost and self._spared:
                return
            self._stop_for(lost or KeyboardInterrupt())
        if self.cause and not self._left and not _is_handled(self.cause):
            raise self.cause

    def _stop_for(self, cause: BaseException) -> None:
        self.cause = cause
        logging.disable()
        threading.excepthook = lambda _: None
        self._orders.put(True)


def _last_words() -> None:
    """Past Python's own buffer, in the middle of which this may come."""
    with suppress(OSError, ValueError):  # nobody is there
        os.write(sys.stderr.fileno(), f"firsthand: {GOES_ON}\n".encode())


def _is_closing(frame: FrameType | None) -> bool:
    """Whether the graph has come to its end, or is given up for another error, if this is where the main thread is."""
    while frame and frame.f_code.co_qualname != _CLOSING:
        frame = frame.f_back
    return frame is not None


def _is_handled(cause: BaseException) -> bool:
    """Whether the main thread is on its way out for this cause: in an `except`, a `finally` or the end of a `with`."""
    error = sys.exc_info()[1]
    while error and error is not cause:
        error = error.__context__
    return error is not None
