"""Text of pages made visible: what would hide, reorder or end it is shown as a sign of its own."""

from __future__ import annotations

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: "␡"}
"""The control characters of ASCII as Unicode's pictures of them; tab and line feed stay."""

# Overrides, embeddings and isolates turn the reading order of what follows ("exe.fdp"); the marks LRM, RLM and the
# joiners of Persian and Indic scripts stay: they are part of honest text and act on their neighbours only.
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TAGS = range(0xE0000, 0xE0080)  # letters that no font shows, used to hide instructions in text
_SHOWN = {code: f"⟨U+{code:04X}⟩" for code in (*range(0x80, 0xA0), *_TURNING, 0x2028, 0x2029)}
_TABLE: dict[int, str] = (
    _PICTURES | _SHOWN | dict.fromkeys(_TAGS, "⟨tag⟩") | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
)


def visible(text: str) -> str:
    """The text without characters that act on a page or cannot be in a file: each is replaced by a visible sign.

    >>> visible("a\\x1b[1m\\x00\\u202eb\\ud800")
    'a␛[1m␀⟨U+202E⟩b�'
    """
    return text.translate(_TABLE)


def cut(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters, else its beginning and an ellipsis.

    >>> cut("abcdef", 6), cut("abcdef", 5)
    ('abcdef', 'abcd…')
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"
