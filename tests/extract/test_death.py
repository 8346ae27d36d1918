"""A child that dies: the page it had is tried again, unless it died of that page."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.extract.children import busy_child, children, end, next_child
from tests.extract.pages import ENDLESS, GOOD, HUGE, LONG, SLOW, ask, page
from transforms.extract.extractor import Extractor, ExtractParams
from transforms.extract.process import ChildProcess, Limits
from transforms.records import Extraction
from transforms.rejection import Reason, Rejection

Outcome = Extraction | Rejection

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def test_a_page_is_not_blamed_for_a_child_that_died_before_it() -> None:
    others = children()
    with Extractor() as extractor:
        for _ in range(2):
            assert isinstance(extractor.extract(page(GOOD)), Extraction)
            (idle,) = children() - others
            end(idle, signal.SIGSEGV)


def test_a_page_whose_new_child_is_killed_from_outside_is_tried_again() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        outcome = pool.submit(extractor.extract, page(SLOW))
        end(busy_child(others), signal.SIGKILL)
        assert isinstance(outcome.result(), Extraction)


def test_a_child_that_died_before_the_page_does_not_count_as_its_first() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        (idle,) = children() - others
        end(idle, signal.SIGKILL)
        outcome = pool.submit(extractor.extract, page(SLOW))
        end(busy_child({*others, idle}), signal.SIGKILL)
        assert isinstance(outcome.result(), Extraction)


def test_a_child_killed_while_it_starts_is_started_again() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        outcome = pool.submit(extractor.extract, page(GOOD))
        end(next_child(others), signal.SIGKILL)
        assert isinstance(outcome.result(), Extraction)


def test_a_child_ended_by_a_signal_without_a_name_costs_its_page() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        outcome = pool.submit(extractor.extract, page(SLOW))
        end(busy_child(others), 40)
        assert outcome.result() == Rejection(Reason.PARSER_CRASH, "ended by signal 40")
        assert isinstance(extractor.extract(page(GOOD)), Extraction)


def test_a_page_that_dies_late_is_told_the_same_of_in_a_new_child_and_in_an_old_one() -> None:
    # Enough for a death and not for two, the attempt in the old child and the one in a new. A busy machine takes up to
    # twice the CPU time for the same page, so not every try counts; where the limit were for both, none would do.
    limit = 1.6 * min(seconds_until_death(memory_mb=256) for _ in range(3))
    told = (told_in_a_new_and_in_an_old_child(limit) for _ in range(6))
    assert any(new == old == Rejection(Reason.PARSER_CRASH, "more than 256 MiB of memory") for new, old in told)


def told_in_a_new_and_in_an_old_child(time_limit_s: float) -> tuple[Outcome, Outcome]:
    """What is said of HUGE when it is a child's first page, and when it is not."""
    with Extractor(ExtractParams(time_limit_s=time_limit_s, memory_limit_mb=256)) as extractor:
        new = extractor.extract(page(HUGE))
        extractor.extract(page(GOOD))
        return new, extractor.extract(page(HUGE))


def seconds_until_death(*, memory_mb: int) -> float:
    """CPU seconds after which HUGE ends a new child."""
    child = ChildProcess("fast", Limits(time_s=10, memory_mb=memory_mb))
    before = child.cpu_seconds
    with pytest.raises(EOFError):
        ask(child, HUGE)
    child.end(kill=False)
    return child.cpu_seconds - before


def test_a_page_whose_child_was_stopped_is_tried_again() -> None:
    others = children()
    with Extractor(ExtractParams(time_limit_s=1)) as extractor:
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        (idle,) = children() - others
        os.kill(idle, signal.SIGSTOP)
        assert isinstance(extractor.extract(page(GOOD)), Extraction)


def test_of_a_page_whose_children_use_no_time_the_clock_is_told() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor(ExtractParams(time_limit_s=2)) as extractor:
        outcome = pool.submit(extractor.extract, page(SLOW))
        first = busy_child(others)
        os.kill(first, signal.SIGSTOP)
        os.kill(busy_child({*others, first}), signal.SIGSTOP)
        assert outcome.result() == Rejection(Reason.TIMEOUT, "no CPU time used in 1 s on the clock")


def texts(outcomes: list[Extraction | Rejection]) -> list[str]:
    return [outcome.text[:9] if isinstance(outcome, Extraction) else outcome.reason for outcome in outcomes]


@pytest.mark.parametrize("at", [0, 1, 3])
def test_of_pages_asked_for_together_the_one_that_kills_is_blamed(at: int) -> None:
    bodies = [GOOD, SLOW, b"<html></html>"]
    said = ["The ferry", "The ferry", Reason.NO_TEXT]
    bodies.insert(at, HUGE)
    said.insert(at, Reason.PARSER_CRASH)
    with Extractor(ExtractParams(memory_limit_mb=256)) as extractor:
        assert texts(extractor.extract_all([page(body) for body in bodies])) == said
        assert texts(extractor.extract_all([page(body) for body in bodies])) == said


def test_of_pages_asked_for_together_each_has_its_own_time() -> None:
    with Extractor(ExtractParams(time_limit_s=1.5)) as extractor:
        pages = [page(body) for body in (SLOW, SLOW, ENDLESS, SLOW, SLOW, GOOD)]
        found = extractor.extract_all(pages)
        assert texts(found) == ["The ferry", "The ferry", Reason.TIMEOUT, "The ferry", "The ferry", "The ferry"]
        assert found[2] == Rejection(Reason.TIMEOUT, "more than 1.5 s of CPU time")


def test_pages_are_tried_again_together_with_one_whose_child_was_killed_from_outside() -> None:
    others = children()
    with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
        outcomes = pool.submit(extractor.extract_all, [page(SLOW)] * 3)
        end(busy_child(others), signal.SIGKILL)
        assert texts(outcomes.result()) == ["The ferry"] * 3


def test_more_pages_may_be_asked_for_than_pipes_hold() -> None:
    with Extractor() as extractor:
        assert texts(extractor.extract_all([page(LONG), page(SLOW), page(LONG)])) == ["The ferry"] * 3
        assert extractor.extract_all([]) == []


def test_children_may_die_where_nobody_hears_of_the_death_of_children() -> None:
    others = children()
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with ThreadPoolExecutor(1) as pool, Extractor() as extractor:
            assert isinstance(extractor.extract(page(GOOD)), Extraction)
            (idle,) = children() - others
            end(idle, signal.SIGKILL)
            outcome = pool.submit(extractor.extract, page(SLOW))
            end(busy_child({*others, idle}), signal.SIGSEGV)
            assert outcome.result() == Rejection(Reason.PARSER_CRASH, "exit status 0")
            assert isinstance(extractor.extract(page(GOOD)), Extraction)
    finally:
        signal.signal(signal.SIGCHLD, before)
