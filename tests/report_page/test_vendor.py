"""The files of other projects are those that their table of origin names, and safe to put into a page."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from deploy.vendor import REPORT, read_origin
from transforms.report.html.assets import LIBRARIES, LICENCES, licences, scripts, style

ROOT = Path(__file__).parent.parent.parent


def test_vendored_files_are_those_of_the_table() -> None:
    for package in read_origin(ROOT / REPORT / "origin.toml"):
        if package.use == "report":
            for _, name, digest in package.files:
                assert sha256((ROOT / REPORT / name).read_bytes()).hexdigest() == digest, name


def test_table_names_every_vendored_file() -> None:
    named = {name for package in read_origin(ROOT / REPORT / "origin.toml") for _, name, _ in package.files}
    lying = {path.name for path in (ROOT / REPORT).iterdir()} - {"origin.toml"}
    assert lying == named - {"axe.min.js"}
    assert {f"vendor/{name}" for name in lying} == {*LIBRARIES, *LICENCES}


def test_no_script_or_style_can_end_its_element() -> None:
    for source in (*(text for _, text in scripts()), style()):
        assert not re.search(r"</(script|style)|<!--", source, re.IGNORECASE)


def test_licences_of_the_libraries_ask_for_their_notice() -> None:
    notice = re.compile(
        r"permission notice (appear|shall be included) in all copies|must reproduce the above copyright|"
        r"released into the public domain"
    )
    assert all(notice.search(" ".join(text.split())) for _, text in licences())


def test_what_the_scripts_bundle_has_its_licence_in_the_report() -> None:
    holders = {
        "interval-tree-1d": "Mikola Lysenko",
        "binary-search-bounds": "Mikola Lysenko",
        "isoformat": "Mike Bostock",
        "internmap": "Mike Bostock",
        "delaunator": "Mapbox",
        "robust-predicates": "public domain",
        "d3-ease": "Robert Penner",
        "d3-geo": "Charles Karney",
        "d3-scale-chromatic": "Cynthia Brewer",
    }
    shown = dict(licences())
    assert {name for name, holder in holders.items() if holder in shown[name]} == set(holders)
    assert shown.keys() - holders.keys() == {"d3", "plot"}
