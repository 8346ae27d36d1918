"""The report as markup: what is in it, what is not, and how it reads without scripts."""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest

from tests.report_page.parsed import Parsed, parse
from tests.report_page.stories import HOSTILE, hostile_pages, hostile_story, line, reader_page, story
from transforms.report.html.visible import visible
from transforms.report.page import report_html
from transforms.report.story import Distribution, Duplicates, Funnel, Scope, Story

PAGES = tuple(reader_page(number) for number in range(12))


@pytest.fixture(scope="module")
def page() -> Parsed:
    return parse(report_html(story(), PAGES))


@pytest.fixture(scope="module")
def hostile() -> Parsed:
    return parse(report_html(hostile_story(), hostile_pages()))


@pytest.fixture(params=["sound", "hostile"])
def either(request: pytest.FixtureRequest, page: Parsed, hostile: Parsed) -> Parsed:
    return page if request.param == "sound" else hostile


def test_same_story_gives_the_same_bytes() -> None:
    assert report_html(story(), PAGES) == report_html(story(), PAGES)


def test_hostile_text_adds_no_element(page: Parsed, hostile: Parsed) -> None:
    allowed = {element.tag for element in page.elements}
    assert {element.tag for element in hostile.elements} <= allowed
    assert len(hostile.all("script")) - len(hostile.all("figure")) == 3  # a block of data a figure, and our three
    assert len(hostile.all("style")) == 1


def test_no_attribute_holds_code(either: Parsed) -> None:
    names = {name for element in either.elements for name in element.attributes}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"style", "srcdoc", "src", "srcset", "action", "formaction", "poster", "background", "ping"}


def test_links_lead_only_into_the_page(either: Parsed) -> None:
    ids = set(either.values("id"))
    assert all(href.startswith("#") and href[1:] in ids for href in either.values("href"))


def test_nothing_is_loaded_from_elsewhere(either: Parsed) -> None:
    assert not [
        e.tag for e in either.elements if e.tag in {"link", "img", "iframe", "object", "embed", "base", "video"}
    ]
    assert not re.search(r"url\(|@import|image-set\(", either.all("style")[0].text)


def test_hostile_text_stands_in_the_page_as_it_is(hostile: Parsed) -> None:
    text = next(e for e in hostile.elements if e.attributes.get("class") == "text").text
    assert text == visible(HOSTILE)
    assert text.startswith("</script><script>window.breached = 1</script>")
    assert "⟨U+202E⟩moc.live⟨U+202C⟩⟨U+2066⟩" in text
    assert "␀␛[31m␇⟨U+0085⟩" in text


def test_no_character_that_acts_reaches_the_file() -> None:
    source = report_html(hostile_story(), hostile_pages()).decode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", source)


def test_long_title_and_address_are_cut() -> None:
    long = line(0, title="t" * 1_000_000, url="https://x.example/" + "u" * 1_000_000)
    source = report_html(story(most_human=(long,), most_machine=(long,)), (reader_page(0, line=long),))
    assert len(source) < len(report_html(story(), ())) + 10_000


def test_policy_allows_exactly_what_is_in_the_page(either: Parsed) -> None:
    meta = next(e for e in either.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.partition(" ")[::2] for rule in meta.attributes["content"].split("; "))
    code = [e.text for e in either.all("script") if e.attributes["type"] != "application/json"]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [_digest(text) for text in code]
    assert rules["style-src"] == _digest(either.all("style")[0].text)
    assert rules["base-uri"] == rules["form-action"] == rules["trusted-types"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert either.elements.index(meta) < either.elements.index(either.all("style")[0])


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def test_data_of_plots_is_json_without_markup(either: Parsed) -> None:
    blocks = [e.text for e in either.all("script") if e.attributes["type"] == "application/json"]
    assert blocks
    for block in blocks:
        assert not re.search("[<>&\u2028\u2029]", block)
        assert json.loads(block)["values"]


def test_ids_are_unique(either: Parsed) -> None:
    ids = either.values("id")
    assert len(ids) == len(set(ids))


def test_labels_name_elements_that_exist(either: Parsed) -> None:
    assert set(either.values("aria-labelledby")) <= set(either.values("id"))


def test_headings_descend_without_a_gap(either: Parsed) -> None:
    levels = [int(e.tag[1]) for e in either.elements if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_explains_its_columns(either: Parsed) -> None:
    tables = either.all("table")
    assert len(either.all("caption")) == len(tables) > 10
    assert all(caption.text for caption in either.all("caption"))
    heads = [e for e in either.all("th") if "thead" in e.above]
    assert all(head.attributes["title"] and head.attributes["scope"] == "col" for head in heads)


def test_every_plot_has_words_and_a_caption(either: Parsed) -> None:
    plots = [e for e in either.elements if "data-plot" in e.attributes]
    assert len(plots) == len(either.all("figcaption")) == len(either.all("figure")) >= 5
    assert all(plot.attributes["role"] == "img" and plot.attributes["aria-label"] for plot in plots)


def test_landmarks_are_there_once(page: Parsed) -> None:
    assert len(page.all("main")) == len(page.all("header")) == 1
    assert [nav.attributes["aria-label"] for nav in page.all("nav")] == ["Contents", "Pages to read"]
    assert page.all("html")[0].attributes["lang"] == "en"


def test_contents_name_every_section_in_order(page: Parsed) -> None:
    links = [e.attributes["href"][1:] for e in page.all("a") if e.above[-3:] == ("nav", "ol", "li")]
    sections = [e.attributes["id"] for e in page.all("section") if "id" in e.attributes]
    assert links[: len(sections)] == sections


def test_page_text_says_its_language_and_takes_its_own_direction(page: Parsed) -> None:
    texts = [e for e in page.elements if e.attributes.get("class") == "text"]
    assert [e.attributes["lang"] for e in texts[:3]] == ["en", "de", "ja"]
    assert all(e.attributes["dir"] == "auto" for e in texts)


def test_text_with_marks_reads_as_the_text(page: Parsed) -> None:
    texts = [e.text for e in page.elements if e.attributes.get("class") == "text"]
    assert texts == [each.text for each in PAGES]


def test_marks_say_direction_and_strength_in_words_too(page: Parsed) -> None:
    marks = [e for e in page.all("mark") if "article" in e.above]
    assert marks[0].text == "delves into a tapestry"
    assert marks[0].attributes == {"class": "machine s4", "title": "+0.80 nats, towards machine"}
    assert marks[1].attributes == {"class": "human s2", "title": "−0.30 nats, towards human"}


def test_marks_outside_the_text_or_over_others_are_left_out(hostile: Parsed) -> None:
    marks = [e for e in hostile.all("mark") if "article" in e.above]
    assert [e.text for e in marks] == [visible(HOSTILE[5:60])] * 2


def test_sound_report_begins_with_its_figures(page: Parsed) -> None:
    assert not [e for e in page.elements if e.attributes.get("class") == "notices"]


def test_doubts_are_told_before_any_figure() -> None:
    doubtful = story(
        finished=False, scope=Scope(765, 100), discrepancies=("the manifest counts 3 rows, the files hold 2",)
    )
    found = parse(report_html(doubtful, ()))
    notices = next(e for e in found.elements if e.attributes.get("class") == "notices")
    overview = next(e for e in found.elements if e.attributes.get("id") == "overview")
    assert found.elements.index(notices) < found.elements.index(overview)
    assert "did not finish" in notices.text
    assert "The files contradict the manifest: the manifest counts 3 rows, the files hold 2." in notices.text
    assert "rests on 100 of them (13.1 %), in groups taken by chance" in notices.text


def test_headline_gives_the_same_measure_before_and_after(page: Parsed) -> None:
    lead = next(e for e in page.elements if e.attributes.get("class") == "lead").text.replace("\u00a0", " ")
    assert lead == (
        "1,000 responses from 4 archives (17.1 MB) became 765 rows and 688,500 tokens. By the mean probability of "
        "pages machines wrote 25.0 % of the tokens that the detector could judge; weighting brings that to 10.0 %. "
        "The estimated share, from all scores at once, is 30.0 % (95 % interval 10.0–60.0 %). The two differ: the "
        "estimate goes by scores alone, the probabilities of pages also count evidence and take text from before "
        "chatbots for human."
    )


def facts(made: Story) -> list[str]:
    """The headline figures, each with its name and note."""
    elements = parse(report_html(made, ())).elements
    return [e.text.replace("\u00a0", " ") for e in elements if e.attributes.get("class") in ("fact", "fact main")]


def test_the_interval_stands_beside_the_estimate_alone() -> None:
    with_interval = [told for told in facts(story()) if "interval" in told]
    assert [told[:21] for told in with_interval] == ["Estimated share30.0 %"]


def test_each_of_the_two_shares_has_one_name(page: Parsed) -> None:
    """By the pages' probabilities it is the synthetic share, from all scores at once the estimated share."""
    names = [e.text.replace("\u00a0", " ") for e in page.elements if e.tag in ("dt", "th", "figcaption")]
    assert {"Synthetic share", "Estimated share"} <= set(names)
    assert any(name.startswith("Synthetic share of the judged tokens, before → after weighting") for name in names)
    text = next(e.text for e in page.elements if e.tag == "main").lower()
    assert "synthetic share" in text
    assert "estimated synthetic" not in text


def test_equal_weights_change_nothing() -> None:
    told = facts(story(total=replace(story().total, effective_share=1.0, synthetic_weighted=0.25)))
    assert not any("→" in fact or "price of weighting" in fact for fact in told)
    assert any("all weights are 1" in fact for fact in told)


def test_a_prior_that_was_set_is_not_shown_as_an_estimate() -> None:
    total = replace(story().total, synthetic=None)
    found = parse(report_html(story(total=total, prior_set=0.5), ()))
    lead = next(e for e in found.elements if e.attributes.get("class") == "lead").text
    assert "was set to 0.5 by weigh.prior" in lead
    assert "stimated" not in lead
    assert "set to 0.5 for all of them by weigh.prior" in next(e.text for e in found.elements if e.tag == "body")


def test_empty_corpus_has_a_report() -> None:
    nothing = Distribution("human_weight", 0, None, (), None, None, (), (), ())
    empty = story(
        scope=Scope(0, 0),
        funnel=Funnel(0, (), 0, (), 0, 0),
        total=_unjudged(story()),
        languages=(),
        cells=(),
        hosts=0,
        top_hosts=(),
        duplicates=Duplicates(0, 0, ()),
        distributions=(nothing,),
        most_human=(),
        most_machine=(),
    )
    found = parse(report_html(empty, ()))
    assert "The corpus has no rows." in next(e for e in found.elements if e.attributes.get("class") == "notices").text


def _unjudged(made: Story) -> object:
    total = made.total
    return type(total)("all", 0, 0, 0, None, None, None, None, None, None)


def test_infinite_numbers_do_not_break_the_data() -> None:
    values = Distribution(
        "detector_score", 0, float("nan"), (0.0,) * 5, float("inf"), 0.0, (0.0, float("inf")), (1,), (1,)
    )
    found = parse(report_html(story(distributions=(values,)), ()))
    blocks = [e.text for e in found.all("script") if "figure" in e.above]
    assert '{"values":[{"from":0.0,"to":null,"pages":1.0,"tokens":1.0}],"column":"detector_score"}' in blocks
    assert not {"nan", "inf"} & set(found.values("data-value"))


def test_without_page_texts_it_is_small_and_quick() -> None:
    report_html(story(), ())  # the assets are read once a process
    start = time.process_time()
    source = report_html(story(), ())
    assert time.process_time() - start < 1.0
    assert len(source) < 1_500_000
