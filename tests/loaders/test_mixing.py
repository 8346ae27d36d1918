from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loaders.page import run, sections

SECTION = "Mixing to exact token shares"
LENGTHS = st.lists(st.integers(1, 5000), min_size=1, max_size=60)


def mixer():
    """The page's `mix`, without what the page does with it."""
    names: dict[str, object] = {}
    exec(next(text for _, text in sections()[SECTION] if "def mix(" in text), names)
    return names["mix"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(LENGTHS, st.floats(0.05, 1)), min_size=1, max_size=5))
def test_no_source_is_more_than_a_document_ahead_of_its_share(given_sources: list[tuple[list[int], float]]) -> None:
    whole = sum(share for _, share in given_sources)
    shares = {str(number): share / whole for number, (_, share) in enumerate(given_sources)}
    sources = {str(n): [{"token_count": size} for size in sizes] for n, (sizes, _) in enumerate(given_sources)}
    seen = dict.fromkeys(shares, 0)
    longest = max(size for sizes, _ in given_sources for size in sizes)
    for name, document in mixer()(sources, shares):
        seen[name] += document["token_count"]
        ahead = {source: seen[source] - share * sum(seen.values()) for source, share in shares.items()}
        assert max(ahead.values()) <= longest
        if len(shares) == 2:
            assert min(ahead.values()) >= -longest


def test_it_ends_with_the_source_that_is_due() -> None:
    sources = {"a": [{"token_count": 10}] * 2, "b": [{"token_count": 10}] * 100}
    assert [name for name, _ in mixer()(sources, {"a": 0.5, "b": 0.5})] == ["a", "b", "a", "b"]


@pytest.mark.usefixtures("offline")
def test_long_and_short_pages_get_their_shares_of_tokens(folder: Path) -> None:
    mixed = list(run(SECTION)["mixed"])
    tokens = {name: sum(record["token_count"] for n, record in mixed if n == name) for name in ("long", "short")}
    longest = max(record["token_count"] for _, record in mixed)
    total = sum(tokens.values())
    assert abs(tokens["long"] - 0.75 * total) <= longest
    documents = sum(name == "long" for name, _ in mixed) / len(mixed)
    assert abs(documents - 0.75) > 0.1  # shares of documents are others
