"""Names and links of licences, and what headers ask of those who mine: one of the signals that are documented."""

from __future__ import annotations

from transforms.extract import lexbor
from transforms.extract.licences import licences, name_of
from transforms.extract.rights import MEANINGS, rights

HEADERS = ("link", "x-robots-tag", "tdm-reservation", "content-usage", "robots")
_MARKUP = lexbor.parse("<html><body>x</body></html>")


def check(data: bytes) -> None:
    """Read the input as the value of every header and meta element that may say it."""
    value = data.decode("utf-8", "replace")
    name = name_of(value)
    assert name.startswith("license:")
    assert len(name) < 100
    pairs = tuple((name, value) for name in (*HEADERS, "dc.rights", "license"))
    assert set(rights(pairs, pairs)) <= set(MEANINGS)
    assert _MARKUP
    found = licences(_MARKUP, headers=pairs, metas=pairs, json=[{"@type": "Article", "license": value}])
    assert list(found) == sorted(set(found))
    assert all(signal.startswith("license:") and len(signal) < 100 for signal in found)
