"""Hostile page text in a browser: it is shown, and does nothing."""

from __future__ import annotations

import pytest

from tests.report_page.conftest import Open
from tests.report_page.stories import HOSTILE, hostile_pages, hostile_story, story
from transforms.report.html.visible import visible
from transforms.report.page import report_html

SOURCE = report_html(hostile_story(), hostile_pages())


def test_hostile_text_runs_nothing_and_is_shown_as_it_is(open_page: Open) -> None:
    visit = open_page(SOURCE)
    visit.page.wait_for_selector("#hosts-plot svg")
    assert visit.page.evaluate("window.breached") is None
    assert visit.page.locator("article .text").first.text_content() == visible(HOSTILE)
    assert visit.page.locator("img, iframe, object, base, link, style ~ style").count() == 0
    assert visit.page.evaluate("document.styleSheets.length") == 1


def test_hostile_text_does_nothing_when_it_is_used(open_page: Open) -> None:
    visit = open_page(SOURCE)
    visit.page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true })")
    visit.page.eval_on_selector_all("thead button", "all => all.forEach(e => { e.focus(); e.click() })")
    for field in visit.page.get_by_role("searchbox").all():
        field.fill("<script>")
    for field in visit.page.get_by_role("searchbox").all():
        field.fill("")
    visit.page.locator("#reader").get_by_label("Kind").select_option(index=1)
    visit.page.locator(".entries a").nth(1).click()
    visit.page.keyboard.press("k")
    visit.page.get_by_role("button", name="Copy address").first.click()
    visit.page.locator("#hosts-plot svg circle").first.hover()
    assert visit.page.evaluate("window.breached") is None


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_text_does_not_widen_the_page(open_page: Open, width: int) -> None:
    visit = open_page(SOURCE, width=width)
    visit.page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true })")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_policy_alone_stops_markup_that_slipped_through(open_page: Open) -> None:
    slipped = b"""<main>
        <script>window.breached = 1</script><img src="x" onerror="window.breached = 2">
        <style>body { display: none }</style><p style="position: fixed">
        <script src="http://127.0.0.1:9/a.js"></script><iframe src="http://127.0.0.1:9/"></iframe>
        <base href="http://127.0.0.1:9/">"""
    visit = open_page(report_html(story(), ()).replace(b"<main", slipped + b"<main", 1), breach=True)
    visit.page.wait_for_selector("#hosts-plot svg")  # ours still runs
    assert visit.page.evaluate("window.breached") is None
    assert visit.page.locator("body").is_visible()
    stopped = {
        "script-src-elem",
        "script-src-attr",
        "style-src-elem",
        "style-src-attr",
        "img-src",
        "frame-src",
        "base-uri",
    }
    assert stopped <= set(visit.violations())


def test_policy_forbids_markup_made_by_scripts(open_page: Open) -> None:
    visit = open_page(SOURCE, breach=True)
    tried = "() => { try { document.body.innerHTML = '<b>'; return 'written' } catch (e) { return e.name } }"
    assert visit.page.evaluate(tried) == "TypeError"
