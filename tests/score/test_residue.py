"""Residue of chatbots is found where it was pasted, and not where people write about it."""

from __future__ import annotations

import time

import pytest

from transforms.score.residue import MARKUP, OPENING, PHRASE, TRACKED_LINK, find_residue

PROSE = "The old mill stands by the river, and every spring the water rises to the second step of its stair. "


def kinds(text: str, url: str = "") -> list[str]:
    return [kind for kind, _ in find_residue(text, url)]


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("The dose is 5 mg :contentReference[oaicite:3]{index=3}.", MARKUP),
        ("Rents rose by a tenth \ue200cite\ue202turn0search4\ue201 last year.", MARKUP),
        ("The bridge opened in 1932【4†source】 and was widened later.", MARKUP),
        ("The bridge opened in 1932【12:3†bridges.pdf】 and was widened later.", MARKUP),
        ("[cite_start]The treaty was signed in May [cite: 4].", MARKUP),
        ("[Download the plan](sandbox:/mnt/data/plan.xlsx)", MARKUP),
        ("As an AI language model, I do not have personal preferences.", PHRASE),
        ("As an AI developed by OpenAI, I cannot visit the mill.", PHRASE),
        ("As of my last knowledge update, the mill was closed.", PHRASE),
        ("I'm sorry, but I cannot fulfill this request.", PHRASE),
        ("The end.\nRegenerate response\n", PHRASE),
        ("Certainly! Here is a rewritten version of the paragraph:", OPENING),
        ("Let me know if you'd like any changes.", OPENING),
        ("More at https://example.org/mill?utm_source=chatgpt.com today.", TRACKED_LINK),
    ],
)
def test_pasted_residue_is_found(pasted: str, kind: str) -> None:
    assert kinds(f"{PROSE}\n{pasted}\n{PROSE}") == [kind]


@pytest.mark.parametrize(
    "reported",
    [
        'It answered: "As an AI language model, I do not have personal preferences."',
        "It only said “As an AI language model, I do not have personal preferences.”",
        "Many replies begin with As an AI language model, I cannot do that.",
        "The search shows `contentReference[oaicite:0]` in the page.",
        "    text = text.replace(':contentReference[oaicite:0]', '')",
        "Remove strings such as turn0search0 before printing.",
        "As an AI researcher I have worked on language for ten years.",
        "As an AI model, this one is small.",
        "It is our turn to search for views.",
        "The dagger† marks a source.",
        "Sure, here we are again, on the stair of the mill.",
        "Let me know if you are coming to the mill.",
        "https://example.org/mill?utm_source=newsletter",
    ],
)
def test_reported_or_innocent_words_are_no_residue(reported: str) -> None:
    assert kinds(f"{PROSE}\n{reported}\n{PROSE}") == []


def test_an_article_about_chatbots_is_not_accused_for_its_examples() -> None:
    article = (
        "ChatGPT has a habit that gives it away. Asked for an opinion, the chatbot from OpenAI hedges.\n"
        "As an AI language model, I do not have opinions.\n"
        "Editors now search for that line, since every large language model has learned it."
    )
    assert kinds(article) == []


def test_spam_that_repeats_its_residue_is_not_mistaken_for_an_article_about_it() -> None:
    line = "As an AI language model, I cannot give medical advice.\n"
    assert kinds(PROSE + "\n" + line * 5 + PROSE) == [PHRASE] * 5


def test_many_links_copied_from_a_chatbot_are_one_kind_of_sign() -> None:
    text = " ".join(f"https://example.org/{n}?utm_source=chatgpt.com" for n in range(20))
    assert set(kinds(text)) == {TRACKED_LINK}


def test_a_page_on_a_chatbots_own_site_needs_fewer_mentions() -> None:
    text = f"{PROSE} The chatbot said nothing.\nAs an AI language model, I cannot.\n"
    assert kinds(text) == [PHRASE]
    assert kinds(text, "https://community.openai.com/t/chatgpt-refuses/1") == []


@pytest.mark.parametrize(
    "hostile", ["turn", "as an ai ", "【1†", '`"“', "let me know if you ", "i'm sorry but i ", "\n"]
)
def test_hostile_repetition_takes_linear_time(hostile: str) -> None:
    def seconds(size: int) -> float:
        text = (hostile * size)[: size * 4] + "oaicite turn † as an ai fulfill let me know if certainly"
        started = time.process_time()
        find_residue(text, "")
        return time.process_time() - started

    assert seconds(20_000) < 1.0  # 80,000 characters; quadratic time would be minutes


@pytest.mark.parametrize(
    ("text", "found"),
    [("REGENERATE RESPONSE", True), ("a gro\u212a_card", True), ("gro\u00e9k_card", False), ("\u0130 grok_card", True)],
)
def test_signs_are_looked_for_in_lower_case(text: str, found: bool) -> None:
    assert bool(find_residue(text, "")) is found
