"""Rows by chance."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.errors import UsageError
from transforms.report.folder import Folder
from transforms.report.pages import MOST_CHARACTERS
from transforms.report.samples import read_sample

MakeOutput = Callable[..., Path]
ROWS = [{"id": f"{i:02}", "language": "en" if i % 2 else "de", "text": f"text {i}"} for i in range(20)]


def ids(output: Path, rows: int, seed: int = 0, where: str | None = None) -> list[str]:
    return [page.line.id for page in read_sample(Folder(str(output)), rows, seed=seed, where=where)]


def test_a_sample_is_the_rows_with_the_smallest_hash_of_seed_and_id(make_output: MakeOutput) -> None:
    order = sorted(range(20), key=lambda i: hashlib.md5(f"7:{i:02}".encode()).hexdigest())
    assert ids(make_output([ROWS]), 5, seed=7) == [f"{i:02}" for i in order[:5]]


def test_a_sample_does_not_depend_on_the_order_of_rows_and_files(make_output: MakeOutput, tmp_path: Path) -> None:
    output = make_output([ROWS])
    whole = ids(output, 6)
    output.rename(tmp_path / "other")
    assert ids(make_output([ROWS[:3:-1], ROWS[:4]]), 6) == whole


def test_a_smaller_sample_is_the_beginning_of_a_larger_one_and_another_seed_gives_others(
    make_output: MakeOutput,
) -> None:
    output = make_output([ROWS[:7], ROWS[7:]])
    assert ids(output, 3) == ids(output, 10)[:3]
    assert ids(output, 10) != ids(output, 10, seed=1)
    assert sorted(ids(output, 100)) == sorted(str(row["id"]) for row in ROWS)


def test_a_condition_chooses_among_the_rows(make_output: MakeOutput) -> None:
    output = make_output([ROWS[:7], ROWS[7:]])
    found = ids(output, 100, where="language = 'de' -- and no more")
    assert sorted(found) == [f"{i:02}" for i in range(0, 20, 2)]
    assert ids(output, 1, where="text LIKE '%13'") == ["13"]
    assert ids(output, 1, where="false") == []


def test_a_condition_that_is_none_is_a_mistake_in_a_line(make_output: MakeOutput) -> None:
    with pytest.raises(UsageError, match=r'^--where: .*"nosuch" not found.*; corpus has text, id'):
        ids(make_output([ROWS]), 1, where="nosuch = 1")


def test_a_page_comes_with_its_text_which_is_cut(make_output: MakeOutput) -> None:
    sign = {"kind": "declared", "detail": "header", "log_ratio": 6.5}
    row = {
        "id": "1",
        "url": "u",
        "text": "é" * 5000,
        "date": "2024-05-01",
        "quality": 0.25,
        "duplicate_count": 2,
        "rights": ["noai"],
        "rules_failed": ["r"],
        "evidence": [sign],
    }
    (page,) = read_sample(Folder(str(make_output([[row]]))), 3)
    assert (page.text, page.cut, page.why_here) == ("é" * MOST_CHARACTERS, True, "at random")
    assert (page.date, page.quality, page.duplicate_count) == ("2024-05-01", 0.25, 2)
    assert (page.rights, page.rules_failed, page.line.evidence) == (("noai",), ("r",), (("declared", "header"),))


def test_an_empty_corpus_has_an_empty_sample(make_output: MakeOutput) -> None:
    assert ids(make_output([[]]), 3) == []
