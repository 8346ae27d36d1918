"""Tables go between their markers; the prose around them stays."""

from __future__ import annotations

import re

import pytest

from training.mixture.__main__ import CASES, PAGE
from training.mixture.declared import Outcome
from training.mixture.page import fill
from training.mixture.plot import FILE, draw
from training.mixture.pool import Pool
from training.mixture.route import Route
from training.mixture.rules import DEFAULT
from training.mixture.settings import FAMILY, REGISTERS, SETTINGS
from training.mixture.tables import Study, tables
from training.mixture.trials import Effort, try_share
from transforms.errors import InputError

OUTCOME = Outcome(0.5, 0.25, 0.1, 3.9, 0.8, 4.0, 0.9, 0.5, 1.0)


@pytest.fixture(scope="module")
def study(route: Route, pool: Pool) -> Study:
    """The known corpus in the place of every setting."""
    results = {share: try_share(route, pool, share, FAMILY.rules(), Effort(1, 2)) for share in (0.05, 0.2, 0.4, 0.8)}
    return dict.fromkeys(SETTINGS, results)


def test_every_table_that_the_page_asks_for_is_made(study: Study) -> None:
    found = tables(study, {CASES[0]: {DEFAULT: OUTCOME}})
    page = PAGE.read_text(encoding="utf-8")
    asked = re.findall(r"<!-- table: ([\w-]+) -->", page)
    assert sorted(asked) == sorted(found)
    for table in found.values():
        lines = table.splitlines()
        assert len({line.count("|") for line in lines}) == 1
    assert fill(fill(page, found), found) == fill(page, found)


def test_prose_around_a_table_stays() -> None:
    page = "before\n<!-- table: a-1 -->\n| old |\n<!-- end -->\nafter <!-- end -->\n"
    assert fill(page, {"a-1": "| new |\n"}) == page.replace("old", "new")


def test_a_table_that_there_is_not_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(InputError, match="'b', expected one of a"):
        fill("<!-- table: b -->\n<!-- end -->\n", {"a": ""})


def test_the_figure_is_the_same_bytes_each_time(study: Study, tmp_path_factory: pytest.TempPathFactory) -> None:
    first, again = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    for directory in (first, again):
        draw(study[FAMILY], study[REGISTERS], directory)
    assert (first / FILE).read_bytes() == (again / FILE).read_bytes()
    assert (first / FILE).read_bytes().count(b"<use") > 40  # fifteen lines of four marks
