"""The best copy is kept."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.blocks import MEMBER, Block
from transforms.dedup.keeper import judge

DATES = ("", "2019-03-01T00:00:00Z", "2022-11-29T23:59:59Z", "2022-11-30T00:00:00Z")
# (component, text, date, quality); the text belongs to one component; the id is the position.
Pages = list[tuple[int, int, str, float]]
PAGES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(DATES), st.sampled_from([0.0, 0.25, 1.0])),
    min_size=1,
    max_size=12,
)


def members(pages: Pages, ids: list[int] | None = None) -> Block:
    rows = np.zeros(len(pages), dtype=MEMBER)
    rows["id_low"] = ids if ids is not None else range(len(pages))
    rows["ref"] = range(len(pages))
    for index, (component, text, date, quality) in enumerate(pages):
        rows["component"][index], rows["text_low"][index] = component, 10 * component + text
        rows["date"][index], rows["quality"][index] = date.encode(), quality
    return rows


def slow_keeper(pages: Pages, component: int) -> int:
    """Position of the best page: dates first, undated last, higher quality, smaller id."""
    order = [(date or "9999", -quality, i) for i, (c, _, date, quality) in enumerate(pages) if c == component]
    return min(order)[2]


@given(PAGES)
@settings(deadline=None)
def test_verdicts_are_those_of_sorting_page_by_page(pages: Pages) -> None:
    verdicts = judge(members(pages))
    for index, (component, text, _, _) in enumerate(pages):
        keeper = slow_keeper(pages, component)
        mates = [i for i, page in enumerate(pages) if page[0] == component]
        dates = [pages[i][2] for i in mates if pages[i][1] == text and pages[i][2]]
        assert verdicts.keep[index] == (index == keeper)
        assert verdicts.exact[index] == (index != keeper and pages[keeper][1] == text)
        assert int(verdicts.keeper_id[index], 16) == keeper
        assert int(verdicts.component_id[index], 16) == mates[0]
        assert verdicts.duplicate_count[index] == len(mates)
        assert verdicts.first_seen[index].decode() == min(dates, default="")


@given(PAGES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_verdicts_do_not_depend_on_order(pages: Pages, random: Random) -> None:
    rows = members(pages)
    order = list(range(len(pages)))
    random.shuffle(order)
    straight, shuffled = judge(rows), judge(rows[order])
    for name in ("row", "keep", "exact", "keeper_id", "component_id", "first_seen", "duplicate_count"):
        assert getattr(straight.take(np.array(order)), name).tolist() == getattr(shuffled, name).tolist()


def test_older_copy_wins_over_a_cleaner_one_and_a_dated_one_over_an_undated() -> None:
    verdicts = judge(
        members([(1, 1, "", 1.0), (1, 1, "2023-01-01T00:00:00Z", 0.9), (1, 1, "2020-01-01T00:00:00Z", 0.1)])
    )
    assert verdicts.keep.tolist() == [False, False, True]


def test_quality_decides_between_copies_of_one_date_and_the_id_between_equals() -> None:
    assert judge(members([(1, 1, "", 0.2), (1, 1, "", 0.8)])).keep.tolist() == [False, True]
    assert judge(members([(1, 1, "", 0.5), (1, 1, "", 0.5)], ids=[9, 4])).keep.tolist() == [False, True]


def test_page_without_a_number_for_quality_is_the_worst() -> None:
    assert judge(members([(1, 1, "", float("nan")), (1, 1, "", 0.0)])).keep.tolist() == [False, True]


def test_first_seen_is_of_the_same_text_and_not_of_a_near_copy() -> None:
    verdicts = judge(members([(1, 1, DATES[1], 0.5), (1, 2, DATES[3], 0.5), (1, 2, DATES[2], 0.5)]))
    assert [seen.decode() for seen in verdicts.first_seen] == [DATES[1], DATES[2], DATES[2]]


def test_verdicts_tell_exact_from_near_copies_and_name_keeper_and_component() -> None:
    verdicts = judge(members([(1, 1, DATES[2], 0.5), (1, 1, DATES[1], 0.5), (1, 2, "", 0.5)], ids=[3, 10, 255]))
    assert verdicts.exact.tolist() == [True, False, False]
    assert set(verdicts.keeper_id.tolist()) == {f"{10:032x}".encode()}
    assert set(verdicts.component_id.tolist()) == {f"{3:032x}".encode()}
