"""What firsthand stands on is known, allowed and without known holes; and the check of it can fail."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.audit import LIST, Advisory, Known, Record, agrees, choices, installed, newer, normal, problems, read

RECORD = read()
FOUND = installed()
NAMED = "brotli"


def told(record: Record) -> str:
    return "\n".join(problems(record, FOUND))


def test_everything_that_is_installed_with_us_is_known_allowed_and_without_known_holes() -> None:
    assert told(RECORD) == ""
    assert len(FOUND) > 50


def test_a_package_that_is_not_listed_is_told() -> None:
    without = {name: known for name, known in RECORD.packages.items() if name != NAMED}
    assert f"{NAMED} {FOUND[NAMED].version} is not in" in told(replace(RECORD, packages=without))


def test_a_licence_that_is_not_allowed_or_has_changed_is_told() -> None:
    relicensed = RECORD.packages | {NAMED: Known("1.2.1", "AGPL-3.0-only", "")}
    said = told(replace(RECORD, packages=relicensed))
    assert f"{NAMED} is under AGPL-3.0-only" in said
    assert f"{NAMED} {FOUND[NAMED].version} says its licence is" in said


def test_a_hole_in_what_is_installed_and_a_bound_that_allows_it_are_told() -> None:
    hole = Advisory(NAMED, "CVE-0000-1", "99.0", "reached", "https://example.org")
    said = told(replace(RECORD, advisories=(hole,)))
    assert f"{NAMED} {FOUND[NAMED].version} has CVE-0000-1: pip install '{NAMED}>=99.0'" in said
    assert f"setup.py allows {NAMED} with CVE-0000-1: raise its bound to 99.0" in said


def test_a_script_of_another_release_in_the_report_is_told() -> None:
    said = told(replace(RECORD, vendored={**RECORD.vendored, "d3": Known("7.0.0", "ISC", "")}))
    assert "d3 7.9.2 lies in the report, dependencies.toml has 7.0.0" in said


def test_a_later_release_than_the_one_looked_at_is_no_problem_but_is_named() -> None:
    looked = RECORD.packages | {NAMED: Known("0.1", "MIT", "")}
    assert newer(replace(RECORD, packages=looked), FOUND)[0].startswith(f"{NAMED} 0.1 → ")


def test_every_advisory_says_what_it_means_for_us() -> None:
    assert all(hole.reached.startswith(("reached", "not reached")) for hole in RECORD.advisories)
    assert len({(hole.package, hole.id) for hole in RECORD.advisories}) == len(RECORD.advisories)
    assert all(normal(name) == name for name in RECORD.packages)


def test_every_advisory_names_the_page_it_was_seen_on() -> None:
    seen = re.compile(r"https://[\w./-]+/[\w./-]+|CHANGELOG of \S+ \d\S*")
    assert [hole.id for hole in RECORD.advisories if not seen.fullmatch(hole.source)] == []


def test_an_advisory_without_a_source_cannot_be_read(tmp_path: Path) -> None:
    text = LIST.read_text(encoding="utf-8")
    cut = tmp_path / "dependencies.toml"
    cut.write_text(text[: text.rindex("source = ")], encoding="utf-8")
    with pytest.raises(TypeError, match="source"):
        read(cut)


@pytest.mark.parametrize(
    ("licence", "ways"),
    [
        ("MIT", [{"MIT"}]),
        ("MIT AND ISC", [{"MIT", "ISC"}]),
        ("MPL-1.1 OR GPL-2.0-only", [{"MPL-1.1"}, {"GPL-2.0-only"}]),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", [{"MPL-2.0", "Apache-2.0"}, {"MPL-2.0", "MIT"}]),
    ],
)
def test_one_may_choose_where_an_expression_says_or(licence: str, ways: list[set[str]]) -> None:
    assert list(choices(licence)) == ways


def test_words_of_a_distribution_are_compared_by_family() -> None:
    assert agrees("PSF-2.0", "License :: OSI Approved :: Python Software Foundation License")
    assert agrees("MIT", "")
    assert not agrees("MIT", "License :: OSI Approved :: GNU Affero General Public License v3")
