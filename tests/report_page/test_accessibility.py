"""What axe-core, the accessibility checker that browsers' own tools use, finds in the report: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.vendor import TESTS
from tests.report_page.conftest import Open
from tests.report_page.stories import hostile_pages, hostile_story, reader_page, story
from transforms.report.page import report_html

SOURCES = {
    "sound": report_html(story(), tuple(reader_page(number) for number in range(6))),
    "hostile": report_html(hostile_story(), hostile_pages()),
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def axe() -> str:
    path = Path(__file__).parent.parent.parent / TESTS / "axe.min.js"
    if not path.is_file():
        pytest.skip("needs axe-core: python -m deploy.vendor --tests")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "width", "scheme"), [("sound", 1280, "light"), ("hostile", 360, "dark")])
def test_axe_finds_nothing(open_page: Open, axe: str, text: str, width: int, scheme: str) -> None:
    visit = open_page(SOURCES[text], width=width, color_scheme=scheme, bypass_csp=True)
    visit.page.wait_for_selector("#hosts-plot svg")
    visit.page.evaluate(axe)
    found = visit.page.evaluate("rules => axe.run({ runOnly: { type: 'tag', values: rules } })", RULES)
    assert len(found["passes"]) > 30
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]] == []
