"""What ends a graph from outside while the engine works: Ctrl-C, SIGTERM, the death of a local worker process."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType

import grpc

from transforms.errors import FirsthandError

_WATCH = "run_worker"
"""The threads of Beam's local runner that wait for a worker process, and end by an exception if it dies."""
_CLOSING = "WorkerHandlerManager.close_all"
"""Where Beam's local runner (2.77, in `run_stages`) tells its workers to end, and waits for them: the graph is over."""


class WorkerLost(FirsthandError):
    """A worker process of the local runner died, and with it the run."""


class Interruption:
    """One exception in the main thread, and no last words from the engine's threads.

    Beam's local runner would wait for a dead worker for ever (2.77, FnApiRunner with multi_processing): the thread
    that watches the process raises, and nobody hears of it but `threading.excepthook`.
    """

    def __init__(self) -> None:
        self.cause: KeyboardInterrupt | WorkerLost | None = None
        self._lost: WorkerLost | None = None  # that the main thread has not heard of yet
        self._handlers: dict[int, object] = {}
        self._hook = threading.excepthook

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():  # elsewhere signals cannot be handled
            self._handlers = {
                number: signal.signal(number, self._interrupt) for number in (signal.SIGINT, signal.SIGTERM)
            }
            self._hook, threading.excepthook = threading.excepthook, self._thread_died

    def __exit__(self, *_: object) -> None:
        if self._handlers and not self.cause:
            threading.excepthook = self._hook
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]

    def _thread_died(self, death: threading.ExceptHookArgs) -> None:
        name = death.thread.name if death.thread else ""
        if name == _WATCH and not self.cause:
            self._lost = WorkerLost(
                f"the run stopped: a worker process died ({death.exc_value}; 137 is kill -9, by a person or for want "
                "of memory); what is committed stays, run the same command again, with fewer --workers if it was memory"
            )
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)  # wakes it from its wait
        elif name != _WATCH and not isinstance(death.exc_value, grpc.RpcError):  # who spoke to it; the watch tells why
            self._hook(death)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        lost = None
        if number == signal.SIGTERM:  # Python handles SIGINT first: a Ctrl-C counts of which workers have died
            lost, self._lost = self._lost, None
        if lost and (self.cause or _is_done(frame)):
            return
        self.cause = lost or KeyboardInterrupt()
        logging.disable()
        threading.excepthook = lambda _: None
        raise self.cause


def _is_done(frame: FrameType | None) -> bool:
    """Whether the graph has come to its end without an error, if this is where the main thread is."""
    while frame and frame.f_code.co_qualname != _CLOSING:
        frame = frame.f_back
    return frame is not None and sys.exc_info()[0] is None
