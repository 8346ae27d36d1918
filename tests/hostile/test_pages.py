"""Hostile pages end as clean text or as a rejection that says why; `python -m benchmarks.hostile` takes large ones."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator

import pytest

from tests.hostile.pages.every import MAKERS, hostile
from transforms.extract.extractor import Extractor, ExtractParams
from transforms.read.chain import SplitReport
from transforms.read.params import ReadParams
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Extraction, Origin, Page
from transforms.rejection import Reason, RejectedRecord, Rejection

SMALL, LARGE = 1 << 12, 1 << 17
LIMITS = ExtractParams(time_limit_s=1, memory_limit_mb=512)
FEW = 8
# C0 and C1 controls but tab and newline, lone surrogates, byte order marks, noncharacters.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(LIMITS) as running:
        yield running


def outcomes(extractor: Extractor, name: str, size: int) -> list[tuple[Origin, Extraction | Rejection]]:
    """What becomes of each thing found in the archive of a page."""
    record = hostile(name, size).record()
    found: list[tuple[Origin, Extraction | Rejection]] = []
    for item in read_split(io.BytesIO(record), Split(name, name, len(record), 0, len(record), None), ReadParams()):
        if isinstance(item, Page):
            found.append((item.origin, extractor.extract(item)))
        elif isinstance(item, RejectedRecord):
            found.append((item.origin, item.rejection))
        else:
            assert isinstance(item, SplitReport)
            assert item.records + item.gaps == len(found)
    return found


def assert_clean(origin: Origin, outcome: Extraction | Rejection) -> None:
    assert origin.target_uri.encode("utf-8").decode("utf-8") == origin.target_uri
    if isinstance(outcome, Rejection):
        assert len(outcome.detail) <= 300
        return
    strings = [outcome.text, outcome.title, outcome.published, *outcome.rights]
    strings += [said.detail for said in outcome.declarations]
    assert not any(UNWANTED.search(string) for string in strings)
    assert len(outcome.title) <= 500
    assert len(outcome.declarations) <= 100
    assert all(len(said.detail) <= 200 for said in outcome.declarations)


@pytest.mark.parametrize("name", MAKERS)
def test_a_hostile_page_is_clean_text_or_a_rejection(name: str, extractor: Extractor) -> None:
    found = outcomes(extractor, name, SMALL)
    assert found
    for origin, outcome in found:
        assert_clean(origin, outcome)


@pytest.mark.parametrize("name", random.Random(6).sample(sorted(MAKERS), FEW))
def test_a_larger_one_costs_itself_alone(name: str, extractor: Extractor) -> None:
    for origin, outcome in outcomes(extractor, name, LARGE):
        assert_clean(origin, outcome)
    (after,) = outcomes(extractor, "text_that_says_it_is_brotli", SMALL)
    assert isinstance(after[1], Extraction)


@pytest.mark.parametrize("name", ["gzip_bomb", "deflate_bomb", "brotli_bomb", "zstd_bomb", "gzip_in_gzip_in_gzip"])
def test_a_bomb_goes_off_in_no_more_than_the_limit(name: str, extractor: Extractor) -> None:
    ((_, outcome),) = outcomes(extractor, name, 1 << 20)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.OVERSIZED


@pytest.mark.parametrize("name", ["entity_of_a_file", "inclusion_of_a_file", "billion_laughs"])
def test_no_entity_is_followed(name: str, extractor: Extractor) -> None:
    ((_, outcome),) = outcomes(extractor, name, SMALL)
    assert isinstance(outcome, Extraction)
    assert "root:" not in outcome.text
    assert "haha" not in outcome.text


def test_markup_too_deep_costs_its_time_and_no_more() -> None:
    with Extractor(ExtractParams(time_limit_s=0.5)) as extractor:
        assert [outcome for _, outcome in outcomes(extractor, "nested_divisions", 1 << 19)] == [
            Rejection(Reason.TIMEOUT, "more than 0.5 s of CPU time")
        ]


def test_a_page_is_the_same_every_time() -> None:
    assert all(hostile(name, SMALL) == hostile(name, SMALL) for name in MAKERS)
