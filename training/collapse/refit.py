"""A detector of the project's own recipe, fitted to babble: the shipped one learned from large models only.

Its machine texts are those of n-gram models that the study does not have: other orders, temperatures and cuts, learned
from other texts. Its human texts are of sources that the study neither learns from nor is judged on. All else is
`python -m training.train`: features, regression, folds without a text's own source or generator, calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from training.calibrate import MIN_HUMAN
from training.collapse.ngram import NGramModel, Shape
from training.collapse.results import put
from training.collapse.texts import Passage, Texts
from training.collapse.world import Size, World
from training.corpus import Corpus, gather
from training.fit import Recipe
from training.train import train
from transforms.errors import InputError
from transforms.score import calibration, linear
from transforms.score.detector import Detector


@dataclass(frozen=True, slots=True)
class Generator:
    """An n-gram model that the study does not have."""

    order: int
    temperature: float
    top: int


GENERATORS = (
    Generator(order=2, temperature=1.0, top=1000),
    Generator(order=2, temperature=0.7, top=20),
    Generator(order=4, temperature=1.1, top=200),
    Generator(order=4, temperature=0.8, top=30),
    Generator(order=5, temperature=1.0, top=100),
    Generator(order=5, temperature=0.7, top=50),
)
"""No order 3, which is the study's. Each is a family to the folds of the calibration, so there must be some."""

_HALVES = 2  # parts of the texts on which each generator is fitted: a feature has to occur in four sources
_LEAST = 2 * MIN_HUMAN  # a calibration wants MIN_HUMAN in a language, and a fold leaves a part of them out
_CURE = ": give more text, or name --detectors without the refitted one"
_PAGES = 100  # of each generator and part


def load_or_fit(texts: Texts, size: Size, folder: Path) -> Detector:
    """The detector in a folder, fitted and put there if it holds none.

    Raises InputError if there is too little text for one, or if it abstains on everything.
    """
    if len(texts.detector) < _LEAST:
        raise InputError(f"a detector wants {_LEAST} passages of its own, got {len(texts.detector)}{_CURE}")
    if not (folder / calibration.FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        model, lines = train(corpus_of(texts, size), Recipe())
        put(folder / linear.FILE, model)
        put(folder / calibration.FILE, lines.encode())
    detector = Detector.load(folder)
    if not any(line.slope > 0 for line in detector.calibration.lines.values()):
        raise InputError(f"the refitted detector has no opinion in any language{_CURE}")
    return detector


def corpus_of(texts: Texts, size: Size, generators: Sequence[Generator] = GENERATORS, pages: int = _PAGES) -> Corpus:
    """The detector's own human texts, and so many pages of every generator and half, as labelled texts."""
    rows = [_row(passage.text, passage.source, "", i) for i, passage in enumerate(texts.detector)]
    machine = [False] * len(rows)
    for half in range(_HALVES):
        own = texts.detector[half::_HALVES]
        world = World.of(replace(texts, train=own), size)
        for kind in generators:
            name = f"order {kind.order}, temperature {kind.temperature}, top {kind.top}"
            written = _write(world, own, kind, pages)
            rows += [_row(text, f"{name}, part {half}", name, i) for i, text in enumerate(written)]
            machine += [True] * len(written)
    return gather({column: [row[column] for row in rows] for column in rows[0]}, machine)


def _write(world: World, own: Sequence[Passage], kind: Generator, pages: int) -> list[str]:
    shape = Shape(len(world.vocabulary), order=kind.order, temperature=kind.temperature, top=kind.top)
    model = NGramModel(shape)
    model.fit(world.ids, np.ones(len(own)))
    return [world.vocabulary.decode(page) for page in world.pages(model, pages, seed=kind.order)]


def _row(text: str, source: str, family: str, number: int) -> dict[str, str]:
    return {
        "text": text,
        "source": source,
        "family": family,
        "era": "n-gram" if family else "",
        "domain": "",
        "attack": "",
        "license": "",
        "group": f"{source}:{number}",
    }
