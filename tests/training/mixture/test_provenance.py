"""An answer is kept under a digest of all it is made of."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.training.conftest import Known
from training.mixture.provenance import digest_of, reached

JUDGES = "training.mixture.judges"


def test_code_is_followed_through_its_imports() -> None:
    names = {"/".join(file.parts[-2:]) for file in reached([JUDGES])}
    assert {"mixture/judges.py", "training/splits.py", "training/fit.py", "training/matrix.py"} <= names
    assert {
        "training/corpus.py",
        "score/detector.py",
        "score/style.py",
        "filter/tokens.py",
        "score/__init__.py",
    } <= names
    assert not names & {"mixture/trials.py", "mixture/tables.py"}


def test_results_depend_on_what_is_measured_and_asked() -> None:
    names = {file.name for file in reached(["training.mixture.trials", "training.mixture.settings"])}
    assert {"settings.py", "metrics.py", "calibrate.py", "splits.py", "fit.py", "rules.py", "weight.py"} <= names


def test_what_is_no_module_of_the_project_is_not_followed() -> None:
    assert reached(["numpy", "json.decoder", "training.none"]) == set()


def test_the_same_has_the_same_digest(known: Known) -> None:
    assert digest_of(known.corpus, [JUDGES], "recipe") == digest_of(known.corpus, [JUDGES], "recipe")


def test_other_code_and_other_words_have_another_digest(known: Known) -> None:
    found = {digest_of(known.corpus, modules, *words) for modules in ([], [JUDGES]) for words in ([], ["a"], ["b"])}
    assert len(found) == 6


@pytest.mark.parametrize(
    "column", ["machine", "language", "script", "origin", "family", "domain", "attack", "group", "web"]
)
def test_another_label_of_one_text_is_another_digest(known: Known, column: str) -> None:
    values = getattr(known.corpus, column).copy()
    values[0] = not values[0] if values.dtype == np.bool_ else "x"
    other = dataclasses.replace(known.corpus, **{column: values})
    assert digest_of(other, []) != digest_of(known.corpus, [])
