"""Extraction in a child that can be killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import running
from transforms.errors import FirsthandError
from transforms.extract.extractor import Extractor, ExtractParams
from transforms.extract.frames import JsonObject
from transforms.extract.process import ChildProcess, Limits
from transforms.records import Extraction, Origin, Page
from transforms.rejection import Reason, Rejection

ROOT = Path(__file__).parents[2]
CHILD = "transforms.extract.child"
LIMITS = Limits(time_s=10, memory_mb=1024)
SENTENCE = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. "
GOOD = f"<html><head><title>t</title></head><body><article><p>{SENTENCE * 5}</p></article></body></html>".encode()
# Depth makes the rescue's tree walk quadratic: more than ten seconds of CPU time.
ENDLESS = b"<html><body>" + b"<div>" * 100_000 + b"<p>word</p>"
# 300,000 links need more than a gibibyte in trafilatura.
HUGE = b"<html><body>" + b'<a href="x">word word</a> ' * 300_000


def page(body: bytes) -> Page:
    origin = Origin("crawl.warc.gz", "crawl", 0, 0, "", "response", "https://example.org/")
    headers = (("tdm-reservation", "1"),)
    return Page(origin, "2024-06-01T00:00:00Z", "", headers, "text/html", "utf-8", "", body)


def request() -> JsonObject:
    return {"url": "", "headers": [], "charset": "", "fetched": ""}


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess("fast", LIMITS)
    yield process
    process.end()


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as running:
        yield running


def test_a_page_becomes_an_extraction(extractor: Extractor) -> None:
    outcome = extractor.extract(page(GOOD))
    assert isinstance(outcome, Extraction)
    assert outcome.text == (SENTENCE * 5).strip()
    assert outcome.rights == ("tdm-reservation",)


def test_a_page_without_text_is_rejected(extractor: Extractor) -> None:
    assert extractor.extract(page(b"<html></html>")) == Rejection(Reason.NO_TEXT, "no main text")


def test_a_body_larger_than_any_pipe_buffer_gets_through(extractor: Extractor) -> None:
    outcome = extractor.extract(page(GOOD.replace(b"<article>", b"<!--" + b"x" * 5_000_000 + b"--><article>")))
    assert isinstance(outcome, Extraction)
    assert outcome.text == (SENTENCE * 5).strip()


def test_a_page_that_overruns_its_time_costs_that_page() -> None:
    with Extractor(ExtractParams(time_limit_s=0.5)) as extractor:
        assert extractor.extract(page(ENDLESS)) == Rejection(Reason.TIMEOUT, "more than 0.5 s of CPU time")
        spent = extractor.cpu_seconds
        assert 0.5 <= spent < 2.5
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        assert extractor.cpu_seconds > spent


def test_a_page_that_overruns_its_memory_costs_that_page() -> None:
    with Extractor(ExtractParams(memory_limit_mb=256)) as extractor:
        assert extractor.extract(page(HUGE)) == Rejection(Reason.PARSER_CRASH, "more than 256 MiB of memory")
        assert isinstance(extractor.extract(page(GOOD)), Extraction)


def test_an_error_in_the_extractor_costs_that_page_and_quotes_nothing() -> None:
    with Extractor(ExtractParams(extractor="no such mode")) as extractor:
        assert extractor.extract(page(GOOD)) == Rejection(Reason.EXTRACTION_ERROR, "ValueError")


def test_a_killed_child_is_a_crash_with_its_signal(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGSEGV)
    with pytest.raises((EOFError, OSError)):
        child.ask(request(), GOOD)
    assert child.end(kill=False) == -signal.SIGSEGV


def test_a_stopped_child_is_given_up() -> None:
    child = ChildProcess("fast", Limits(time_s=0.1, memory_mb=1024))
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        child.ask(request(), GOOD)
    assert child.end() == -signal.SIGKILL


def test_a_stopped_child_that_does_not_even_read_is_given_up() -> None:
    child = ChildProcess("fast", Limits(time_s=0.1, memory_mb=1024))
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        child.ask(request(), b"x" * 5_000_000)
    assert child.end() == -signal.SIGKILL


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_page_is_not_blamed_for_a_child_that_died_before_it() -> None:
    others = set(running(os.getpid(), CHILD))
    with Extractor() as extractor:
        for _ in range(2):
            assert isinstance(extractor.extract(page(GOOD)), Extraction)
            (idle,) = set(running(os.getpid(), CHILD)) - others
            os.kill(idle, signal.SIGSEGV)
            os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_page_whose_child_is_killed_from_outside_is_tried_again() -> None:
    others = set(running(os.getpid(), CHILD))
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        (busy,) = set(running(os.getpid(), CHILD)) - others
        os.kill(busy, signal.SIGSTOP)
        outcome = pool.submit(extractor.extract, page(GOOD))
        os.kill(busy, signal.SIGKILL)
        assert isinstance(outcome.result(), Extraction)


def test_the_child_ignores_ctrl_c(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGINT)
    assert "extraction" in child.ask(request(), GOOD)[0]


def test_nothing_the_child_prints_can_leave(child: ChildProcess) -> None:
    assert os.readlink(f"/proc/{child.pid}/fd/2") == os.devnull
    assert os.readlink(f"/proc/{child.pid}/fd/1") == os.devnull


def test_a_child_that_cannot_start_is_an_error_with_a_cure() -> None:
    with pytest.raises(FirsthandError, match=r"memory_limit_mb = 1 is enough"):
        ChildProcess("fast", Limits(time_s=1, memory_mb=1))


def test_the_child_starts_with_the_first_page() -> None:
    with Extractor() as extractor:
        assert extractor.cpu_seconds == 0
        extractor.extract(page(GOOD))
        assert extractor.cpu_seconds > 0


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd_open, which is Linux's")
@pytest.mark.parametrize("body", [b"", ENDLESS], ids=["idle", "busy"])
def test_the_child_does_not_outlive_a_killed_parent(body: bytes) -> None:
    program = (
        "import sys\n"
        "from transforms.extract.process import ChildProcess, Limits\n"
        "child = ChildProcess('fast', Limits(time_s=0.5, memory_mb=1024))\n"
        "print(child.pid, flush=True)\n"
        "body = sys.stdin.buffer.read()\n"
        "child.ask({'url': '', 'headers': [], 'charset': '', 'fetched': ''}, body)\n"
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


def test_all_problems_are_told_at_once() -> None:
    params = ExtractParams(extractor="best", time_limit_s=0, memory_limit_mb=10)
    assert len(params.problems()) == 3
    assert "'best'" in params.problems()[0]
    assert ExtractParams().problems() == []


def test_a_child_that_died_between_two_pages_can_be_ended(child: ChildProcess) -> None:
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert child.end() == -signal.SIGKILL
    assert child.cpu_seconds > 0


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_child_killed_while_it_starts_is_started_again() -> None:
    others = set(running(os.getpid(), CHILD))
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        killed = pool.submit(kill_next_child, others)
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        assert killed.result(timeout=0) not in running(os.getpid(), CHILD)


def kill_next_child(others: set[int]) -> int:
    """The process id of the next child but these, killed long before it can have imported its parsers."""
    while True:
        for pid in running(os.getpid(), CHILD):
            if pid not in others:
                os.kill(pid, signal.SIGKILL)
                return pid
