"""What chatbots leave behind in pasted text, told apart from pages that talk about chatbots.

Residue counts only where it stands as the page's own words: not quoted, not in code, not announced by "replied" or
"the phrase", and not on a page that names chatbots or language models again and again. A page about chatbots with
residue of its own is missed: an accusation needs more than that.
Every search is for a literal or for a pattern with bounded repeats, so the time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

MARKUP = "residue-markup"
PHRASE = "residue-phrase"
OPENING = "residue-opening"
TRACKED_LINK = "residue-link"

MAX_CHARACTERS = 100_000
"""Only this many characters are searched."""

_ABOUT = 3  # mentions of chatbots beside the residue that make a page one about them
_LOOKS = 8  # occurrences of one sign that are examined before giving up on it
_BEFORE = 160  # characters before a sign in which a quote may open or a speaker may be named

_ASCII_IN_LOWER_CASE = "\u0130\u212a"  # the dotted I and the sign of kelvin, alone beyond ASCII
_I = r"(?:i|i'm|i’m|my)\b"


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    keys: tuple[bytes, ...]  # ASCII of which one is in every match: a text without them is not searched further
    mark: str  # a character that is in every match, which is looked for first; or ""
    pattern: re.Pattern[str]  # of text in lower case


def _sign(kind: str, keys: str, pattern: str, mark: str = "") -> _Sign:
    return _Sign(kind, tuple(key.encode("ascii") for key in keys.split("|")), mark, re.compile(pattern, re.MULTILINE))


_SIGNS = (
    _sign(MARKUP, "oaicite", r":?(?:contentreference\[)?oaicite:\s?\d{1,3}"),
    _sign(
        MARKUP,
        "turn0|turn1",
        r"turn\d{1,2}(?:search|news|view|image|file|fetch|product|forecast|academia)\d{1,3}\b",
    ),
    _sign(MARKUP, "", r"【\d{1,3}(?::\d{1,3})?†[^【】\n]{1,80}】", mark="†"),
    _sign(MARKUP, "[cite_start]", r"\[cite_start\]", mark="_"),
    _sign(MARKUP, "grok_card", r"grok_card", mark="_"),
    _sign(MARKUP, "sandbox:/mnt/data/", r"sandbox:/mnt/data/"),
    _sign(
        PHRASE,
        "as an ai|as a large language model",
        rf"\bas an? (?:ai|large)(?: (?:language|text-based|text))?(?: (?:model|assistant|chatbot))?"
        rf"(?: (?:developed|trained|created) by \w{{2,20}})?,? {_I}",
    ),
    _sign(
        PHRASE,
        "knowledge cut|knowledge update|my training data",
        r"\b(?:as of|up to|until) my (?:last |latest |recent )?(?:knowledge (?:cut-?off|update)|training data)\b",
    ),
    _sign(
        PHRASE,
        "sorry, but i|sorry but i",
        r"\bi(?:['’]m| am) sorry,? but i (?:cannot|can['’]t|am unable to) "
        r"(?:fulfill?|comply with) (?:this|that|your) request",
    ),
    _sign(PHRASE, "regenerate response", r"^regenerate response$"),
    _sign(
        OPENING,
        "! here|, here",
        r"^(?:certainly|sure|of course|absolutely)[!,] here(?:['’]s| is| are) "
        r"(?:an?|the|your|some|my)\b",
    ),
    _sign(
        OPENING,
        "let me know if you",
        r"\b(?:let me know if you(?:['’]d| would) like (?:me to|any (?:changes|adjustments|revisions))|"
        r"let me know if you need any (?:further )?(?:adjustments|modifications|revisions))",
    ),
    _sign(TRACKED_LINK, "utm_source=", r"[?&]utm_source=(?:chatgpt\.com|openai|perplexity|copilot\.com)\b", mark="_"),
)

_MENTION = re.compile(
    r"(?<!utm_source=)\b(?:chat-?gpt|openai|chat-?bots?|language models?|llms?|gpt-?\d|generative ai|genai|"
    r"ai[- ](?:generated|written|models?|assistants?|detect\w{1,6}|tools?)|prompts?|prompting|"
    r"hallucinat\w{1,6}|copilot|gemini|claude|perplexity|grok)\b",
)
_SPEAKER = re.compile(
    r"\b(?:said|says?|saying|respon\w{1,8}|repl(?:y|ies|ied|ying)|answer\w{0,4}|wrote|writes?|written|told|output\w{0,4}|"
    r"return\w{0,4}|phrases?|words|like|such as|strings?|text|tokens?|begin\w{0,5}|start\w{0,4}|contain\w{0,4}|"
    r"includ\w{1,4}|called|see|saw|seeing|show\w{0,4}|appear\w{0,4}|exclaim\w{0,4}|insist\w{0,4}|e\.g|examples?|asked|bot|robot|android)\b[^.!?\n]{0,80}$",
)
_PAIRS = (("“", "”"), ("«", "»"), ("„", "“"), ("「", "」"), ("『", "』"))

_NAMES = {
    MARKUP: "a chatbot's own markup",
    PHRASE: "speaks as a language model",
    OPENING: "hands over an answer",
    TRACKED_LINK: "link copied from a chatbot",
}


def find_residue(text: str, url: str) -> list[tuple[str, str]]:
    """(kind, what was found) for each sign that stands as the page's own words, in the order of the table.

    `url`: where the text was published, "" if unknown; it counts as a mention if it names a chatbot.
    """
    text = text[:MAX_CHARACTERS]
    signs = _possible(text)
    if not signs:
        return []
    lowered = text.lower()
    seen = [(sign.kind, match) for sign in signs for match in islice(sign.pattern.finditer(lowered), _LOOKS)]
    standing = [(kind, match) for kind, match in seen if not _is_reported(lowered, match.start())]
    if not standing or _is_about_chatbots(lowered, url, [match.span() for _, match in seen]):
        return []
    return [(kind, f"{_NAMES[kind]}: {' '.join(match[0].split())}") for kind, match in standing]


def _possible(text: str) -> list[_Sign]:
    """The signs of which a key is in the text: all that are in it, and more."""
    if any(letter in text for letter in _ASCII_IN_LOWER_CASE):
        text = text.lower()
    bare = text.encode("ascii", "ignore").lower()  # a third of the time of `str.lower` where a text is not ASCII
    return [sign for sign in _SIGNS if sign.mark in text and any(key in bare for key in sign.keys)]


def _is_reported(text: str, start: int) -> bool:
    """Whether what begins at `start` is quoted, in code, or announced as another's words."""
    before = text[max(0, start - _BEFORE) : start]
    line = before.rpartition("\n")[2]
    if line.startswith(("    ", "\t", ">")) or line.count("`") % 2 or line.count('"') % 2 or line.endswith(("'", "‘")):
        return True
    if any(line.rfind(opening) > line.rfind(closing) for opening, closing in _PAIRS):
        return True
    return bool(_SPEAKER.search(before.rstrip("\n ")[-120:]))


def _is_about_chatbots(text: str, url: str, own: list[tuple[int, int]]) -> bool:
    """Whether the page names chatbots `_ABOUT` times beside the signs themselves, whose (start, end) are `own`."""
    mentions = sum(1 for _ in _MENTION.finditer(url.lower().replace("_", " ")))
    for match in _MENTION.finditer(text):
        mentions += not any(start <= match.start() < end for start, end in own)
        if mentions >= _ABOUT:
            return True
    return False
