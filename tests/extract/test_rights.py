"""Rights signals."""

from __future__ import annotations

import pytest

from transforms.extract.rights import MEANINGS, rights


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("x-robots-tag", "noindex, NoAI, noimageai"), ("noai", "noimageai")),
        (("x-robots-tag", "googlebot: noml"), ("noml",)),
        (("tdm-reservation", " 1 "), ("tdm-reservation",)),
        (("content-usage", "search=y, train-ai=n"), ("no-train-ai",)),
        (("tdm-reservation", "0"), ()),
        (("content-usage", "train-ai=y"), ()),
        (("x-robots-tag", "noarchive, max-image-preview:large"), ()),
        (("robots", "noai"), ()),  # no such header
    ],
)
def test_a_header_signals_rights(header: tuple[str, str], expected: tuple[str, ...]) -> None:
    assert rights([header], []) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (("robots", "noai, noimageai"), ("noai", "noimageai")),
        (("tdm-reservation", "1"), ("tdm-reservation",)),
        (("robots", "index,follow"), ()),
        (("description", "noai"), ()),
    ],
)
def test_a_meta_element_signals_rights(meta: tuple[str, str], expected: tuple[str, ...]) -> None:
    assert rights([], [meta]) == expected


def test_each_signal_comes_once_in_a_fixed_order() -> None:
    assert rights([("tdm-reservation", "1")], [("tdm-reservation", "1"), ("robots", "noml noai")]) == (
        "noai",
        "noml",
        "tdm-reservation",
    )
    assert set(MEANINGS) >= {"noai", "noml", "tdm-reservation"}
