"""`firsthand extract`: archives to documents, split by split, so that a second run goes on where the first stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.graph import extract_graph
from pipeline.output import Output
from pipeline.plan import Plan, extend, makers_of
from pipeline.progress import ProgressLine, observe
from pipeline.run import Engine, run_graph
from transforms.errors import IntegrityError
from transforms.read.chain import chain_breaks
from transforms.read.splits import Archive, Split
from transforms.read.stage import expand_inputs
from transforms.score.detector import Detector
from transforms.write.stage import is_local

Say = Callable[[str], None]


def plan_extraction(inputs: Sequence[str], config: Config, output: Output, *, limit: int | None) -> Plan:
    """What reading these inputs into this output means; nothing is written.

    Raises:
        InputError, OutputError: an input is not there, or the output holds something else.
    """
    output.check()
    archives = expand_inputs(inputs)
    makers = makers_of(config, model=Detector.load().model_id, limit=limit)
    plan = Plan(makers, config.run.split_bytes, limit, tuple(archives))
    stored = output.stored_plan()
    moved = [archive.file_path for archive in stored.archives if _is_gone(archive)] if stored else []
    return extend(stored, plan, output=output.root, moved=moved)


def _is_gone(archive: Archive) -> bool:
    return is_local(archive.file_path) and not os.path.exists(archive.file_path)


def pending_splits(plan: Plan, output: Output) -> list[Split]:
    """The splits of the plan that no run has committed yet."""
    committed = output.accounts()
    return [split for split in plan.splits() if split.split_id not in committed]


def extract(plan: Plan, config: Config, output: Output, engine: Engine, *, say: Say) -> None:
    """Carry out the plan; splits that an earlier run committed are skipped.

    Raises:
        OutputError, EngineError: it could not be finished; what is committed stays.
    """
    output.prepare("documents", "rejections")
    output.store_plan(plan)
    _extract_pending(plan, config, output, engine, say=say)
    misled = chain_breaks(account.read for account in plan_accounts(plan, output))
    if misled:
        plan = _unsplit(plan, output, {found.file_path for found in misled}, say=say)
        _extract_pending(plan, config, output, engine, say=say)


def _unsplit(plan: Plan, output: Output, paths: set[str], *, say: Say) -> Plan:
    """The plan with these archives read whole; what was extracted of them is undone."""
    for account in plan_accounts(plan, output):
        if account.read.split.file_path in paths:
            output.remove_split(account.read.split.split_id)
    for path in sorted(paths):
        say(f"{path}: its splits do not meet, so it is read whole")
    names = {archive.warc_file for archive in plan.archives if archive.file_path in paths}
    plan = replace(plan, unsplit=tuple(sorted({*plan.unsplit, *names})))
    output.store_plan(plan)
    return plan


def plan_accounts(plan: Plan, output: Output) -> list[SplitAccount]:
    """The accounts of all splits of the plan, in order; raises IntegrityError if one is not committed."""
    committed = output.accounts()
    splits = plan.splits()
    missing = [split.split_id for split in splits if split.split_id not in committed]
    if missing:
        raise IntegrityError(
            f"{len(missing)} of {len(splits)} splits of {output.root} are not extracted yet: run the same extract again"
        )
    return [committed[split.split_id] for split in splits]


def _extract_pending(plan: Plan, config: Config, output: Output, engine: Engine, *, say: Say) -> None:
    splits = plan.splits()
    pending = pending_splits(plan, output)
    if len(pending) < len(splits):
        say(f"skipping {len(splits) - len(pending)} of {len(splits)} splits: committed by an earlier run")
    if not pending:
        return
    for split in pending:  # a damaged file, or a rejections file without its documents file
        output.remove_split(split.split_id)
    pending.sort(key=lambda split: (split.start - split.end, split.split_id))  # longest first: workers end together
    sizes = {split.split_id: split.end - split.start for split in pending}
    run_graph(
        lambda pipeline: extract_graph(pipeline, pending, config, layout=plan.layout, output=output.root),
        engine.flags_for(len(pending)),
        progress=ProgressLine(lambda seconds: observe(output.documents, sizes, seconds=seconds)),
    )
    output.prepare("documents")  # sweeps the heartbeats
