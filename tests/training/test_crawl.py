"""The judgement on a crawl leaves out what was learned, and says how old a page of unknown origin is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.crawl import Scored, beginning, kinds, table


def test_a_page_begins_alike_however_it_was_extracted() -> None:
    left = beginning(
        "The Mill.\n\nIt stands by the river, and the water rises to the second step of its stair each year."
    )
    right = beginning("the mill – it stands by the RIVER and the water rises to the second step of its stair, each…")
    assert left == right
    assert len(left) == 60


def test_pages_of_unknown_origin_are_split_at_the_epoch(tmp_path: Path) -> None:
    path = tmp_path / "pages.tsv"
    rows = [
        ("a", "2022-11-29", "human-or-unknown"),
        ("b", "2022-11-30", "human-or-unknown"),
        ("c", "", "human-or-unknown"),
        ("d", "2026-01-01", "machine-declared"),
    ]
    lines = ["url\tfetched_or_published_date\torigin", *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert kinds(path) == {
        "a": "human-or-unknown, before 2022-11-30",
        "b": "human-or-unknown, since 2022-11-30",
        "c": "human-or-unknown, undated",
        "d": "machine-declared",
    }


def test_the_table_counts_accusations_among_the_pages_that_were_judged() -> None:
    pages = [
        Scored("old", -1.0, 0.9),
        Scored("old", 3.0, 0.2),
        Scored("old", None, np.nan),
        Scored("new", None, np.nan),
    ]
    assert table(pages).splitlines()[2:] == ["| old | 3 | 1 | -0.80 | 1.00 | 2.80 | 1/2 |"]
