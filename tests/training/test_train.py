"""The trainer gives the same bytes every time, and learns a difference that holds in sources it never saw."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from training.corpus import Corpus, gather
from training.crossfit import cross_scores
from training.fit import Recipe, balance, fit, quantise
from training.matrix import Samples, choose_function_words, sample
from training.metrics import auroc
from training.train import train
from transforms.score import linear
from transforms.score.features import extract, split_words
from transforms.score.hashing import HashSet
from transforms.score.plain import to_plain
from transforms.score.style import BINS, MEASURES, measure

RECIPE = Recipe(iterations=15, least=20, language_share=(("en", 1.0),))
NOUNS = [f"{a}{b}" for a in ("riv", "mill", "ston", "bridg", "lamp", "gard") for b in ("er", "ow", "ing", "ite", "ard")]
HABITS = {
    False: ("and so", "but then", "anyway", "it was"),
    True: ("moreover", "in conclusion", "it is important", "thus"),
}


def write(rng: np.random.Generator, machine: bool) -> str:
    """A text of 70–130 words whose topic is random and whose connectives betray the author three times in four."""
    words: list[str] = []
    while len(words) < rng.integers(70, 130):
        habit = HABITS[machine if rng.random() < 0.75 else not machine]
        words += [
            *str(rng.choice(habit)).split(),
            "the",
            str(rng.choice(NOUNS)),
            "of",
            "the",
            str(rng.choice(NOUNS)) + ".",
        ]
    return " ".join(words)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    rng = np.random.default_rng(5)
    machine = [bool(n % 2) for n in range(640)]
    columns = {
        "text": [write(rng, label) for label in machine],
        "family": [f"family {n % 5}" if label else "" for n, label in enumerate(machine)],
        "source": [f"{'machine' if label else 'webpages:'} {n % 12}" for n, label in enumerate(machine)],
        "group": [str(n // 10) for n in range(640)],  # each prompt has an answer of every family
    }
    empty = [""] * 640
    columns |= dict.fromkeys(("era", "domain", "attack", "license"), empty)
    return gather({**columns, "lang": ["en"] * 640}, machine)


@pytest.fixture(scope="module")
def samples(corpus: Corpus) -> Samples:
    return sample(corpus.texts, corpus.language, choose_function_words(corpus, {"": 40}), seed=1)


def test_training_twice_gives_the_same_bytes(corpus: Corpus) -> None:
    first = train(corpus, RECIPE, folds=2)
    assert train(corpus, RECIPE, folds=2) == first
    model, digest = linear.decode(first[0], "first")
    assert digest in first[1]
    assert any(weights.any() for weights in model.weights)


def test_texts_of_unseen_sources_and_families_are_told_apart(corpus: Corpus, samples: Samples) -> None:
    scores = cross_scores(corpus, samples, RECIPE, folds=3)
    judged = np.isfinite(scores)
    assert judged[~corpus.machine].all()
    assert 0.2 < judged[corpus.machine].mean() < 0.5  # family and prompt fall into the same of three folds
    assert auroc(scores[judged & ~corpus.machine], scores[judged & corpus.machine]) > 0.95


def test_a_prompt_that_one_family_alone_answered_is_always_judged(corpus: Corpus, samples: Samples) -> None:
    alone = dataclasses.replace(corpus, group=np.arange(len(corpus)).astype(str))
    assert np.isfinite(cross_scores(alone, samples, RECIPE, folds=2)).all()


def test_the_shipped_form_scores_as_the_fit_does(corpus: Corpus, samples: Samples) -> None:
    words = choose_function_words(corpus, {"": 40})
    fitted = fit(corpus, samples, np.ones(len(corpus), dtype=np.bool_), RECIPE)
    model = quantise(fitted, words)
    whole = np.flatnonzero(~samples.crop)[:50]
    exact = fitted.score(samples, whole)
    shipped = []
    for text in (corpus.texts[samples.text[row]] for row in whole):
        plain = to_plain(text)
        shipped.append(model.score(extract(text, HashSet.of(words)), measure(plain, split_words(plain))))
    assert shipped == pytest.approx(exact.tolist(), abs=0.05 * float(exact.std()))  # int8: 1/254 of the range a weight


def test_style_alone_is_learned_and_shipped(corpus: Corpus, samples: Samples) -> None:
    """Connectives are listed words: with no n-gram in enough sources, curves tell the authors apart."""
    recipe = dataclasses.replace(RECIPE, origins=1000)
    fitted = fit(corpus, samples, np.ones(len(corpus), dtype=np.bool_), recipe)
    assert [columns.size for columns in fitted.columns] == [0, 0, 0]
    curves = quantise(fitted, np.zeros(1, np.uint64)).curves
    assert curves.weights.shape == (len(MEASURES), BINS)
    whole = np.flatnonzero(~samples.crop)
    scores = np.array([curves.score(values) for values in samples.style[whole]])
    machine = corpus.machine[samples.text[whole]]
    assert auroc(scores[~machine], scores[machine]) > 0.95


def test_style_adds_nothing_where_it_is_not_measured(corpus: Corpus, samples: Samples) -> None:
    fitted = fit(corpus, samples, np.ones(len(corpus), dtype=np.bool_), dataclasses.replace(RECIPE, origins=1000))
    german = sample(corpus.texts[:5], np.full(5, "de"), np.zeros(1, np.uint64), None)
    assert not german.measured.any()
    assert fitted.score(german, np.arange(5)).tolist() == pytest.approx([fitted.bias] * 5)


def test_a_feature_of_few_sources_gets_no_weight(corpus: Corpus, samples: Samples) -> None:
    everything = np.ones(len(corpus), dtype=np.bool_)
    loose = fit(corpus, samples, everything, dataclasses.replace(RECIPE, origins=1))
    strict = fit(corpus, samples, everything, dataclasses.replace(RECIPE, origins=24))
    assert all(set(few) < set(many) for few, many in zip(strict.columns, loose.columns, strict=True))
    whole = np.flatnonzero(~samples.crop)
    for buckets, columns in zip(samples.views, strict.columns, strict=True):
        for column in columns[:5]:
            rows = [row for row in whole if column in buckets.of(np.array([row]))[0]]
            assert np.unique(corpus.origin[samples.text[rows]]).size == 24


def test_weights_balance_the_classes_and_damp_large_sources(corpus: Corpus) -> None:
    rows = np.flatnonzero(corpus.machine | (np.arange(len(corpus)) < 200))
    weights = balance(corpus, rows, RECIPE)
    assert weights[corpus.machine[rows]].sum() == pytest.approx(0.5)
    origin = corpus.origin[rows]
    by_origin = {name: (weights[origin == name].sum(), np.count_nonzero(origin == name)) for name in np.unique(origin)}
    people = [mass / np.sqrt(count) for name, (mass, count) in by_origin.items() if name.startswith("webpages:")]
    assert people == pytest.approx([people[0]] * len(people))


def test_web_pages_weigh_more_than_other_people_and_packages_count_as_one_source_of_little_weight(
    corpus: Corpus,
) -> None:
    people = np.flatnonzero(~corpus.machine)
    packaged, web = np.zeros(len(corpus), np.bool_), np.zeros(len(corpus), np.bool_)
    packaged[people[:80]], web[people[80:180]] = True, True
    origin = np.where(corpus.machine, "m", np.where(web, "pages", "others")).astype("<U20")
    origin[people[:80]] = [f"debian:{n}" for n in range(80)]
    mixed = dataclasses.replace(corpus, packaged=packaged, web=web, origin=origin)
    recipe = dataclasses.replace(RECIPE, web=6.0, packaged=0.5)
    weights = balance(mixed, np.arange(len(corpus)), recipe)
    masses = np.array([weights[packaged].sum(), weights[web].sum(), weights[people[180:]].sum()])
    expected = np.array([0.5 * np.sqrt(80), 6.0 * np.sqrt(100), np.sqrt(140)])
    assert masses == pytest.approx(0.5 * expected / expected.sum())


def test_with_a_seed_each_long_text_has_one_crop_of_itself_as_well(corpus: Corpus) -> None:
    texts, language = [corpus.texts[0], corpus.texts[1] * 3, corpus.texts[2] * 3], corpus.language[:3]
    none = np.zeros(1, np.uint64)
    cropped, again, plain = (sample(texts, language, none, seed) for seed in (1, 1, None))
    assert cropped.text.tolist() == [0, 1, 1, 2, 2]
    assert cropped.crop.tolist() == [False, False, True, False, True]
    assert cropped.style.tolist() == again.style.tolist()
    assert (plain.text.tolist(), plain.crop.tolist()) == ([0, 1, 2], [False] * 3)
    for whole, part in ((1, 2), (3, 4)):
        assert 0 < cropped.words[part] < cropped.words[whole]


@pytest.mark.parametrize(("machines", "weighs"), [(RECIPE.least, True), (RECIPE.least - 1, False)])
def test_a_language_with_too_few_machine_texts_weighs_nothing(corpus: Corpus, machines: int, weighs: bool) -> None:
    recipe = dataclasses.replace(RECIPE, language_share=(("en", 1.0), ("ru", 1.0)))
    number = np.arange(len(corpus))
    russian = np.where(corpus.machine, number < 2 * machines, number < 200)
    mixed = dataclasses.replace(corpus, language=np.where(russian, "ru", corpus.language))
    weights = balance(mixed, number, recipe)
    assert np.count_nonzero(russian & corpus.machine) == machines
    assert weights[russian].sum() == pytest.approx(0.5 if weighs else 0.0)
    assert weights.sum() == pytest.approx(1.0)


def test_a_language_without_one_of_the_classes_weighs_nothing(corpus: Corpus) -> None:
    recipe = dataclasses.replace(RECIPE, language_share=(("en", 1.0), ("ru", 1.0)))
    russian = (np.arange(len(corpus)) < 100) & ~corpus.machine
    mixed = dataclasses.replace(corpus, language=np.where(russian, "ru", corpus.language))
    weights = balance(mixed, np.arange(len(corpus)), recipe)
    assert weights[russian].tolist() == [0.0] * int(russian.sum())
    assert weights.sum() == pytest.approx(1.0)
