"""A summary as a person reads it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.corpus import Corpus, Duplicates, Sample
from transforms.report.languages import Language
from transforms.report.manifest import Manifest
from transforms.report.render import MIN_WIDTH, render
from transforms.report.summary import Rejected, Summary, summarise
from transforms.terminal import columns

MakeOutput = Callable[..., Path]

EN = Language("en", 2, 1234, 1, 0.75, 1.0, 1000.0)
DE = Language("de", 1, 50, 0, 0.25, 1.0, 50.0)
TOTAL = Language("all", 3, 1284, 1, 0.5, 1.0, 1050.0)
SUMMARY = Summary(
    output="out",
    finished=True,
    manifest=Manifest(
        records=20,
        responses=6,
        rows=3,
        rejections={"http_status": 2, "duplicate_near": 1},
        not_responses={"revisit": 1},
        passed={"request": 12, "warcinfo": 1},
        archives=2,
        archive_bytes=1_500_000,
        config_digest="0123456789abcdef",
        model="lexical-1",
        version="0.1.0",
        elapsed=12.34,
    ),
    corpus=Corpus(
        total=TOTAL,
        languages=(EN, DE),
        hosts=2,
        top_hosts=(("a.example", 2), ("", 1)),
        evidence=(("declared", 1),),
        declared=1,
        duplicates=Duplicates(components=1, merged=1, largest=2),
        samples=(Sample("http://a.example/1", "A title", "en", 1000, 0.75, 1.25), Sample("u", "", "de", 5, None, 1.0)),
    ),
    rejected=(
        Rejected("read", "http_status", 2, responses=True),
        Rejected("read", "revisit", 1, responses=False),
        Rejected("dedup", "duplicate_near", 1, responses=True),
    ),
)

RENDERED = """\
2 archives, 1.5 MB, 12.3 s
firsthand 0.1.0, config 0123456789ab, detector lexical-1

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

Languages
  language  pages  tokens  abstained  p(human)  weight  effective
  en            2   1,234          1     0.750   1.000     81.0 %
  de            1      50          0     0.250   1.000    100.0 %
  all           3   1,284          1     0.500   1.000     81.8 %
  weight: mean over tokens; effective: Kish sample size, share of the tokens

Hosts (2)
  host       pages
  a.example      2
  (none)         1

Duplicates: 1 page merged into 1 row
  the largest component has 2 pages

Declared machine-written: 1 page
  evidence of any kind  pages
  declared                  1

First rows
  http://a.example/1
    en, 1,000 tokens, p(human) 0.750, weight 1.250
    A title
  u
    de, 5 tokens, p(human) -, weight 1.000

The rows are in
out/corpus
"""


def test_a_summary_reads_like_this() -> None:
    assert render(SUMMARY) == RENDERED


def lines(summary: Summary, width: int = 80) -> list[str]:
    return render(summary, width).splitlines()


def test_what_a_page_or_an_archive_says_cannot_act_on_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\u202eevil\u2066\r\n\x9b2J\u200b"
    corpus = replace(
        SUMMARY.corpus,
        top_hosts=((evil, 1),),
        evidence=((evil, 1),),
        languages=(replace(EN, language=evil),),
        samples=(Sample(evil, evil, evil, 1, 0.5, 1.0),),
    )
    manifest = replace(SUMMARY.manifest, model=evil, version=evil, config_digest=evil, passed={evil: 1})
    rejected = (Rejected(evil, evil, 1, responses=True), Rejected(evil, evil, 1, responses=False))
    text = render(replace(SUMMARY, output=Path(evil), manifest=manifest, corpus=corpus, rejected=rejected))
    assert {unicodedata.category(c) for c in text} & {"Cc", "Cf"} == {"Cc"}
    assert {c for c in text if unicodedata.category(c) == "Cc"} == {"\n"}
    assert text.count("evil") == 13  # once each place; digest and a sample's language are cut before it


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(MIN_WIDTH, 120), st.integers(0, 10**9))
def test_no_line_is_wider_than_asked_for(text: str, width: int, number: int) -> None:
    corpus = replace(
        SUMMARY.corpus,
        top_hosts=((text, number),),
        languages=(replace(EN, language=text, tokens=number, pages=number),),
        samples=(Sample(text, text, text, number, 0.5, 1.0),),
    )
    manifest = replace(SUMMARY.manifest, responses=number, model=text)
    summary = replace(SUMMARY, output=Path("x" * 200), corpus=corpus, manifest=manifest)
    shown = lines(summary, width)
    assert max(map(columns, shown[:-1])) <= width
    assert shown[-1] == "x" * 200 + "/corpus"


def test_a_title_is_cut_at_60_characters() -> None:
    sample = replace(SUMMARY.corpus.samples[0], title="t" * 100)
    shown = lines(replace(SUMMARY, corpus=replace(SUMMARY.corpus, samples=(sample,))))
    assert "    " + "t" * 60 in shown


def test_many_languages_are_named_up_to_fifteen() -> None:
    languages = tuple(replace(EN, language=f"x{i:02}") for i in range(20))
    shown = lines(replace(SUMMARY, corpus=replace(SUMMARY.corpus, languages=languages)))
    assert [line.split()[0] for line in shown if line.startswith("  x")] == [f"x{i:02}" for i in range(15)]
    assert "  5 more languages are in the total." in shown


def test_an_empty_corpus_is_said_to_be_empty(make_output: MakeOutput) -> None:
    shown = lines(summarise(make_output([[]], elapsed="?", inputs=None, versions=[])))
    assert "The corpus has no rows." in shown
    assert "Duplicates: none" in shown
    assert "Declared machine-written: 0 pages" in shown
    assert not any(line.startswith(("Hosts", "First rows")) for line in shown)


def test_an_unfinished_run_and_disagreeing_figures_are_pointed_out() -> None:
    manifest = replace(SUMMARY.manifest, rows=4)
    shown = lines(replace(SUMMARY, finished=False, manifest=manifest))
    assert "The run did not finish (no _SUCCESS): give its command again." in shown
    assert "Attention: the manifest counts 4 rows, the files hold 3." in shown


@pytest.mark.parametrize(
    ("model", "shown"),
    [("lexical-1", ", detector lexical-1"), ({"id": "lexical-1", "languages": 3}, ", detector lexical-1"), (None, "")],
)
def test_provenance_is_shown_as_far_as_the_manifest_has_it(make_output: MakeOutput, model: object, shown: str) -> None:
    output = make_output(
        elapsed=61,
        model=model,
        versions={"firsthand": "0.1.0", "python": "3.11"},
        inputs=[{"file_path": "/a", "size": 2_000_000}, {"file_path": "/b", "size": 500_000}],
    )
    assert lines(summarise(output))[:2] == ["2 archives, 2.5 MB, 61.0 s", f"firsthand 0.1.0{shown}"]
