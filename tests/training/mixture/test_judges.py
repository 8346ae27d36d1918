"""From texts to weights the whole way: detectors that have not seen what they judge, and what they do to a mixture."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from training.corpus import Corpus, gather
from training.fit import Recipe
from training.mixture.figures import MOVED, RECOVERY, Figure, measure, parts_of
from training.mixture.judges import QUESTIONS, Judged, calibrations, judge
from training.mixture.pool import gather_pool
from training.mixture.route import Route
from training.mixture.rules import DEFAULT, NONE, ORACLE, RULES
from transforms.filter.tokens import count_tokens
from transforms.score.detector import Detector

TEXTS = 480
RECIPE = Recipe(iterations=8, least=20, language_share=(("en", 1.0),))
HABITS = {False: ("and so we", "but then", "anyway it"), True: ("moreover", "in conclusion", "it is important that")}


def write(rng: np.random.Generator, machine: bool) -> str:
    """Sixty words or more on bridges, whose connectives betray the author four times in five."""
    words: list[str] = []
    while len(words) < 60:
        habit = HABITS[machine if rng.random() < 0.8 else not machine]
        words += [*str(rng.choice(habit)).split(), "the", str(rng.choice(["old", "new", "tall"])), "bridge", "stood."]
    return " ".join(words)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    rng = np.random.default_rng(5)
    machine = [bool(n % 2) for n in range(TEXTS)]
    columns = {
        "text": [write(rng, label) for label in machine],
        "family": [f"family {n % 5}" if label else "" for n, label in enumerate(machine)],
        "source": [f"{'machine' if label else 'webpages:'} {n % 12}" for n, label in enumerate(machine)],
        "domain": [f"domain {n % 7}" for n in range(TEXTS)],
        "group": [str(n // 10) for n in range(TEXTS)],
    }
    columns |= dict.fromkeys(("era", "license"), [""] * TEXTS)
    columns["attack"] = ["paraphrase" if n % 16 == 7 else "" for n in range(TEXTS)]
    columns["text"][0] = "Residue :contentReference[oaicite:0]{index=0} " + columns["text"][0]
    found = gather({**columns, "lang": ["en"] * TEXTS}, machine)
    return dataclasses.replace(found, repeated=np.zeros(TEXTS, np.bool_))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def judged(corpus: Corpus, cache: Path) -> dict[str, Judged]:
    return judge(corpus, cache, RECIPE)


def test_a_source_of_people_is_judged_in_one_fold(corpus: Corpus, judged: dict[str, Judged]) -> None:
    assert set(judged) == set(QUESTIONS)
    for found in judged.values():
        assert set(found.fold[~corpus.machine]) == {0, 1, 2}
        for source in np.unique(corpus.origin[~corpus.machine]):
            assert np.unique(found.fold[corpus.origin == source]).size == 1


@pytest.mark.parametrize("unseen", QUESTIONS)
def test_what_is_unseen_is_judged_in_one_fold(corpus: Corpus, judged: dict[str, Judged], unseen: str) -> None:
    names = {"family": corpus.family, "source": corpus.origin, "domain": corpus.domain}[unseen]
    own = corpus.machine & (judged[unseen].fold >= 0)
    for value in np.unique(names[own]):
        assert np.unique(judged[unseen].fold[own & (names == value)]).size == 1


def test_a_text_has_its_own_tokens_and_evidence(corpus: Corpus, judged: dict[str, Judged]) -> None:
    found = judged["source"]
    assert found.tokens[0] == count_tokens(corpus.texts[0])
    shipped = Detector.load().assess(corpus.texts[0], language="en", script="Latn")
    assert found.evidence[0] == sum(sign.log_ratio for sign in shipped.evidence) > 0
    assert not found.evidence[1:].any()


def test_disguised_texts_are_judged_too(corpus: Corpus, judged: dict[str, Judged]) -> None:
    disguised = corpus.attack != ""
    for found in judged.values():
        assert 0 < np.count_nonzero(found.fold[disguised] >= 0) < np.count_nonzero(disguised)


def test_opinions_are_kept(corpus: Corpus, cache: Path, judged: dict[str, Judged]) -> None:
    before = {file: file.stat().st_mtime_ns for file in cache.iterdir()}
    again = judge(corpus, cache, RECIPE)
    assert again["family"].score.tolist() == pytest.approx(judged["family"].score.tolist(), nan_ok=True)
    assert {file: file.stat().st_mtime_ns for file in cache.iterdir()} == before


def test_another_recipe_has_other_opinions(corpus: Corpus, cache: Path, judged: dict[str, Judged]) -> None:
    other = judge(corpus, cache, dataclasses.replace(RECIPE, iterations=1))
    assert np.nanmax(np.abs(other["family"].score - judged["family"].score)) > 0.1


def test_weighting_recovers_most_of_what_an_oracle_would(corpus: Corpus, judged: dict[str, Judged]) -> None:
    route = Route(corpus, judged["source"], calibrations(corpus, judged["source"]))
    pool = gather_pool(corpus, judged["source"], corpus.machine, registers=False, seed=0)
    rated = route.rate(pool.draw(0.4, np.random.default_rng(0), resample=False))
    rules = {name: RULES[name] for name in (NONE, DEFAULT, ORACLE)}
    found = measure(rated, parts_of(rated, corpus, pool.mixed()), rules)
    assert found[Figure(DEFAULT, RECOVERY)] > 0.5
    assert found[Figure(DEFAULT, MOVED)] < 1e-6
