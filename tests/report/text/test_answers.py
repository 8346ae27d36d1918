"""The answer to a query on a terminal, in a pipe, for a program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.queries import Answer
from transforms.report.text.answers import aligned, json_lines, tab_separated
from transforms.terminal import columns

EVIL = "a\tb\r\nc\x1b[31m\u202ed"


def answer(names: tuple[str, ...], *rows: tuple[object, ...]) -> Answer:
    return Answer(names, iter(rows))


def test_numbers_stand_at_the_right_and_names_at_the_left() -> None:
    found = answer(("language", "pages"), ("en", 1234), ("German", 5), ("", None))
    assert list(aligned(found, 80)) == ["language  pages", "en         1234", "German        5", ""]


def test_people_get_six_digits_and_programs_all() -> None:
    rows = [(0.1033235490322113, 1234567.0, float("nan"))]
    assert list(aligned(Answer(("a", "b", "c"), iter(rows)), 80))[1] == "0.103324  1.23457e+06  nan"
    assert list(tab_separated(Answer(("a", "b", "c"), iter(rows))))[1] == "0.1033235490322113\t1234567.0\tnan"


def test_the_widest_columns_give_way() -> None:
    found = answer(("a", "b", "c"), ("x" * 100, "y" * 50, "z"))
    (_, row) = aligned(found, 40)
    assert row == f"{'x' * 16}…  {'y' * 16}…  z"


def test_a_row_of_many_columns_is_a_block() -> None:
    names = tuple(f"column{i}" for i in range(9))
    assert list(aligned(answer(names, tuple(range(9))), 80))[:3] == ["row 1", "  column0  0", "  column1  1"]


def test_a_pipe_gets_whole_values_on_one_line() -> None:
    found = answer(("text", "n"), ("x" * 10_000, 1.5), (EVIL, None), ([{"a": 1}], True))
    assert list(tab_separated(found)) == ["text\tn", f"{'x' * 10_000}\t1.5", "a b c[31md\t", '[{"a": 1}]\ttrue']


def test_a_program_gets_an_object_a_row() -> None:
    found = answer(("text", "n"), (EVIL, None), ("b", 2))
    assert [json.loads(line) for line in json_lines(found)] == [{"text": EVIL, "n": None}, {"text": "b", "n": 2}]


@pytest.mark.parametrize("show", [lambda found: aligned(found, 80), tab_separated, json_lines])
def test_rows_are_not_gathered_before_they_are_shown(show: Callable[[Answer], Iterable[str]]) -> None:
    taken: list[int] = []

    def rows() -> Iterator[tuple[object, ...]]:
        for i in range(100_000):
            taken.append(i)
            yield (i,)

    next(iter(show(Answer(("i",), rows()))))
    assert len(taken) <= 200


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=9), st.integers(72, 120))
def test_no_line_of_a_table_is_too_wide_or_more_than_a_line(values: list[str], width: int) -> None:
    names = tuple(f"{i}{value}" for i, value in enumerate(values))
    shown = list(aligned(Answer(names, iter([tuple(values)] * 2)), width))
    assert max(map(columns, shown)) <= width
    assert not any(c in line for line in shown for c in "\n\r\x1b\u202e\u2028")
