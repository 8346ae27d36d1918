"""The filter's word on a whole text."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import ConfigError, InputError
from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader, rejecting_rules
from transforms.filter.rules import RULES
from transforms.records import Reading
from transforms.rejection import Reason, Rejection
from transforms.schema import SIGNALS

PROSE = (
    "The river was high that spring, and the ferry did not run for nine days. We waited in the inn with the other "
    "travellers and listened to the rain on the slates.\n"
    "On the tenth morning the ferryman came to the door and said that he would try it, if two of us would help him "
    "with the ropes. Nobody wanted to be the first to answer.\n"
    "In the end it was the schoolmaster who put on his coat and went out to the boat with him."
)
URL = "https://example.org/story"
DEFAULT = TextReader(FilterParams())


def test_prose_is_read() -> None:
    reading = DEFAULT.read(PROSE, URL)
    assert isinstance(reading, Reading)
    assert (reading.language, reading.language_script) == ("en", "Latn")
    assert reading.language_score > 0.8
    assert reading.token_count == 94  # 87 words, 4 commas, 3 full stops
    assert set(reading.signals) == set(SIGNALS)
    assert reading.failed == ()
    assert reading.quality > 0.9


def test_rejection_names_the_rules_and_their_values() -> None:
    assert DEFAULT.read("The ending of everything.\nWith menus\nAnd more", URL) == Rejection(
        Reason.QUALITY, "gopher_words=8, fineweb_short_lines=1"
    )


def test_a_rule_that_does_not_reject_is_recorded() -> None:
    reading = DEFAULT.read(PROSE + " It said {open}.", URL)
    assert isinstance(reading, Reading)
    assert reading.failed == ("c4_curly_brackets",)


def test_rules_that_reject_are_configuration() -> None:
    strict = TextReader(FilterParams(reject=("c4",)))
    assert strict.read(PROSE + " It said {open}.", URL) == Rejection(Reason.QUALITY, "c4_curly_brackets=2")
    lenient = TextReader(FilterParams(reject=()))
    assert isinstance(lenient.read("Short.", URL), Reading)


def test_thresholds_are_configuration_and_a_language_overrides_the_rest() -> None:
    text = "Der Fluss war hoch, und die Fähre fuhr neun Tage nicht."
    rejected = Rejection(Reason.QUALITY, "gopher_words=11")
    assert DEFAULT.read(text, URL) == rejected
    assert isinstance(TextReader(FilterParams(thresholds=("gopher_words_min=10",))).read(text, URL), Reading)
    assert isinstance(TextReader(FilterParams(thresholds=("de:gopher_words_min=10",))).read(text, URL), Reading)
    both = FilterParams(thresholds=("de:gopher_words_min=12", "gopher_words_min=10"))
    assert TextReader(both).read(text, URL) == rejected


def test_unwanted_language_is_rejected_with_its_name_and_score() -> None:
    refusal = TextReader(FilterParams(languages=("de", "fr"))).read(PROSE, URL)
    assert isinstance(refusal, Rejection)
    assert refusal.reason is Reason.LANGUAGE
    assert refusal.detail.startswith("en=0.9")


def test_uncertain_language_is_rejected_where_a_score_is_asked_for() -> None:
    assert TextReader(FilterParams(min_language_score=0.5)).read("12 34", URL) == Rejection(Reason.LANGUAGE, "und=0.00")


def test_blocked_address_is_refused_before_the_text_is_looked_at() -> None:
    reader = TextReader(FilterParams(block_hosts=("example.org",)))
    assert reader.read("", URL) == reader.blocked(URL) == Rejection(Reason.URL_BLOCKED, "host=example.org")
    assert reader.blocked("https://example.com/") is None


def test_families_stand_for_their_rules() -> None:
    assert rejecting_rules(("c4",)) == {"c4_sentences", "c4_curly_brackets", "c4_lorem_ipsum"}
    assert rejecting_rules(("gopher_words", "c4_lorem_ipsum")) == {"gopher_words", "c4_lorem_ipsum"}
    everything = rejecting_rules(("gopher_quality", "gopher_repetition", "c4", "fineweb"))
    assert everything == set(RULES)


def test_all_mistakes_are_reported_at_once() -> None:
    params = FilterParams(languages=("English",), min_language_score=2.0, reject=("nonsense",), thresholds=("x=1",))
    assert len(params.problems()) == 4
    with pytest.raises(ConfigError, match=r"English.*nonsense"):
        TextReader(params)


def test_defaults_have_no_problems() -> None:
    assert FilterParams().problems() == []


def test_a_reader_pickles_with_its_block_lists(tmp_path: Path) -> None:
    hosts, urls = tmp_path / "hosts", tmp_path / "urls"
    hosts.write_text("example.org\n", encoding="utf-8")
    urls.write_text("/ads/\n", encoding="utf-8")
    reader = TextReader(FilterParams(block_hosts=(f"@{hosts}",), block_urls=(f"@{urls}",)))
    hosts.unlink()
    urls.unlink()
    received = pickle.loads(pickle.dumps(reader))
    assert received.blocked(URL) == Rejection(Reason.URL_BLOCKED, "host=example.org")
    assert received.blocked("https://example.com/ads/1") == Rejection(Reason.URL_BLOCKED, "url=/ads/")
    assert received.block_digest == reader.block_digest != DEFAULT.block_digest == ""


@pytest.mark.parametrize("setting", ["block_hosts", "block_urls"])
def test_a_missing_block_list_fails_when_the_reader_is_made(setting: str, tmp_path: Path) -> None:
    missing = f"@{tmp_path / 'nowhere.txt'}"
    params = FilterParams(block_hosts=(missing,)) if setting == "block_hosts" else FilterParams(block_urls=(missing,))
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        TextReader(params)


PROSE_ELSEWHERE = {
    "ja": "その春、川の水は高く、渡し船は九日のあいだ出なかった。"
    "私たちは宿で他の旅人と待ち、屋根に降る雨の音を聞いていた。"
    "十日目の朝、船頭が戸口に来て、二人が綱を手伝うなら出してみようと言った。誰も最初に答えようとはしなかった。",
    "th": "ฤดูใบไม้ผลิปีนั้นน้ำในแม่น้ำสูงมากและเรือข้ามฟากหยุดวิ่งเก้าวัน เรารออยู่ที่โรงแรมกับนักเดินทางคนอื่นและฟังเสียงฝนบนหลังคา "
    "เช้าวันที่สิบคนแจวเรือมาที่ประตูและบอกว่าจะลองดูถ้าพวกเราสองคนช่วยดึงเชือก",
    "ru": "Той весной река стояла высоко, и паром не ходил девять дней. Мы ждали на постоялом дворе с другими путниками"
    " и слушали, как дождь стучит по крыше. На десятое утро перевозчик пришёл к двери и сказал, что попробует, "
    "если двое из нас помогут ему с канатами. "
    "Никто не хотел отвечать первым, но учитель надел пальто и вышел к лодке вместе с ним.",
}


@pytest.mark.parametrize("language", sorted(PROSE_ELSEWHERE))
def test_ordinary_prose_of_other_languages_stays(language: str) -> None:
    reading = DEFAULT.read(PROSE_ELSEWHERE[language], URL)
    assert isinstance(reading, Reading), reading
    assert reading.language == language
    assert reading.failed == ()


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec=None), max_size=500), st.text(max_size=50))
def test_any_text_is_read_or_rejected_with_a_short_detail(text: str, url: str) -> None:
    outcome = DEFAULT.read(text, url)
    assert isinstance(outcome, Reading) or 0 < len(outcome.detail) <= 300


def test_texts_read_together_are_read_as_they_are_alone() -> None:
    reader = TextReader(FilterParams(languages=("en",), reject=("gopher_words",), block_hosts=("bad.example",)))
    texts = [(PROSE, URL), (PROSE, "http://bad.example/"), ("", URL), ("Der Fluss war hoch.", URL), (PROSE * 3, URL)]
    together = reader.read_all(texts)
    assert together == [reader.read(text, url) for text, url in texts]
    assert [type(reading) for reading in together] == [Reading, Rejection, Rejection, Rejection, Reading]
    assert reader.read_all([]) == []
