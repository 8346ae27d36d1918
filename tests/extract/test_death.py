"""A child that dies: the page it had is tried again, unless it died of that page."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.extract.children import busy_child, children, end, next_child
from tests.extract.pages import GOOD, SLOW, page
from transforms.extract.extractor import Extractor
from transforms.records import Extraction

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
