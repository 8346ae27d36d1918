"""The report in a browser: it draws, sorts, filters, reads, follows the theme, and can be used without a mouse."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf, nan
from pathlib import Path

import pytest

from tests.report_page.conftest import Open
from tests.report_page.stories import reader_page, story
from tests.report_page.visit import Visit
from transforms.report.page import report_html
from transforms.report.story import Funnel, HostFigures, Rejected

PAGES = tuple(reader_page(number) for number in range(12))
SOURCE = report_html(story(), PAGES)
HOSTS = "#hosts-table tbody th"


@pytest.fixture
def visit(open_page: Open) -> Visit:
    return open_page(SOURCE)


def test_every_plot_is_drawn_without_a_word_on_the_console(visit: Visit) -> None:
    plots = visit.page.locator("[data-plot]").count()
    assert plots >= 8
    visit.page.wait_for_function("n => document.querySelectorAll('.canvas > svg').length === n", arg=plots)
    assert "NaN" not in "".join(visit.page.eval_on_selector_all(".canvas", "all => all.map(e => e.innerHTML)"))


def test_report_of_a_real_run_is_drawn_and_read(open_page: Open, reference: Path) -> None:
    visit = open_page((reference / "report.html").read_bytes(), width=360)
    plots = visit.page.locator("[data-plot]").count()
    visit.page.wait_for_function("n => n > 5 && document.querySelectorAll('.canvas > svg').length === n", arg=plots)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 360
    assert len(visit.texts("article .text")) == 1
    assert visit.page.locator(".notices").count() == 0


def test_bar_in_which_chatbots_came_is_cut_at_their_day(open_page: Open) -> None:
    years = tuple((f"{year}-11", year - 2000) for year in range(2012, 2026))
    visit = open_page(report_html(story(dates=replace(story().dates, first_seen=years)), ()))
    visit.page.wait_for_selector("#first_seen-plot svg")
    bars = visit.boxes("#first_seen-plot [aria-label=rect] rect")
    [day] = visit.boxes("#first_seen-plot [aria-label=rule] line >> nth=-1")
    before = [bar for bar in bars if bar.fill == bars[0].fill]
    assert (len(bars), len(before)) == (15, 11)
    assert {bar.fill for bar in bars[11:]} == {bars[-1].fill} != {bars[0].fill}
    assert before[-1].right <= day.left + 1 <= bars[11].left + 2
    assert before[-1].top == bars[11].top
    assert sum(bar.right - bar.left for bar in bars[10:12]) == pytest.approx(bars[0].right - bars[0].left, abs=2)


@pytest.mark.parametrize("lost", [11, 60, 117, 300, 690])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_number_of_the_funnel_stands_across_a_line(open_page: Open, lost: int, width: int) -> None:
    funnel = Funnel(
        696,
        (),
        696,
        (Rejected("extract", "no_text", 2, True), Rejected("filter", "quality", lost, True)),
        694 - lost,
        9,
    )
    visit = open_page(report_html(story(funnel=funnel), ()), width=width)
    visit.page.wait_for_selector("#funnel-plot svg")
    lines = visit.boxes("#funnel-plot [aria-label=rule] line")
    numbers = visit.boxes("#funnel-plot [aria-label=text] text")
    assert (len(lines), len(numbers)) == (2, 4)
    assert not [line for line in lines for number in numbers if number.left < line.right and line.left < number.right]


def test_priors_one_above_the_other_have_room_for_their_numbers(open_page: Open) -> None:
    visit = open_page(SOURCE, width=390)
    visit.page.locator("#cells-plot").scroll_into_view_if_needed()
    visit.page.wait_for_selector("#cells-plot svg")
    numbers = sorted(visit.boxes("#cells-plot [aria-label='y-axis tick label'] text"), key=lambda box: box.top)
    assert len(numbers) > 6
    assert all(lower.top >= upper.bottom for upper, lower in pairwise(numbers))


@pytest.mark.parametrize("width", [390, 1280])
def test_names_of_hosts_stand_on_no_dot_and_on_no_other_name(open_page: Open, width: int) -> None:
    """Hosts as a real crawl has them: many human ones of a few pages, two of many pages that are not."""
    pages = (43, 43, 24, 21, 21, 20, 18, 8, 6, 5, 3, 3, 3, 3, 3, 3)
    human = (0.0, 0.843, 0.9, 0.996, 0.996, 0.147, 0.991, 0.995, 0.995, 0.99, 0.995, 0.93, 0.94, 0.96, 0.835, 0.776)
    hosts = tuple(
        HostFigures(f"www.host-{i}.example", n, 150_000 // (i + 1), p, 1.0)
        for i, (n, p) in enumerate(zip(pages, human, strict=True))
    )
    visit = open_page(report_html(story(top_hosts=hosts), ()), width=width)
    visit.page.wait_for_selector("#hosts-plot svg")
    dots = visit.boxes("#hosts-plot [aria-label=dot] circle")
    names = visit.boxes("#hosts-plot [aria-label=text] text")
    assert len(dots) == len(hosts)
    assert len(names) >= 5
    assert not [name for name in names for dot in dots if name.meets(dot)]
    assert not [name for i, name in enumerate(names) for other in names[:i] if name.meets(other)]
    assert any(name.text == "www.host-0.example"[: 15 if width < 560 else 30] + "…" * (width < 560) for name in names)


def test_plots_take_the_width_they_are_given(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 500, "height": 800})
    visit.page.wait_for_function("document.querySelector('#funnel-plot svg').getAttribute('width') < 500")


def test_click_on_a_head_sorts_and_a_second_one_turns_the_order(visit: Visit) -> None:
    head = visit.page.get_by_role("columnheader", name="p(human)").and_(visit.page.locator("#hosts th"))
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert visit.texts(HOSTS)[:3] == ["host-39.example", "host-38.example", "host-37.example"]
    assert visit.told() == "Sorted by p(human), descending"
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert visit.texts(HOSTS)[:2] == ["host-00.example", "host-01.example"]
    assert visit.page.locator("#hosts [aria-sort]").count() == 1


def test_enter_and_space_on_a_head_sort(visit: Visit) -> None:
    button = visit.page.locator("#hosts thead button", has_text="Host")
    button.focus()
    visit.page.keyboard.press("Enter")
    assert visit.texts(HOSTS)[0] == "host-00.example"
    visit.page.keyboard.press("Space")
    assert visit.texts(HOSTS)[0] == "host-39.example"
    assert visit.focused() == "Host"


def test_rows_without_a_value_are_last_whatever_the_order(open_page: Open) -> None:
    hosts = tuple(HostFigures(name, 3, 9, human, 1.0) for name, human in (("a", 0.5), ("none", None), ("b", 0.9)))
    visit = open_page(report_html(story(top_hosts=hosts), ()))
    button = visit.page.locator("#hosts thead button", has_text="p(human)")
    button.click()
    assert visit.texts(HOSTS) == ["b", "a", "none"]
    button.click()
    assert visit.texts(HOSTS) == ["a", "b", "none"]


def test_filter_leaves_the_rows_that_match(visit: Visit) -> None:
    field = visit.page.get_by_label("Filter hosts")
    field.fill("HOST-3")
    assert visit.texts(HOSTS) == [f"host-{i}.example" for i in range(30, 40)]
    assert visit.told() == "10 of 40"
    field.fill("no such host")
    assert visit.texts(HOSTS) == []
    field.fill("")
    assert len(visit.texts(HOSTS)) == 12


def test_long_table_is_folded_and_unfolds(visit: Visit) -> None:
    assert len(visit.texts(HOSTS)) == 12
    button = visit.page.locator("#hosts .unfold")
    assert button.inner_text() == "Show all 40 rows"
    button.click()
    assert len(visit.texts(HOSTS)) == 40
    assert button.get_attribute("aria-expanded") == "true"


def test_reader_shows_one_page_and_the_one_that_is_chosen(visit: Visit) -> None:
    assert visit.texts("article h3") == ["A page about subject 0"]
    visit.page.locator(".entries a").nth(4).click()
    assert visit.texts("article h3") == ["A page about subject 4"]
    assert visit.texts("article .text") == [PAGES[4].text]
    assert visit.texts(".entries [aria-current=true] .what") == ["A page about subject 4"]


def test_marks_differ_by_more_than_colour(visit: Visit) -> None:
    assert visit.style("article mark.machine", "textDecorationStyle") == "solid"
    assert visit.style("article mark.human", "textDecorationStyle") == "dotted"
    grounds = {visit.style(f"article mark.{side}", "backgroundColor") for side in ("machine", "human")}
    assert len(grounds) == 2
    assert "rgba(0, 0, 0, 0)" not in grounds
    assert "not how the text came to be" in visit.page.locator("#reader .prose").first.inner_text()


def test_letters_and_arrows_move_through_the_reader(visit: Visit) -> None:
    visit.page.locator(".entries a").first.focus()
    for key, subject in (("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("k", 0)):
        visit.page.keyboard.press(key)
        assert visit.texts("article h3") == [f"A page about subject {subject}"]
        assert f"A page about subject {subject}" in visit.focused()


def test_reader_narrows_by_language_kind_and_words(visit: Visit) -> None:
    entries = ".entries .what"
    visit.page.locator("#reader").get_by_label("Language").select_option("de")
    assert visit.texts(entries) == [f"A page about subject {i}" for i in (1, 4, 7, 10)]
    assert visit.texts("article h3") == ["A page about subject 1"]
    visit.page.locator("#reader").get_by_label("Kind").select_option("most human")
    assert visit.texts(entries) == []
    visit.page.locator("#reader").get_by_label("Kind").select_option("")
    visit.page.locator("#reader").get_by_label("Words").fill("page 7 BEGINS")
    assert visit.texts(entries) == ["A page about subject 7"]
    assert visit.told() == "1 of 12 pages"


def test_reader_without_a_hit_shows_no_page_until_there_is_one_again(visit: Visit) -> None:
    words = visit.page.locator("#reader").get_by_label("Words")
    words.fill("no page says this")
    assert visit.texts("article") == []
    assert visit.texts(".articles .none") == ["No page has these words."]
    assert visit.told() == "0 of 12 pages"
    words.fill("page 7 begins")
    assert visit.texts("article h3") == ["A page about subject 7"]
    assert visit.texts(".articles .none") == []


def test_numbers_that_are_none_stop_no_plot(open_page: Open) -> None:
    hosts = tuple(HostFigures(f"host-{i}.example", 7, 70, human, 1.0) for i, human in enumerate((0.4, nan)))
    sound = story().distributions
    endless = replace(sound[1], edges=(0.0, 1.0, inf), maximum=inf)
    told = story(top_hosts=hosts, distributions=(sound[0], endless, *sound[2:]))
    visit = open_page(report_html(told, PAGES))
    plots = visit.page.locator("[data-plot]").count()
    visit.page.wait_for_function("n => document.querySelectorAll('.canvas > svg').length === n", arg=plots)


def test_plot_that_fails_says_so_and_leaves_the_others(open_page: Open) -> None:
    head, plot, rest = SOURCE.partition(b'id="hosts-plot"')
    visit = open_page(head + plot + rest.replace(b'{"values":[', b'{"values":null,"lost":[', 1))
    visit.page.locator("#hosts-plot .note", has_text="could not be drawn").wait_for()
    plots = visit.page.locator("[data-plot]").count()
    visit.page.wait_for_function("n => document.querySelectorAll('.canvas > svg').length === n - 1", arg=plots)


def test_link_in_a_table_opens_the_page_in_the_reader(visit: Visit) -> None:
    visit.page.locator("#most-human a.read").nth(5).click()
    visit.page.wait_for_function("document.activeElement.tagName === 'H3'")
    assert visit.texts("article h3") == [visit.focused()] == ["A page about subject 5"]


def test_theme_follows_the_system_until_it_is_chosen(open_page: Open) -> None:
    dark = open_page(SOURCE, color_scheme="dark")
    light = open_page(SOURCE, color_scheme="light")
    colours = [light.style("body", "backgroundColor"), dark.style("body", "backgroundColor")]
    assert colours == ["rgb(253, 252, 249)", "rgb(21, 20, 18)"]
    button = dark.page.get_by_role("button", name="Theme")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((button.inner_text(), dark.style("body", "backgroundColor")))
    assert seen == [("Theme: light", colours[0]), ("Theme: dark", colours[1]), ("Theme: system", colours[1])]


@pytest.mark.parametrize("width", [320, 360, 700, 1280])
def test_page_never_scrolls_sideways(open_page: Open, width: int) -> None:
    visit = open_page(SOURCE, width=width)
    visit.page.wait_for_selector("#first_seen-plot svg")
    visit.page.eval_on_selector_all("details", "all => all.forEach(e => { e.open = true })")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_tab_reaches_every_kind_of_control_and_shows_where_it_is(visit: Visit) -> None:
    reached = []
    visit.page.keyboard.press("Tab")
    assert visit.focused() == "Skip to the figures"
    for _ in range(300):
        seen = visit.page.evaluate(
            """() => {
                const e = document.activeElement, s = getComputedStyle(e);
                return [e.tagName, s.outlineStyle, e.closest("section")?.id ?? e.closest("nav")?.ariaLabel ?? "page"];
            }"""
        )
        if seen[0] == "BODY":
            break
        reached.append(tuple(seen))
        visit.page.keyboard.press("Tab")
    assert {style for _, style, _ in reached} <= {"solid", "auto"}
    kinds = {(tag, place) for tag, _, place in reached}
    assert {("BUTTON", "hosts"), ("INPUT", "hosts"), ("DIV", "hosts"), ("SUMMARY", "hosts")} <= kinds
    assert {("SELECT", "reader"), ("INPUT", "reader"), ("BUTTON", "Contents"), ("A", "Contents")} <= kinds
    assert {("A", "extremes"), ("SUMMARY", "duplicates")} <= kinds


def test_nothing_moves_for_who_wants_it_still(open_page: Open) -> None:
    visit = open_page(SOURCE, reduced_motion="reduce")
    assert visit.style("html", "scrollBehavior") == "auto"


def test_paper_has_tables_whole_and_no_controls(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    assert len(visit.texts(HOSTS)) == 40
    assert visit.texts(".contents, .tools, .listing, .unfold, #theme") == []
    assert visit.texts("article h3") == ["A page about subject 0"]


def test_without_scripts_all_can_be_read(open_page: Open) -> None:
    visit = open_page(SOURCE, java_script_enabled=False)
    assert visit.page.locator(HOSTS).count() == 40
    assert visit.page.locator(HOSTS).last.is_visible()
    assert all(visit.page.locator("article .text").nth(i).is_visible() for i in range(12))
    assert not visit.page.locator("figure").first.is_visible()
    assert visit.page.get_by_role("button").count() == 0
