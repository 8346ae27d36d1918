"""The extractor's child, seen from the parent: start it, ask it, end it."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import FirsthandError
from transforms.extract import frames
from transforms.extract.jsonld import JsonObject
from transforms.extract.reply import MAX_HEADER_BYTES, MAX_TEXT_BYTES, cpu_seconds
from transforms.extract.watch import Watch

# A child starts in 0.2 s of CPU; a minute is a machine that cannot work.
_START_LIMIT_S = 60.0
# The child measures CPU time itself. Wall time this many times as long, but no less than half a minute, means that it
# is starved; half as long, but no less than a second, without any CPU time means that it is stopped or stuck.
_WALL_FACTOR = 6.0
_LEAST_WALL_S = 30.0
_IDLE_FACTOR = 0.5
_LEAST_IDLE_S = 1.0
_PIPE_BYTES = 1 << 20  # Linux lets a user have 64 such pipes (fs.pipe-user-pages-soft); further ones stay small
_MOST_PAGES = 1 << 16  # Linux's pipes hold as many bytes
_CHUNK_BYTES = 1 << 16  # read at once: what a reply says of its size takes no memory before it is there

# What an interpreter needs to find its modules, their libraries, texts and temporary files, and to keep within its
# memory. All else stays with the parent, the keys of accounts above all: the child parses what strangers wrote.
_NEEDED = frozenset({"PATH", "HOME", "VIRTUAL_ENV", "TMPDIR", "TZ", "LANG", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX"})
# Memory that a page gave back is kept for the next (up to 256 MiB): 10,000 page faults less for 230 pages.
TUNABLES = "glibc.malloc.trim_threshold=268435456:glibc.malloc.mmap_threshold=33554432:glibc.malloc.top_pad=16777216"
_NEEDED_PREFIXES = ("PYTHON", "LC_", "LD_", "DYLD_")


class KilledAtStart(FirsthandError):
    """A signal ended the child before it was ready: no page's doing, and another child may fare better."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use."""

    time_s: float  # CPU seconds a page
    memory_mb: int  # MiB of address space
    text_bytes: int = MAX_TEXT_BYTES  # of a page's main text, in UTF-8


class ChildProcess:
    """A running `transforms.extract.child`. Not for use by two threads at once."""

    def __init__(self, mode: str, limits: Limits) -> None:
        """Starts the child and waits until it is ready. Raises FirsthandError if it does not become so."""
        # A new program, never a fork: the parent may have threads (gRPC) whose locks a fork would copy.
        self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "transforms.extract.child", mode, str(limits.memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
        )
        self._limits = limits
        self._ahead = b""  # read and not asked for yet: one read brings most replies whole
        self.cpu_seconds = 0.0  # CPU seconds the child has reported; exact once it has ended, if it did not overstate
        self.done = 0  # once it has ended: pages of those it was asked for last that it had done, by its own account
        self._await_start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._popen.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has died already: an idle child is what a system short of memory kills first."""
        try:
            return os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # whoever ignores SIGCHLD, perhaps since before we began, has no children that ended
            return True

    def ask(self, requests: Sequence[JsonObject], bodies: Sequence[bytes]) -> Iterator[tuple[JsonObject, bytes]]:
        """The child's replies to some messages, in order: a header, and a body of at most the text bytes of the limits.

        It answers once it has done them all, so that two processes change places once and not for every page, each
        time with what the other left in the processor's caches.

        Raises EOFError or OSError if the child died, TimeoutError if it overran the wall time or is stuck (its message
        says which), ValueError if the reply is none. After any of these, `end` it.
        """
        limits, count = self._limits, len(requests)
        most_s = max(_LEAST_WALL_S, _WALL_FACTOR * limits.time_s) + (count - 1) * limits.time_s
        watch = Watch(self.pid, most_s=most_s, idle_s=max(_LEAST_IDLE_S, _IDLE_FACTOR * limits.time_s))
        parts = []
        for left, (request, body) in zip(reversed(range(count)), zip(requests, bodies, strict=True), strict=True):
            asked = {**request, "time_s": limits.time_s, "text_bytes": limits.text_bytes, "left": left}
            parts += [frames.pack_header(asked, len(body)), body]
        self._write(parts, watch)
        for _ in range(count):
            yield self._reply(watch)
        self._count_done()

    def _count_done(self) -> int:
        assert self._popen.stderr
        with suppress(BlockingIOError):
            return len(os.read(self._popen.stderr.fileno(), _MOST_PAGES))
        return 0

    def end(self, *, kill: bool = True) -> int:
        """Ends the child and returns its exit status, as subprocess does.

        Negative if a signal ended it; 0 if that is lost, for the process ignores SIGCHLD.
        """
        if self._popen.returncode is None:
            if kill:
                self._kill()
            self._popen.returncode = self._reap()
            self.done = self._count_done()
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if pipe:
                pipe.close()
        return self._popen.returncode

    def _kill(self) -> None:
        # Not Popen.kill: it reaps a child that has died already, and what that child cost would be lost.
        with suppress(ProcessLookupError):
            os.kill(self._popen.pid, signal.SIGKILL)

    def _reap(self) -> int:
        try:
            _, status, usage = os.wait4(self._popen.pid, 0)
        except ChildProcessError:
            return 0
        # What it reported stays, if that was more: sums of it never fall.
        self.cpu_seconds = max(self.cpu_seconds, usage.ru_utime + usage.ru_stime)
        return os.waitstatus_to_exitcode(status)

    def _await_start(self) -> None:
        assert self._popen.stdin
        assert self._popen.stderr
        os.set_blocking(self._popen.stdin.fileno(), False)
        _widen(self._popen.stdin.fileno())
        try:
            self._reply(Watch(self.pid, most_s=_START_LIMIT_S, idle_s=_START_LIMIT_S))
        except (EOFError, ValueError, TimeoutError) as error:
            if not isinstance(error, EOFError):
                self._kill()
            last = self._popen.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            status = self.end(kill=False)
            kind = KilledAtStart if isinstance(error, EOFError) and status < 0 else FirsthandError
            raise kind(
                f"the extraction process did not start (exit status {status}; {last or 'no message'}); "
                f"check the installation, and that extract.memory_limit_mb = {self._limits.memory_mb} is enough"
            ) from error
        # From here on it has no way to print page text: what it writes there is a byte for each page it has done.
        os.set_blocking(self._popen.stderr.fileno(), False)

    def _write(self, parts: list[bytes], watch: Watch) -> None:
        assert self._popen.stdin
        descriptor, left = self._popen.stdin.fileno(), [memoryview(part) for part in parts]
        while left:
            watch.wait(descriptor, select.POLLOUT)
            written = os.writev(descriptor, left)
            while left and written >= len(left[0]):
                written -= len(left.pop(0))
            if left:
                left[0] = left[0][written:]

    def _reply(self, watch: Watch) -> tuple[JsonObject, bytes]:
        header_bytes, body_bytes = frames.lengths(self._read(frames.PREFIX_BYTES, watch))
        if header_bytes > MAX_HEADER_BYTES or body_bytes > self._limits.text_bytes:
            raise ValueError(f"expected a reply of a page, got one of {header_bytes} and {body_bytes} bytes")
        header = frames.unpack_header(self._read(header_bytes, watch))
        self.cpu_seconds = cpu_seconds(header, least=self.cpu_seconds, most=self.cpu_seconds + watch.most_s)
        return header, self._read(body_bytes, watch)

    def _read(self, count: int, watch: Watch) -> bytes:
        assert self._popen.stdout
        descriptor, parts, missing = self._popen.stdout.fileno(), [self._ahead], count - len(self._ahead)
        while missing > 0:
            watch.wait(descriptor, select.POLLIN)
            part = os.read(descriptor, _CHUNK_BYTES)
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        found = b"".join(parts)
        self._ahead = found[count:]
        return found[:count]


def _widen(pipe: int) -> None:
    # A page of ordinary size fits in whole, and the two processes need not take turns over it.
    with suppress(AttributeError, OSError):  # Linux alone; and it may be more than the user is allowed
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _environment() -> dict[str, str]:
    needed = {name: value for name, value in os.environ.items() if name in _NEEDED or name.startswith(_NEEDED_PREFIXES)}
    return {"GLIBC_TUNABLES": TUNABLES, **needed, "PYTHONPATH": python_path(), "OMP_NUM_THREADS": "1"}


def python_path() -> str:
    """A PYTHONPATH by which a process imports the same code as this one, installed or not."""
    root = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join((root, inherited)) if inherited else root
