"""Contrast of every pair of colours that meet in the report, by WCAG 2.2's formula, in both themes."""

from __future__ import annotations

import re

import pytest

from transforms.report.html.assets import style

PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
PALETTE = {name: (light, dark) for name, light, dark in PAIR.findall(style())}
MARKS = [f"{side}-{strength}" for side in ("human", "machine") for strength in range(1, 5)]
TEXT = [
    *((text, ground) for text in ("ink", "soft", "accent", "machine") for ground in ("paper", "raised")),
    ("on-accent", "accent"),
    ("ink", "warn-paper"),
    ("machine", "warn-paper"),
    *(("ink", mark) for mark in MARKS),
]
SIGNS = [  # borders of controls, underlines of marks, lines and dots of plots
    ("strong-rule", "paper"),
    ("accent", "paper"),
    ("machine", "paper"),
    *(("accent", mark) for mark in MARKS if mark.startswith("human")),
    *(("machine", mark) for mark in MARKS if mark.startswith("machine")),
]


def luminance(colour: str) -> float:
    """Relative luminance, 0–1 (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1–21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_has_contrast_of_level_aa(text: str, ground: str, theme: int) -> None:
    assert contrast(PALETTE[text][theme], PALETTE[ground][theme]) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_have_contrast_of_level_aa(sign: str, ground: str, theme: int) -> None:
    assert contrast(PALETTE[sign][theme], PALETTE[ground][theme]) >= 3  # WCAG 2.2, 1.4.11


def test_no_colour_stands_outside_the_palette() -> None:
    rules = re.sub(r"@media \(forced-colors: active\) \{.*?\n\}", "", PAIR.sub("", style()), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", rules)
