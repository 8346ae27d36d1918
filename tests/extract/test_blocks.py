"""Main text by the learned filter: which blocks are kept, and the file of its trees."""

from __future__ import annotations

import hashlib
import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.extract import html
from transforms.extract.blocks import best_subset, main_blocks
from transforms.extract.measures import MEASURES, measure
from transforms.extract.outline import outline
from transforms.extract.trees import MODEL, decode, encode, shipped

CONTENT = MODEL.read_bytes()
PROSE = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. "


def sealed(content: bytes) -> bytes:
    """The content with a digest that matches."""
    return content + hashlib.blake2b(content, digest_size=32).digest()


def expected_f1(likely: np.ndarray, sizes: np.ndarray, kept: np.ndarray) -> float:
    return float(2 * (likely * sizes)[kept].sum() / (sizes[kept].sum() + (likely * sizes).sum()))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 500)), min_size=1, max_size=7))
def test_no_other_subset_has_a_higher_expected_f1(blocks: list[tuple[float, int]]) -> None:
    likely, sizes = np.array([p for p, _ in blocks]), np.array([float(size) for _, size in blocks])
    best = expected_f1(likely, sizes, best_subset(likely, sizes))
    for chosen in itertools.product((False, True), repeat=len(blocks)):
        if any(chosen):
            assert expected_f1(likely, sizes, np.array(chosen)) <= best + 1e-12


def test_measures_of_a_block_are_what_their_names_say() -> None:
    tree = html.parse(f"<body><nav><a href=/>Home</a></nav><article><h1>Ferry</h1><p>{PROSE * 2}</p></article>")
    assert tree is not None
    rows = measure(outline(tree))
    assert rows.shape == (3, len(MEASURES))
    last = dict(zip(MEASURES, rows[2].tolist(), strict=True))
    assert last["length"] == len(PROSE * 2) - 1
    assert (last["linked"], last["commas"], last["ends"], last["copies"]) == (0, 2, 1, 1)
    assert (last["in_article"], last["in_nav"], last["from_start"], last["from_end"]) == (1, 0, 2, 0)
    assert (last["element1_blocks"], last["element2_blocks"], last["after_heading"], last["after_h1"]) == (2, 3, 1, 1)
    first = dict(zip(MEASURES, rows[0].tolist(), strict=True))
    assert (first["linked"], first["in_nav"], first["after_heading"]) == (1, 1, 100)


def test_encoded_trees_are_read_back() -> None:
    trees = shipped()
    assert encode(trees) == CONTENT
    assert trees.digest == CONTENT[-32:].hex()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        CONTENT[:-1],
        sealed(b"FHLINEAR" + CONTENT[8:-32]),
        sealed(CONTENT[:-33]),
        sealed(CONTENT[:-32].replace(b'"length"', b'"lenght"', 1)),
        CONTENT[:900] + bytes([CONTENT[900] ^ 1]) + CONTENT[901:],
        encode(replace(shipped(), ruled_out=np.full_like(shipped().ruled_out, 0xFFFF))),
        encode(replace(shipped(), thresholds=np.full_like(shipped().thresholds, np.nan))),
        encode(replace(shipped(), measures=np.full_like(shipped().measures, 255))),
        encode(replace(shipped(), scale=float("nan"))),
    ],
)
def test_a_damaged_file_is_an_error_that_names_it(content: bytes) -> None:
    with pytest.raises(InputError, match=r"blocks\.bin: .*; reinstall the package"):
        decode(content, "blocks.bin")


HOSTILE = {
    "blocks": lambda n: "<p>one, two. " * n,
    "breaks": lambda n: "<br>" * n + "text",
    "links": lambda n: "<div><a href=x>y</a></div>" * n,
    "nested": lambda n: "<div><b>x" * n,
    "a huge attribute": lambda n: f'<div class="{"menu " * 20 * n}" style="{"display " * 20 * n}"><p>text</p></div>',
    "spaces": lambda n: "<p>" + " " * 50 * n + "a",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_takes_no_more_than_a_second(kind: str) -> None:
    tree = html.parse(HOSTILE[kind](20_000))
    assert tree is not None
    start = time.process_time()
    main_blocks(tree)
    assert time.process_time() - start < 1  # .2 s at the most where it was measured; what is quadratic takes minutes
