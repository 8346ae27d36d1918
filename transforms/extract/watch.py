"""How long a parent waits for its child: on the clock, and for a sign of life."""

from __future__ import annotations

import select
import sys
import time
from contextlib import suppress


class Watch:
    """A bound on the waiting for one process, from now on."""

    def __init__(self, pid: int, *, most_s: float, idle_s: float) -> None:
        """At most `most_s` seconds in all, and not once `idle_s` seconds have passed without CPU time of the process.

        A process that is starved goes on a little in any second; one that is stopped or sleeps does not. Elsewhere
        than on Linux no process tells another its CPU time, and `most_s` alone holds.
        """
        self.most_s = most_s
        self._pid = pid
        self._idle_s = idle_s
        self._until = time.monotonic() + most_s
        self._look_again()

    def wait(self, descriptor: int, event: int) -> None:
        """Returns when the descriptor is ready, or broken. Raises TimeoutError, which says what was waited for."""
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(max(0.0, min(self._until, self._idle_until) - time.monotonic()) * 1000):
            now = time.monotonic()
            if now >= self._until:
                raise TimeoutError(f"no answer in {self.most_s:g} s on the clock")
            if now >= self._idle_until:
                if _cpu_s(self._pid) == self._cpu_s:
                    raise TimeoutError(f"no CPU time used in {self._idle_s:g} s on the clock")
                self._look_again()

    def _look_again(self) -> None:
        self._cpu_s = _cpu_s(self._pid)
        self._idle_until = time.monotonic() + self._idle_s if self._cpu_s is not None else self._until


def _cpu_s(pid: int) -> float | None:
    # What clock_getcpuclockid(3) returns: the number of a process's clock is made of its id.
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime(~pid << 3 | 2)
    return None
