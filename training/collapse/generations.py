"""Generation after generation: people's text and the last model's pages, weighed, and a model fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from training.collapse.arms import Arm, effective_share, params_of, weights
from training.collapse.model import Ids, LanguageModel
from training.collapse.results import Record, Store
from training.collapse.weigh import Judge, Opinion, Weighed, weigh
from training.collapse.world import World, judge, word_types
from training.metrics import auroc
from transforms.filter.tokens import count_tokens

START = Arm(1.0, "unweighted", "")
"""The arm whose generation 0 all others share: people's text only."""

_TYPES = 60  # tokens a document of which word types are counted: the same number in every arm


def seeded(*parts: object) -> int:
    """A seed of 31 bits for this purpose: nothing that differs in a part shares its chance."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=4).digest(), "big") >> 1


@dataclass(slots=True, eq=False)
class Lineages:
    """A study: what every lineage of models has in common. Opinions on people's text are formed once."""

    world: World
    make_model: Callable[[], LanguageModel]
    judges: Mapping[str, Judge]
    store: Store
    _human: dict[tuple[str, int], list[Opinion]] = field(default_factory=dict, repr=False)

    def run(self, arm: Arm, seed: int) -> Iterator[Record]:
        """The generations that the store does not have yet, each as soon as it is there and stored."""
        yield from self._start(seed)
        done = self.store.last(arm, seed)
        for generation in range(max(done, 0) + 1, self.world.size.generations + 1):
            before = (arm, generation - 1) if generation > 1 else (START, 0)
            yield self._next(arm, seed, generation, self.store.pages(*before, seed))

    def _start(self, seed: int) -> Iterator[Record]:
        if self.store.last(START, seed) < 0:
            yield self._next(START, seed, 0, [])

    def _next(self, arm: Arm, seed: int, generation: int, pages: Sequence[Ids]) -> Record:
        """Fit, judge, sample, store."""
        world, size = self.world, self.world.size
        people = size.documents if generation == 0 else round(arm.human * size.documents)
        # The draw depends on seed and generation alone, so arms of one share differ in nothing but the rule.
        drawn = world.draw(people, np.random.default_rng(seeded("draw", seed, generation)))
        pages = list(pages[: size.documents - people])
        documents = [world.ids[i] for i in drawn] + pages
        machine = np.arange(len(documents)) >= people
        weighed, area = self._weigh(arm, drawn.tolist(), pages, (seed, generation))
        weight = weights(arm.rule, weighed, machine, seeded("resample", seed, generation))
        model = self.make_model()
        model.fit(documents, weight, seed=seeded("fit", seed, generation))
        written = world.pages(model, size.documents, seeded("sample", seed, generation))
        known = judge(model, world)
        record = Record(
            arm=arm,
            seed=seed,
            generation=generation,
            perplexity=known.perplexity,
            tail=known.tail,
            minority=known.minority,
            types=word_types(written, _TYPES * size.documents),
            synthetic_before=_share(machine, weighed.tokens),
            synthetic=_share(machine, weighed.tokens * weight),
            effective=effective_share(weight, weighed.tokens),
            auroc=area,
        )
        self.store.add(record, written)
        return record

    def _weigh(
        self, arm: Arm, drawn: Sequence[int], pages: Sequence[Ids], when: tuple[int, int]
    ) -> tuple[Weighed, float]:
        """The mixture on the real path, and how well the detector told its two halves apart (NaN without one)."""
        texts = [self.world.vocabulary.decode(page) for page in pages]
        if not arm.detector:
            tokens = [count_tokens(text) for text in (*(self.world.train[i].text for i in drawn), *texts)]
            nothing = np.full(len(tokens), np.nan)
            return Weighed(nothing, np.ones(len(tokens)), np.array(tokens, np.float64)), float("nan")
        detector = self.judges[arm.detector]
        human = [self._of_people(arm.detector, when[0])[i] for i in drawn]
        found = detector.opinions(texts, True, seed=seeded("machine", *when))
        area = auroc(*(_scores(side) for side in (human, found)))
        return weigh([*human, *found], detector.calibrate, params_of(arm.rule)), area

    def _of_people(self, name: str, seed: int) -> list[Opinion]:
        if (name, seed) not in self._human:
            texts = [passage.text for passage in self.world.train]
            self._human[name, seed] = self.judges[name].opinions(texts, False, seed=seeded("people", seed))
        return self._human[name, seed]


def _scores(opinions: Sequence[Opinion]) -> np.ndarray:
    scores = np.array([opinion.score for opinion in opinions], np.float64)
    return scores[~np.isnan(scores)]


def _share(machine: np.ndarray, mass: np.ndarray) -> float:
    return float(mass[machine].sum() / mass.sum())
