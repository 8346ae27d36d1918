"""Seeds of what reads a text."""

from __future__ import annotations

import json

from tests.fuzz.seeding.samples import PROSE


def signals() -> dict[str, bytes]:
    """Seeds of tests/fuzz/signals.py by name."""
    return {
        "prose": b"\0\0" + PROSE.encode(),
        "repeated": b"\x14\0" + PROSE.encode(),
        "lines": b"\3\0- one\n- two\xe2\x80\xa6\n\nUse of cookies.\nEnable JavaScript.\n{}\nLorem ipsum #\n",
        "chinese": b"\1\2" + "河水从磨坊旁边流过。春天它淹没草地。".encode(),
        "thai": b"\1\3" + "แม่น้ำไหลผ่านโรงสี".encode(),
        "marks": b"\0\4" + "e\u0301\u0301 \u200d\u200b\ud800 don’t ’ — 1.5 ①".encode("utf-8", "surrogatepass"),
    }


def shingles() -> dict[str, bytes]:
    """Seeds of tests/fuzz/shingles.py by name."""
    return {
        "prose": b"\4" + PROSE.encode(),
        "short": b"\4One two",
        "unspaced": b"\4" + "日本語 text ไทย 한국어 ﬁ Ａ ﷺ".encode(),
        "marks": b"\4" + "a\u0345\u0300 \u00df \u0130 \u1e9e \U000e0100 \u17b4 \u115f".encode(),
        "breaks": b"\4a\r\n\r\n\r\n\x0b\x0c\xc2\x85b   \n c",
    }


def scores() -> dict[str, bytes]:
    """Seeds of tests/fuzz/scores.py by name."""
    return {
        "prose": b"\2\0" + PROSE.encode(),
        "line": b"\0\0" + json.dumps({"id": 1, "text": PROSE, "language": "en"}).encode(),
        "residue": b"\2\0As an AI language model, I cannot. :contentReference[oaicite:0] ?utm_source=openai",
        "markdown": b"\4\0# Title\n\n- **one** [b](http://x.y)\n```\ncode\n```\n| a | b |\n|---|---|\n1. \xe2\x80\xa6",
        "chinese": b"\5\2" + "河水从磨坊旁边流过。春天它淹没草地。".encode(),
    }


def terminal() -> dict[str, bytes]:
    """Seeds of tests/fuzz/terminal.py by name."""
    return {
        "escapes": b"\x3c\x14" + "\x1b[31mred\u202e\ntitle\x9b2J\x07".encode(),
        "wide": b"\x3c\x09" + "漢字漢字 e\u0301 👩‍👩‍👧 한".encode(),
        "surrogate": b"\x3c\x14" + "a\ud800b".encode("utf-8", "surrogatepass"),
    }
