"""What firsthand stands on is known, allowed and without known holes; and the check of it can fail."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from deploy.audit import (
    LIST,
    Advisory,
    Known,
    Record,
    agrees,
    choices,
    holes,
    installed,
    is_allowed,
    mistakes,
    newer,
    normal,
    problems,
    read,
    unseen,
)

RECORD = read()
FOUND = installed()
NAMED = "brotli"


def told(record: Record) -> str:
    return "\n".join(problems(record, FOUND))


def distributed(folder: Path, licence: str) -> Distribution:
    """A package that says this of its licence, in lines of its METADATA."""
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: new\nVersion: 1.0\n{licence}\n", encoding="utf-8")
    return Distribution.at(folder)


def test_the_list_is_right_and_what_is_installed_with_us_is_without_known_holes() -> None:
    assert list(mistakes(RECORD)) == []
    assert list(holes(RECORD, FOUND)) == []
    assert len(FOUND) > 50


@pytest.mark.parametrize(
    "licence",
    [
        "License-Expression: MIT OR GPL-3.0-only",
        "License: Apache 2.0",
        "Classifier: License :: OSI Approved :: BSD License\nLicense: see LICENSE",
    ],
)
def test_a_package_that_is_not_listed_is_told_and_no_problem_if_its_licence_is_allowed(
    licence: str, tmp_path: Path
) -> None:
    new = distributed(tmp_path, licence)
    ((line, allowed),) = unseen(RECORD, {"new": new})
    assert line.startswith("new 1.0 says its licence is ")
    assert "is not in dependencies.toml" in line
    assert allowed
    assert list(problems(RECORD, {"new": new})) == []


@pytest.mark.parametrize(
    "licence",
    [
        "",
        "License: see LICENSE",
        "License-Expression: MIT AND AGPL-3.0-only",
        "License: MIT\nClassifier: License :: OSI Approved :: GNU Affero General Public License v3",
        "Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: Other/Proprietary License",
    ],
)
def test_a_package_that_is_not_listed_is_a_problem_if_its_licence_is_not_allowed_or_not_told(
    licence: str, tmp_path: Path
) -> None:
    new = distributed(tmp_path, licence)
    assert not is_allowed(new.metadata, RECORD.allowed)
    assert [line.partition(" says ")[0] for line in problems(RECORD, {"new": new})] == ["new 1.0"]


def test_a_licence_of_the_list_that_is_not_allowed_is_told() -> None:
    relicensed = {**RECORD.packages, NAMED: Known("1.2.1", "AGPL-3.0-only", "")}
    assert f"{NAMED} is under AGPL-3.0-only" in told(replace(RECORD, packages=relicensed))


def test_a_licence_that_has_changed_is_told_and_a_problem_unless_it_is_allowed(tmp_path: Path) -> None:
    record = replace(RECORD, packages={**RECORD.packages, "new": Known("1.0", "MIT", "")})
    free = distributed(tmp_path, "License-Expression: ISC")
    assert [allowed for _, allowed in unseen(record, {"new": free})] == [True]
    closed = distributed(tmp_path, "License-Expression: AGPL-3.0-only")
    assert "new 1.0 says its licence is 'AGPL-3.0-only', the list MIT: look at it" in list(
        problems(record, {"new": closed})
    )


def test_a_hole_in_what_is_installed_and_a_bound_that_allows_it_are_told() -> None:
    hole = Advisory(NAMED, "CVE-0000-1", "99.0", "reached", "https://example.org")
    said = told(replace(RECORD, advisories=(hole,)))
    assert f"{NAMED} {FOUND[NAMED].version} has CVE-0000-1: pip install '{NAMED}>=99.0'" in said
    assert f"setup.py allows {NAMED} with CVE-0000-1: raise its bound to 99.0" in said


def test_a_script_of_another_release_in_the_report_is_told() -> None:
    said = told(replace(RECORD, vendored={**RECORD.vendored, "d3": Known("7.0.0", "ISC", "")}))
    assert "d3 7.9.2 lies in the report, dependencies.toml has 7.0.0" in said


def test_a_later_release_than_the_one_looked_at_is_no_problem_but_is_named() -> None:
    looked = {**RECORD.packages, NAMED: Known("0.1", "MIT", "")}
    assert any(line.startswith(f"{NAMED} 0.1 → ") for line in newer(replace(RECORD, packages=looked), FOUND))


def test_every_advisory_says_what_it_means_for_us() -> None:
    assert all(hole.reached.startswith(("reached", "not reached")) for hole in RECORD.advisories)
    assert len({(hole.package, hole.id) for hole in RECORD.advisories}) == len(RECORD.advisories)
    assert all(normal(name) == name for name in RECORD.packages)


REGISTERS = (
    "https://github.com/CVEProject/cvelistV5/blob/main/cves/",
    "https://github.com/advisories/GHSA-",
    "https://github.com/github/advisory-database/",
    "https://github.com/pypa/advisory-database/",
    "https://nvd.nist.gov/vuln/detail/CVE-",
    "https://osv.dev/",
    "https://seclists.org/oss-sec/",
    "https://tenable.com/cve/CVE-",
    "https://www.tenable.com/cve/CVE-",
)


def test_every_advisory_names_a_page_of_a_register_of_holes_or_of_the_package_itself() -> None:
    for hole in RECORD.advisories:
        its_own = (f"https://github.com/{hole.package}/{hole.package}/", f"https://{hole.package}.readthedocs.io/")
        assert hole.source.startswith(REGISTERS + its_own), (hole.id, hole.source)


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
