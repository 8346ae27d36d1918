"""No fold lets the judged texts' sources, families, eras, domains, languages or prompts into what was learned."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from training.corpus import Corpus, assign, gather, scatter
from training.splits import FOLDS, QUESTIONS, human_folds, splits


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    rng = np.random.default_rng(2)
    count = 900
    machine = [bool(label) for label in rng.random(count) < 0.5]
    families = [int(rng.integers(7)) for _ in machine]
    columns = {
        "text": [""] * count,
        "family": [f"f{family}" if label else "" for family, label in zip(families, machine, strict=True)],
        "era": [f"e{family % 4}" if label else "" for family, label in zip(families, machine, strict=True)],
        "domain": [f"d{rng.integers(6)}" for _ in machine],
        "lang": ["en"] * count,
        "attack": ["paraphrase" if label and rng.random() < 0.2 else "" for label in machine],
        "source": [f"m{rng.integers(9)}" if label else str(rng.choice(HUMAN)) for label in machine],
        "license": [""] * count,
        "group": [f"g{rng.integers(300)}" for _ in machine],
    }
    languages = np.array([f"l{rng.integers(5)}" if rng.random() < 0.4 else "en" for _ in machine])
    return dataclasses.replace(gather(columns, machine), language=languages)


HUMAN = [*(f"webpages:{k}" for k in range(7)), *(f"h{k}" for k in range(9)), "debian:tool"]


@pytest.mark.parametrize("unseen", ["source", "family", "era", "domain"])
def test_what_is_judged_was_not_learned(corpus: Corpus, unseen: str) -> None:
    names = {"source": corpus.origin, "family": corpus.family, "era": corpus.era, "domain": corpus.domain}[unseen]
    found = splits(corpus, unseen)
    assert len(found) == FOLDS
    for split in found:
        assert split.learn.any()
        assert not (split.learn & split.judge).any()
        fresh = split.judge & corpus.machine & (corpus.attack == "")
        assert fresh.any()
        assert not set(names[fresh]) & set(names[split.learn & corpus.machine])
        human = ~corpus.machine
        assert not set(corpus.origin[split.judge & human]) & set(corpus.origin[split.learn & human])
        assert not (corpus.attack[split.learn] != "").any()
        disguised = split.judge & (corpus.attack != "")
        assert disguised.any()
        assert not set(corpus.group[disguised]) & set(corpus.group[split.learn & corpus.machine])
        if unseen == "family":
            assert not set(corpus.group[fresh]) & set(corpus.group[split.learn & corpus.machine])


def test_a_domain_is_held_out_on_both_sides_but_for_web_pages(corpus: Corpus) -> None:
    for split in splits(corpus, "domain"):
        judged = set(corpus.domain[split.judge & corpus.machine & (corpus.attack == "")])
        assert not judged & set(corpus.domain[split.learn & ~corpus.web])
        assert judged & set(corpus.domain[split.learn & corpus.web])


def test_a_language_is_held_out_entirely_and_english_is_always_learned(corpus: Corpus) -> None:
    found = splits(corpus, "language")
    for split in found:
        assert not set(corpus.language[split.judge]) & set(corpus.language[split.learn])
        assert split.learn[(corpus.language == "en") & (corpus.attack == "")].all()
        assert (split.judge & corpus.machine).any()
        assert (split.judge & ~corpus.machine).any()
        assert not (corpus.attack[split.learn | split.judge] != "").any()
    judged = found[0].judge | found[1].judge
    assert judged.tolist() == ((corpus.language != "en") & (corpus.attack == "")).tolist()


@pytest.mark.parametrize("unseen", ["source", "era", "domain"])
def test_every_undisguised_text_is_judged_once(corpus: Corpus, unseen: str) -> None:
    times = sum(split.judge.astype(int) for split in splits(corpus, unseen))
    assert (np.asarray(times)[corpus.attack == ""] == 1).all()
    assert (np.asarray(times)[corpus.attack != ""] == 1).all()


@pytest.mark.parametrize("unseen", QUESTIONS)
def test_a_page_gathered_twice_is_judged_once_and_still_learned(corpus: Corpus, unseen: str) -> None:
    twice = dataclasses.replace(corpus, repeated=~corpus.machine & (np.arange(len(corpus)) % 3 == 0))
    for split, before in zip(splits(twice, unseen), splits(corpus, unseen), strict=True):
        assert split.learn.tolist() == before.learn.tolist()
        assert split.judge.tolist() == (before.judge & ~twice.repeated).tolist()


def test_human_sources_stay_together_and_each_fold_has_its_share_of_web_pages(corpus: Corpus) -> None:
    part = human_folds(corpus, FOLDS)
    assert (part[corpus.machine] == -1).all()
    human = ~corpus.machine
    assert all(np.unique(part[human & (corpus.origin == name)]).size == 1 for name in np.unique(corpus.origin[human]))
    for kind in (corpus.web, human & ~corpus.web):
        counts = np.bincount(part[kind], minlength=FOLDS)
        assert counts.min() > 0.6 * counts.mean()


def test_folds_keep_names_together_and_are_of_like_size() -> None:
    names = np.array(["a"] * 50 + ["b"] * 30 + ["c"] * 25 + ["d"] * 5)
    fold = assign(names, 2)
    assert [np.unique(fold[names == name]).size for name in "abcd"] == [1, 1, 1, 1]
    assert np.bincount(fold).tolist() == [55, 55]


def test_scattered_folds_depend_on_the_name_alone() -> None:
    names = np.array([f"g{n}" for n in range(1000)])
    assert scatter(names[::-1], 4)[::-1].tolist() == scatter(names, 4).tolist()
    assert np.bincount(scatter(names, 4)).min() > 190  # 250 expected, four standard deviations of 13.7 below
