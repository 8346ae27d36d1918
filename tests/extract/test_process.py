"""The child in which pages are parsed, seen from its parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.extract.pages import ENDLESS, GOOD, LONG, ask
from transforms.errors import FirsthandError
from transforms.extract.process import ChildProcess, Limits

ROOT = Path(__file__).parents[2]
LIMITS = Limits(time_s=10, memory_mb=1024)


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess("fast", LIMITS)
    yield process
    process.end()


def test_a_killed_child_is_a_crash_with_its_signal(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGSEGV)
    with pytest.raises((EOFError, OSError)):
        ask(child, GOOD)
    assert child.end(kill=False) == -signal.SIGSEGV


def test_a_stopped_child_is_given_up() -> None:
    child = ChildProcess("fast", Limits(time_s=0.1, memory_mb=1024))
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        ask(child, GOOD)
    assert child.end() == -signal.SIGKILL


def test_a_stopped_child_that_does_not_even_read_is_given_up() -> None:
    child = ChildProcess("fast", Limits(time_s=0.1, memory_mb=1024))
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        ask(child, LONG)
    assert child.end() == -signal.SIGKILL


def test_a_child_that_died_between_two_pages_can_be_ended(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert child.end() == -signal.SIGKILL
    assert child.cpu_seconds > 0


def test_the_child_ignores_ctrl_c(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGINT)
    assert "extraction" in ask(child, GOOD)


def test_nothing_the_child_prints_can_leave(child: ChildProcess) -> None:
    assert os.readlink(f"/proc/{child.pid}/fd/2") == os.devnull
    assert os.readlink(f"/proc/{child.pid}/fd/1") == os.devnull


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_child_is_told_nothing_of_accounts_and_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "PIPELINE_OPTIONS", "MY_TOKEN"):
        monkeypatch.setenv(name, "TOPSECRET")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    process = ChildProcess("fast", LIMITS)
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    process.end()
    assert b"TOPSECRET" not in environment
    assert {b"OMP_NUM_THREADS=1", b"LC_ALL=C.UTF-8"} < set(environment.split(b"\0"))


def test_a_child_that_cannot_start_is_an_error_with_a_cure() -> None:
    with pytest.raises(FirsthandError, match=r"memory_limit_mb = 1 is enough"):
        ChildProcess("fast", Limits(time_s=1, memory_mb=1))


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd_open, which is Linux's")
@pytest.mark.parametrize("body", [b"", ENDLESS], ids=["idle", "busy"])
def test_the_child_does_not_outlive_a_killed_parent(body: bytes) -> None:
    program = (
        "import sys\n"
        "from transforms.extract.process import ChildProcess, Limits\n"
        "child = ChildProcess('fast', Limits(time_s=0.5, memory_mb=1024))\n"
        "print(child.pid, flush=True)\n"
        "body = sys.stdin.buffer.read()\n"
        "list(child.ask([{'url': '', 'headers': [], 'charset': '', 'fetched': ''}], [body]))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdin
    assert parent.stdout
    with parent:
        orphan = os.pidfd_open(int(parent.stdout.readline()))
        if body:
            parent.stdin.write(body)
            parent.stdin.close()
        parent.kill()
        ended = select.poll()
        ended.register(orphan, select.POLLIN)
        assert ended.poll(30_000)
        os.close(orphan)
