"""`python -m training.mixture --labelled DIR`: mixtures of unseen generators, weighed; prints and writes the tables.

Detectors, opinions and results are kept under `--cache` and not made again; `--page` is the page whose tables, between
`<!-- table: NAME -->` and `<!-- end -->`, are written anew, and beside which the figure lies.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from training.corpus import Corpus, read
from training.mixture.declared import Case, Outcome, try_case
from training.mixture.judges import Judged, calibrations, judge
from training.mixture.page import fill
from training.mixture.plot import draw
from training.mixture.pool import gather_pool
from training.mixture.route import Route
from training.mixture.settings import FAMILY, REGISTERS, SETTINGS, Setting
from training.mixture.store import append, key_of, load, made_of
from training.mixture.tables import tables
from training.mixture.trials import Effort, Results, try_share

PAGE = Path(__file__).parents[2] / "docs" / "study-mixtures.md"
CASES = (
    Case(60, 0.8, 0.8),  # as the first pages of the development crawl: 43 of 54 declare a machine
    *(Case(600, share, declaring) for share in (0.8, 0.95) for declaring in (0.0, 0.1, 0.5, 1.0)),
)


def study(
    corpus: Corpus, judged: Mapping[str, Judged], cache: Path, effort: Effort
) -> dict[Setting, dict[float, Results]]:
    """Every setting at each of its shares, from the cache where it has it."""
    kept, answer = load(cache / "results.jsonl"), made_of(corpus)
    found: dict[Setting, dict[float, Results]] = {}
    for setting in SETTINGS:
        route = Route(corpus, judged[setting.unseen], calibrations(corpus, judged[setting.unseen]))
        machines = setting.machines(corpus)
        pool = gather_pool(corpus, route.judged, machines, registers=setting.registers, seed=effort.seed)
        found[setting] = {}
        for share in setting.shares:
            key = key_of(setting, share, effort, answer)
            if key not in kept:
                kept[key] = try_share(route, pool, share, setting.rules(), effort)
                append(cache / "results.jsonl", key, kept[key])
                print(f"{setting.name}, {share:.0%}", file=sys.stderr, flush=True)
            found[setting][share] = kept[key]
    return found


def declared(corpus: Corpus, judged: Judged, effort: Effort) -> dict[Case, dict[str, Outcome]]:
    """Every case of pages that declare a machine."""
    route = Route(corpus, judged, calibrations(corpus, judged))
    pool = gather_pool(corpus, judged, FAMILY.machines(corpus), registers=False, seed=effort.seed)
    return {case: try_case(route, pool, case, effort.replicates, effort.seed) for case in CASES}


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m training.mixture", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--prose", type=Path, help="directory that training.gather wrote; the detector learns it too")
    parser.add_argument("--cache", type=Path, default=Path("out/mixture"), help="where opinions and results are kept")
    parser.add_argument("--page", type=Path, default=PAGE, help="page whose tables are written")
    parser.add_argument("--replicates", type=int, default=Effort().replicates, help="resamplings for each interval")
    parser.add_argument("--seed", type=int, default=Effort().seed)
    arguments = parser.parse_args()
    if not (arguments.labelled / "machine.parquet").is_file():
        print(f"study of mixtures: skipped, there is no {arguments.labelled}/machine.parquet")
        return
    effort = Effort(replicates=arguments.replicates, seed=arguments.seed)
    corpus = read(arguments.labelled, arguments.prose)
    judged = judge(corpus, arguments.cache)
    results = study(corpus, judged, arguments.cache, effort)
    found = tables(results, declared(corpus, judged["family"], effort))
    for name, table in found.items():
        print(f"{name}\n\n{table}")
    arguments.page.write_text(fill(arguments.page.read_text(encoding="utf-8"), found), encoding="utf-8")
    draw(results[FAMILY], results[REGISTERS], arguments.page.parent)


if __name__ == "__main__":
    main()
