"""A story as a person reads it on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.figures import read_story
from transforms.report.folder import Folder
from transforms.report.render import MIN_WIDTH, render
from transforms.report.story import (
    EVEN_ODDS,
    FIXED,
    CellFigures,
    Component,
    Dates,
    Duplicates,
    EarlyCheck,
    Funnel,
    HostFigures,
    LanguageFigures,
    PageLine,
    Rejected,
    Run,
    Scope,
    Share,
    Story,
)
from transforms.terminal import columns

MakeOutput = Callable[..., Path]

EN = LanguageFigures("en", 2, 1234, 1, 0.75, 1.0, 0.81, Share(0.25, 0.07, 0.58), 0.125, 0.25)
DE = LanguageFigures("de", 1, 50, 1, None, 1.0, 1.0, None, None, None)
TOTAL = LanguageFigures("all", 3, 1284, 2, 0.75, 1.0, 0.818, Share(0.25, 0.0, 1.0), 0.125, 0.25)
HUMAN = PageLine("1", "http://a.example/1", "A title", "en", 1000, 0.75, 1.25, -2.5, ())
MACHINE = PageLine("2", "http://a.example/2", "", "en", 1, 0.001, 0.1, 3.25, (("declared", "header: ai"),))
STORY = Story(
    output="out",
    finished=True,
    run=Run(2, 1_500_000, 12.34, (("read", 1.0),), "0123456789abcdef", "linear-1", "c0", "0.1.0"),
    scope=Scope(3, 3),
    funnel=Funnel(
        records=20,
        passed=(("request", 12), ("warcinfo", 1)),
        responses=6,
        rejected=(
            Rejected("read", "http_status", 2, responses=True),
            Rejected("read", "revisit", 1, responses=False),
            Rejected("dedup", "duplicate_near", 1, responses=True),
        ),
        rows=3,
        tokens=1284,
    ),
    total=TOTAL,
    languages=(EN, DE),
    cells=(
        CellFigures("de", "<128", 1, 50, 1, Share(0.8, 0.0, 1.0), "all", 1.0),
        CellFigures("en", "<128", 2, 1234, 1, Share(0.75, 0.42, 0.93), "", 0.81),
    ),
    hosts=2,
    top_hosts=(HostFigures("a.example", 2, 1234, 0.75, 1.0), HostFigures("", 1, 50, None, 1.0)),
    duplicates=Duplicates(
        components=1,
        merged=5,
        largest=(Component("0", HUMAN, 6, tuple((f"http://b.example/{i}", "duplicate_near") for i in range(5))),),
    ),
    dates=Dates(
        fetched=(("", 1), ("2024-04", 2), ("2024-05", 40)),
        first_seen=(("2022-11", 3),),
        published=(("", 1), ("2020", 1), ("2021", 2)),
        before_chatbots=1,
    ),
    evidence=(("declared", 1),),
    rights=(),
    abstentions=(("short", 2),),
    rules=(("c4_sentences", 1), ("gopher_words", 1)),
    distributions=(),
    most_human=(HUMAN,),
    most_machine=(MACHINE,),
    discrepancies=(),
    early=EarlyCheck(1234, Share(0.02, 0.0, 0.057)),
)

RENDERED = """\
2 archives, 1.5 MB, 12.3 s
firsthand 0.1.0, config 0123456789ab, detector linear-1

From records to rows
  records                     20
    request                   12
    warcinfo                   1
    read: revisit              1
  responses                    6  100.0 %
    read: http_status          2   33.3 %
    dedup: duplicate_near      1   16.7 %
  rows                         3   50.0 %
  tokens                   1,284

"""


def lines(story: Story, width: int = 80) -> list[str]:
    return render(story, width).splitlines()


def test_run_and_funnel_read_like_this() -> None:
    assert render(STORY).startswith(RENDERED)


def section(name: str) -> list[str]:
    """The lines of the section that begins like this."""
    shown = lines(STORY)
    start = next(i for i, line in enumerate(shown) if line.startswith(name))
    return shown[start + 1 : shown.index("", start)]


def test_languages_have_their_share_and_its_interval() -> None:
    assert section("Languages") == [
        "  language  pages  tokens  silent  p(human)  weighted     synthetic      ESS",
        "  en            2   1,234       1     0.750     0.875   25 % (7–58)   81.0 %",
        "  de            1      50       1         -         -             -  100.0 %",
        "  all           3   1,284       2     0.750     0.875  25 % (0–100)   81.8 %",
        "  silent: pages on which the detector gives no opinion",
        "  p(human): mean over the tokens of the others; weighted: with their weights",
        "  synthetic: their share by machines, from all scores at once (95 % interval);",
        "    not 1 - p(human), which counts evidence and dates, too",
        "  ESS: effective sample size once weighted (Kish), share of the tokens",
        "  check: synthetic 2 % (0–6) on 1,234 pages from before chatbots, ideally 0",
        "  priors: 1 of 2 cells (language × length) lean on a wider group",
    ]


def test_a_prior_that_was_set_is_no_estimate_and_leans_on_nothing() -> None:
    cells = tuple(replace(cell, borrowed_from=FIXED) for cell in STORY.cells)
    total, english = replace(TOTAL, synthetic=None), replace(EN, synthetic=None)
    shown = lines(replace(STORY, cells=cells, prior_set=0.5, total=total, languages=(english, DE)))
    assert "  prior: share of human pages set to 0.5 by weigh.prior, not estimated" in shown
    assert not any("wider group" in line or "from all scores" in line for line in shown)


def test_even_odds_are_no_wider_group() -> None:
    cells = tuple(replace(cell, borrowed_from=EVEN_ODDS) for cell in STORY.cells)
    told = "  priors: 0 of 2 cells (language × length) lean on a wider group, 2 on even odds"
    assert told in lines(replace(STORY, cells=cells))


def test_without_cells_languages_and_tokens_are_of_the_rows_read() -> None:
    shown = lines(replace(STORY, scope=Scope(9000, 3), cells=()))
    assert "Counted on 3 of 9,000 rows, but for the funnel." in shown
    assert "  tokens, of rows read     1,284" in shown


def test_components_name_the_page_that_was_kept_and_some_others() -> None:
    assert section("Duplicates: 5 pages merged into 1 row") == [
        "  6 pages, kept http://a.example/1",
        "    near   http://b.example/0",
        "    near   http://b.example/1",
        "    near   http://b.example/2",
        "    and 2 more",
    ]


def test_dates_are_bars_in_proportion() -> None:
    shown = section("Fetched")
    assert [line.count("█") for line in shown[:3]] == [1, 2, 40]
    assert shown[1] == "  2024-04   2  ██"
    assert "  published, as 3 pages say: 2021 (2), 2020 (1)" in shown


def test_many_months_are_told_as_years() -> None:
    months = tuple((f"20{10 + i // 12}-{i % 12 + 1:02}", i) for i in range(36))
    shown = lines(replace(STORY, dates=replace(STORY.dates, fetched=months)))
    years = [line.split()[:2] for line in shown if line.startswith("  20")]
    assert years == [["2010", "66"], ["2011", "210"], ["2012", "354"]]


def test_the_first_of_many_years_are_told_together() -> None:
    years = (("", 7), *((f"{year}-01", 1) for year in range(2001, 2027)))
    shown = lines(replace(STORY, dates=replace(STORY.dates, fetched=years)))
    start = shown.index("Fetched")
    told = [line.split("█")[0].split() for line in shown[start + 1 : start + 14]]
    assert told[:3] == [["(none)", "7"], ["to", "2015", "15"], ["2016", "1"]]
    assert told[-1] == ["2026", "1"]


def test_pages_at_the_ends_show_their_evidence() -> None:
    text = render(STORY)
    assert "p(human) 0.001, score +3.25, weight 0.100, en, 1 token\n    declared: header: ai\n" in text
    assert "p(human) 0.750, score -2.50, weight 1.250, en, 1,000 tokens\n    “A title”\n" in text


def test_what_pages_show_is_a_line_a_kind() -> None:
    assert section("Pages by what they show") == [
        "  abstained     short 2",
        "  evidence      declared 1",
        "  rights        none",
        "  rules broken  c4_sentences 1, gopher_words 1",
        "  declared machine-written: 1 page",
    ]


EVIL = "\x1b]0;owned\x07\u202eevil\u2066\r\n\x9b2J\u200b"


def test_what_a_page_or_an_archive_says_cannot_act_on_the_terminal() -> None:
    page = PageLine(EVIL, EVIL, EVIL, EVIL, 1, 0.5, 1.0, 0.0, ((EVIL, EVIL),))
    signs = ((EVIL, 1),)
    story = replace(
        STORY,
        output=EVIL,
        run=replace(STORY.run, model=EVIL, version=EVIL, config_digest=EVIL, calibration=EVIL),
        funnel=replace(
            STORY.funnel,
            passed=signs,
            rejected=(Rejected(EVIL, EVIL, 1, responses=True), Rejected(EVIL, EVIL, 1, responses=False)),
        ),
        languages=(replace(EN, language=EVIL),),
        top_hosts=(HostFigures(EVIL, 1, 1, 0.5, 1.0),),
        duplicates=Duplicates(1, 1, (Component(EVIL, page, 2, ((EVIL, EVIL),)),)),
        dates=Dates(signs, signs, signs, 1),
        evidence=signs,
        rights=signs,
        abstentions=signs,
        rules=signs,
        most_human=(page,),
        most_machine=(page,),
        discrepancies=(EVIL,),
    )
    text = render(story, 120)
    assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} == {"\n"}
    assert text.count("evil") > 20


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.integers(MIN_WIDTH, 120), st.integers(0, 10**15))
def test_no_line_is_wider_than_asked_for(text: str, width: int, number: int) -> None:
    page = PageLine(text, text, text, text, number, 0.5, 1.0, 0.0, ((text, text),))
    story = replace(
        STORY,
        output="x" * 200,
        run=replace(STORY.run, model=text, archive_bytes=number),
        funnel=replace(STORY.funnel, responses=number, rows=number),
        languages=(replace(EN, language=text, tokens=number, pages=number, abstained=number),),
        top_hosts=(HostFigures(text, number, number, 0.5, 1.0),),
        duplicates=Duplicates(number, number, (Component(text, page, number, ((text, text),)),)),
        dates=Dates(((text, number),), (), ((text, number),), number),
        evidence=((text, number),),
        rules=tuple((text, number) for _ in range(20)),
        most_human=(page,),
        discrepancies=(text,),
    )
    shown = render(story, width).split("\n")[:-1]
    assert max(map(columns, shown[:-1])) <= width
    assert shown[-1] == "x" * 200 + "/corpus"


def test_a_row_of_a_large_corpus_fits_80_columns_whole() -> None:
    large = replace(EN, tokens=1_234_567_890_123, pages=2_500_000_000, abstained=123_456_789, effective_share=1.0)
    shown = lines(replace(STORY, languages=(replace(large, synthetic=Share(0.25, 0.0, 1.0)), DE)))
    row = next(line for line in shown if line.startswith("  en "))
    assert row.split() == [
        "en",
        "2.50",
        "G",
        "1.23",
        "T",
        "123",
        "M",
        "0.750",
        "0.875",
        "25",
        "%",
        "(0–100)",
        "100.0",
        "%",
    ]


def test_many_languages_are_named_up_to_fifteen() -> None:
    shown = lines(replace(STORY, languages=tuple(replace(EN, language=f"x{i:02}") for i in range(20))))
    assert [line.split()[0] for line in shown if line.startswith("  x")] == [f"x{i:02}" for i in range(15)]
    assert "  and 5 more languages, in the total" in shown


def test_a_story_of_some_rows_says_so() -> None:
    shown = lines(replace(STORY, scope=Scope(1_000_000, 50_000)))
    assert "Counted on 50,000 of 1,000,000 rows, but for funnel and languages." in shown


def test_an_unfinished_run_and_disagreeing_figures_are_pointed_out() -> None:
    shown = lines(replace(STORY, finished=False, discrepancies=("the manifest counts 4 rows, the files hold 3",)))
    assert "The run did not finish (no _SUCCESS): give its command again." in shown
    assert "Attention: the manifest counts 4 rows, the files hold 3." in shown


def test_an_empty_corpus_is_said_to_be_empty(make_output: MakeOutput) -> None:
    shown = lines(read_story(Folder(str(make_output([[]], elapsed="?", inputs=None, versions=[])))))
    assert "The corpus has no rows." in shown
    assert "Duplicates: none" in shown
    assert not any(line.startswith(("Hosts", "Fetched", "Most ")) for line in shown)


@pytest.mark.parametrize("width", [72, 80, 120])
def test_a_real_story_fits_the_terminal(reference: Path, width: int) -> None:
    shown = render(read_story(Folder(str(reference))), width).splitlines()
    assert max(map(columns, shown[:-1])) <= width
    assert "Languages" in shown
