"""No fold lets the judged texts' sources, families, domains or prompts into what was learned."""

from __future__ import annotations

import numpy as np
import pytest

from training.corpus import Corpus, assign, gather, scatter
from training.judge import splits


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    rng = np.random.default_rng(2)
    count = 900
    machine = [bool(label) for label in rng.random(count) < 0.5]
    columns = {
        "text": [""] * count,
        "family": [f"f{rng.integers(7)}" if label else "" for label in machine],
        "domain": [f"d{rng.integers(6)}" for _ in machine],
        "lang": ["en"] * count,
        "attack": ["paraphrase" if label and rng.random() < 0.2 else "" for label in machine],
        "source": [f"{'m' if label else 'h'}{rng.integers(9)}" for label in machine],
        "license": [""] * count,
        "group": [f"g{rng.integers(300)}" for _ in machine],
    }
    return gather(columns, machine)


@pytest.mark.parametrize("unseen", ["source", "family", "domain"])
def test_what_is_judged_was_not_learned(corpus: Corpus, unseen: str) -> None:
    names = {"source": corpus.origin, "family": corpus.family, "domain": corpus.domain}[unseen]
    for split in splits(corpus, unseen):
        assert not (split.learn & split.judge).any()
        fresh = split.judge & corpus.machine & (corpus.attack == "")
        assert not set(names[fresh]) & set(names[split.learn & corpus.machine])
        human = ~corpus.machine
        assert not set(corpus.origin[split.judge & human]) & set(corpus.origin[split.learn & human])
        assert not (corpus.attack[split.learn] != "").any()
        disguised = split.judge & (corpus.attack != "")
        assert not set(corpus.group[disguised]) & set(corpus.group[split.learn])
        if unseen == "family":
            assert not set(corpus.group[fresh]) & set(corpus.group[split.learn])


@pytest.mark.parametrize("unseen", ["source", "domain"])
def test_every_undisguised_text_is_judged_once(corpus: Corpus, unseen: str) -> None:
    times = sum(split.judge.astype(int) for split in splits(corpus, unseen))
    assert (np.asarray(times)[corpus.attack == ""] == 1).all()


def test_folds_keep_names_together_and_are_of_like_size() -> None:
    names = np.array(["a"] * 50 + ["b"] * 30 + ["c"] * 25 + ["d"] * 5)
    fold = assign(names, 2)
    assert [np.unique(fold[names == name]).size for name in "abcd"] == [1, 1, 1, 1]
    assert np.bincount(fold).tolist() == [55, 55]


def test_scattered_folds_depend_on_the_name_alone() -> None:
    names = np.array([f"g{n}" for n in range(1000)])
    assert scatter(names[::-1], 4)[::-1].tolist() == scatter(names, 4).tolist()
    assert np.bincount(scatter(names, 4)).min() > 190  # 250 expected, four standard deviations of 13.7 below
