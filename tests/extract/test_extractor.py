"""Extraction, seen from who asks for it: what pages become, and that a bad one costs that page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.extract.pages import ENDLESS, GOOD, HUGE, LONG, SENTENCE, page
from transforms.extract.extractor import Extractor, ExtractParams
from transforms.records import Extraction
from transforms.rejection import Reason, Rejection


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
    outcome = extractor.extract(page(LONG))
    assert isinstance(outcome, Extraction)
    assert outcome.text == (SENTENCE * 5).strip()


def test_a_page_that_overruns_its_time_costs_that_page() -> None:
    with Extractor(ExtractParams(time_limit_s=0.5)) as extractor:
        assert extractor.extract(page(ENDLESS)) == Rejection(Reason.TIMEOUT, "more than 0.5 s of CPU time")
        spent = extractor.cpu_seconds
        assert spent >= 0.5
        assert isinstance(extractor.extract(page(GOOD)), Extraction)
        assert extractor.cpu_seconds > spent


def test_a_page_that_overruns_its_memory_costs_that_page() -> None:
    with Extractor(ExtractParams(memory_limit_mb=256)) as extractor:
        assert extractor.extract(page(HUGE)) == Rejection(Reason.PARSER_CRASH, "more than 256 MiB of memory")
        assert isinstance(extractor.extract(page(GOOD)), Extraction)


def test_an_error_in_the_extractor_costs_that_page_and_quotes_nothing() -> None:
    with Extractor(ExtractParams(extractor="no such mode")) as extractor:
        assert extractor.extract(page(GOOD)) == Rejection(Reason.EXTRACTION_ERROR, "ValueError")


def test_the_child_starts_with_the_first_page() -> None:
    with Extractor() as extractor:
        assert extractor.cpu_seconds == 0
        extractor.extract(page(GOOD))
        assert extractor.cpu_seconds > 0


def test_all_problems_are_told_at_once() -> None:
    params = ExtractParams(extractor="best", time_limit_s=0, memory_limit_mb=10)
    assert len(params.problems()) == 3
    assert "'best'" in params.problems()[0]
    assert ExtractParams().problems() == []
