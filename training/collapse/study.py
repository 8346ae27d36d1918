"""`python -m training.collapse.study`: every arm over generations and seeds, then the tables and the figure.

Killed anywhere, the same command goes on. `--tier 1` is an n-gram model, `--tier 2` a recurrent network. A study in
another folder, of other texts, sizes or code is another study.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from scipy.special import ndtri

from pipeline.lock import lock_to_write
from training.collapse.arms import BLIND, RULES, UNWEIGHTED, Arm
from training.collapse.figure import draw
from training.collapse.generations import START, Lineages
from training.collapse.model import LanguageModel
from training.collapse.neural import NeuralModel, Params
from training.collapse.ngram import NGramModel, Shape
from training.collapse.refit import load_or_fit
from training.collapse.results import Settings, Store, put
from training.collapse.tables import Account, write_section
from training.collapse.texts import Passage, Texts, folder_prose, python_prose, split
from training.collapse.weigh import Judge, RealJudge, SimulatedJudge
from training.collapse.world import Size, World
from training.digest import digest_of
from transforms.errors import FirsthandError
from transforms.score.detector import Detector

SHARES = (0.1, 0.3, 0.5)
MAIN_SHARE = 0.3
MEASURED_AUROC = 0.962
"""The shipped detector on English pages: the mean in training/report.md, of unseen families, domains and disguises."""

REFITTED, SHIPPED, SIMULATED = "refitted", "shipped", f"simulated {MEASURED_AUROC}"
PANELS = (REFITTED, SIMULATED, SHIPPED)
_AREAS = {f"simulated {area}": area for area in (MEASURED_AUROC, 0.9, 0.75)}
DETECTORS = tuple(dict.fromkeys((*PANELS, *_AREAS)))
"""The first two judge every share, the others the main share only."""

REPLACE = Arm(0.0, UNWEIGHTED, "")

_TEXTS = "texts.jsonl"
_CODE = (
    *(f"training/collapse/{name}.py" for name in ("arms", "generations", "model", "refit", "texts", "tokens", "weigh")),
    *(f"training/collapse/{name}.py" for name in ("adamw", "neural", "ngram", "recurrent", "windows", "world")),
    *(f"training/{name}.py" for name in ("calibrate", "corpus", "fit", "matrix", "splits", "train")),
    "transforms/probability.py",
    "transforms/weigh/*.py",
    "transforms/score/*.py",
    "transforms/score/model/*",
    "transforms/filter/language.py",
    "transforms/filter/tokens.py",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a process needs to take part in a study."""

    out: Path
    tier: int
    size: Size
    texts: Path | None  # a folder; None for the prose shipped with Python
    detectors: tuple[str, ...]  # of DETECTORS


def arms(
    shares: Sequence[float] = SHARES, detectors: Sequence[str] = DETECTORS, rules: Sequence[str] = RULES
) -> list[Arm]:
    """All arms, those that others are compared with first: these are always among them, whatever `rules` says.

    The shipped detector judges the main share only.
    """
    found = [START, REPLACE]
    for share in sorted(shares, key=lambda share: share != MAIN_SHARE):
        found += [Arm(share, rule, "") for rule in BLIND]
        for detector in detectors:
            if detector in DETECTORS[:2] or share == MAIN_SHARE:
                found += [Arm(share, rule, detector) for rule in rules if rule not in BLIND]
    return found


def make_model(tier: int, vocabulary: int) -> LanguageModel:
    """A model of a tier, not yet fitted."""
    return NGramModel(Shape(vocabulary)) if tier == 1 else NeuralModel(Params(vocabulary))


def begin(plan: Plan) -> None:
    """Put the texts and the settings of a plan into its folder, unless they are there.

    Raises InputError if the folder is of other texts, sizes or code.
    """
    if not (plan.out / _TEXTS).exists():
        _gather(plan)
    texts = str(plan.texts.resolve()) if plan.texts else "prose shipped with Python"
    settings: Settings = {"tier": plan.tier, "folder": texts, "texts": _texts(plan).digest, "code": digest_of(_CODE)}
    Store.open(plan.out, {**settings, **asdict(plan.size)})


def lineages(plan: Plan) -> Lineages:
    """The study of a plan that was begun, for one of its processes."""
    texts, store = _texts(plan), Store.join(plan.out)
    world = World.of(texts, plan.size)
    vocabulary = len(world.vocabulary)
    return Lineages(world, lambda: make_model(plan.tier, vocabulary), _judges(plan, texts), store)


def _judges(plan: Plan, texts: Texts) -> dict[str, Judge]:
    make: dict[str, Callable[[], Judge]] = {
        REFITTED: lambda: RealJudge(load_or_fit(texts, plan.size, plan.out / "detector")),
        SHIPPED: lambda: RealJudge(Detector.load()),
    }
    simulated = {name: SimulatedJudge(float(math.sqrt(2) * ndtri(area))) for name, area in _AREAS.items()}
    return {name: simulated[name] if name in simulated else make[name]() for name in plan.detectors}


def _gather(plan: Plan) -> None:
    """Keep the texts of a plan in its folder: what is installed may change between two runs of a study."""
    passages = list(python_prose() if plan.texts is None else folder_prose(plan.texts))
    split(passages)  # or there is too little of them
    plan.out.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(asdict(passage)) + "\n" for passage in passages)
    put(plan.out / _TEXTS, lines.encode("utf-8", "replace"))


def _texts(plan: Plan) -> Texts:
    with (plan.out / _TEXTS).open(encoding="utf-8") as lines:
        return split([Passage(**json.loads(line)) for line in lines])


def _run(plan: Plan, work: Sequence[tuple[Arm, int]]) -> int:
    """Run some lineages in this process; returns how many generations were added."""
    study = lineages(plan)
    return sum(1 for arm, seed in work for _ in study.run(arm, seed))


def run(plan: Plan, seeds: Iterable[int], chosen: Sequence[Arm], workers: int) -> int:
    """Run what is missing of these arms; returns how many generations were added."""
    seeds = list(seeds)
    begin(plan)
    added = _run(plan, [(START, seed) for seed in seeds])  # first: it leaves the pages that all others begin with
    work = [(arm, seed) for seed in seeds for arm in chosen if arm != START]
    if workers == 1:
        return added + _run(plan, work)
    with ProcessPoolExecutor(workers) as pool:
        return added + sum(pool.map(_run, [plan] * workers, list(_dealt(work, workers))))


def _dealt(work: Sequence[tuple[Arm, int]], hands: int) -> Iterator[list[tuple[Arm, int]]]:
    return (list(work[hand::hands]) for hand in range(hands))


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"expected a share between 0 and 1, ends excluded, got {text}")
    return share


def _arguments() -> argparse.Namespace:
    size = Size()
    parser = argparse.ArgumentParser(prog="python -m training.collapse.study", description=__doc__)
    parser.add_argument("--tier", type=int, choices=(1, 2), default=1, help="1: n-grams, minutes; 2: a network, hours")
    parser.add_argument("--text", type=Path, help="folder of text files; default: prose shipped with Python")
    parser.add_argument("--out", type=Path, help="folder of results; default: out/study/tier1 or tier2")
    parser.add_argument("--seeds", type=int, default=3, help="number of seeds, default 3")
    parser.add_argument("--documents", type=int, default=size.documents, help="documents a generation")
    parser.add_argument("--generations", type=int, default=size.generations, help="generations after the first")
    parser.add_argument("--shares", type=_share, nargs="+", default=list(SHARES), help="shares of human documents")
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=list(DETECTORS), help="detectors to try")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES), help="rules to try")
    parser.add_argument("--workers", type=int, default=2, help="processes, default 2")
    parser.add_argument(
        "--docs", type=Path, help="folder of study.md, in which the tables are put; default: print them"
    )
    return parser.parse_args()


def main() -> None:
    """Run, then write tables and figure."""
    arguments, started = _arguments(), time.monotonic()
    size = Size(documents=arguments.documents, generations=arguments.generations)
    out = arguments.out or Path(f"out/study/tier{arguments.tier}")
    plan = Plan(out, arguments.tier, size, arguments.text, tuple(arguments.detectors))
    chosen = arms(arguments.shares, arguments.detectors, arguments.rules)
    out.mkdir(parents=True, exist_ok=True)
    try:
        with lock_to_write(str(out)):
            added = run(plan, range(arguments.seeds), chosen, arguments.workers)
        records = [record for record in Store.read(out) if record.seed < arguments.seeds and record.arm in chosen]
        account = Account(plan.tier, added, time.monotonic() - started, size, arguments.seeds)
        print(write_section(records, account, arguments.docs))
    except FirsthandError as error:
        raise SystemExit(f"error: {error}") from error
    draw(records, plan.tier, arguments.docs or out, PANELS if plan.tier == 1 else PANELS[::2])


if __name__ == "__main__":
    main()
