"""`firsthand extract`: archives to documents, split by split, so that a second run goes on where the first stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.accounts import SplitAccount
from pipeline.committed import damaged_files
from pipeline.config import Config
from pipeline.former import former_in
from pipeline.graph import extract_graph
from pipeline.output import DOCUMENTS, REJECTIONS, Output
from pipeline.plan import Plan, PlanDamaged, extend, makers_of
from pipeline.progress import ProgressLine, observe, observe_listed
from pipeline.run import Engine, run_graph
from pipeline.workload import likely_bytes, worth_starting
from transforms.errors import IntegrityError, OutputError
from transforms.filter.reading import TextReader
from transforms.read.chain import chain_breaks
from transforms.read.splits import Archive, Split
from transforms.read.stage import expand_inputs
from transforms.score.detector import Detector
from transforms.write.stage import is_local, list_files

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is to be read, how, and into what."""

    plan: Plan
    config: Config
    reader: TextReader
    output: Output
    model: str  # id of the detector
    others: int = 0  # archives of the plan that earlier runs brought
    stored: Plan | None = None  # the plan of earlier runs that this one goes on with
    plan_lost: bool = False  # that plan is damaged: this one takes its place

    def check_stored(self) -> None:
        """Raise OutputError if another run has stored its plan since: what only that one knows would be removed."""
        try:
            now = self.output.stored_plan()
        except PlanDamaged:
            if not self.plan_lost:
                raise
            now = None
        if now != self.stored:
            raise OutputError(f"another run wrote to {self.output.root} meanwhile: give the same command again")

    def committed(self) -> dict[str, SplitAccount]:
        """The accounts of the splits that are done, by split id; raises OutputError if another detector scored one."""
        found = self.output.accounts(split.split_id for split in self.plan.splits())
        done = {split_id: account for split_id, account in found.items() if account.layout == self.plan.layout}
        for account in done.values():
            if account.model != self.model:
                raise OutputError(
                    f"{self.output.root} holds documents scored by the detector {account.model}, and {self.model} is "
                    f"installed: run `firsthand rescore {self.output.root}` first"
                )
        return done

    def intact(self, say: Say) -> dict[str, SplitAccount]:
        """The accounts of the splits that are done, and whose files are still what was written; says which are not.

        Every byte of them is read where the output is a local folder.
        """
        begun = self.output.begun(split.split_id for split in self.plan.splits())  # first: a run may be committing
        done = self.committed()
        harmed = damaged_files({self.output.files(split_id): account for split_id, account in done.items()})
        sound = {split_id: account for split_id, account in done.items() if self.output.files(split_id) not in harmed}
        changed = [harmed.get(files, files.suspect()) for files in begun if files.split_id not in sound]
        if len(changed) == 1:
            say(f"{changed[0]} is not what was written: its split is to be extracted again")
        elif changed:
            splits = f"{len(changed)} splits are to be extracted again"
            say(f"{changed[0]} and {len(changed) - 1} others are not what was written: {splits}")
        return sound


def plan_extraction(
    inputs: Sequence[str], config: Config, output: Output, *, limit: int | None, say: Say, base: str | None = None
) -> Extraction:
    """What reading these inputs into this output means; nothing is written. `base`: see `expand_inputs`.

    Raises:
        InputError, OutputError: an input or a block list is not there, or the output holds something else.
    """
    output.check()
    notices: list[str] = []
    archives = expand_inputs(inputs, base=base, limit=limit, notice=notices.append)
    reader = TextReader(config.filter)
    makers = makers_of(config, block_lists=reader.block_digest, limit=limit)
    plan = Plan(makers, config.run.split_bytes, limit, tuple(archives))
    stored, lost = _stored_plan(output, plan)
    moved = [archive.file_path for archive in stored.archives if _is_gone(archive)] if stored else []
    whole = extend(stored, plan, output=output.root, moved=moved)
    for notice in notices:
        say(notice)
    if lost:
        say(f"{output.path('extract.json')} is damaged, and is made again of what this command says")
    others = len(whole.archives) - len(archives)
    model = Detector.load().model_id
    return Extraction(whole, config, reader, output, model, others=others, stored=stored, plan_lost=lost)


def _stored_plan(output: Output, plan: Plan) -> tuple[Plan | None, bool]:
    """The plan of earlier runs into this output, None if there is none; and whether it is lost.

    A damaged one is let go if all that they extracted, if anything, is of archives of the new one, read alike. Raises
    PlanDamaged if anything is not: it would be removed as nobody's.
    """
    try:
        return output.stored_plan(), False
    except PlanDamaged:
        known, found = {(archive.warc_file, archive.size) for archive in plan.archives}, output.accounts()
        alike = all(
            account.layout == plan.layout and (account.read.split.warc_file, account.read.split.file_size) in known
            for account in found.values()
        )
        splits = {split.split_id for split in plan.splits()} | found.keys()
        if not (alike and all(files.split_id in splits for files in output.begun())):
            raise
        return None, True


def _is_gone(archive: Archive) -> bool:
    return is_local(archive.file_path) and not os.path.exists(archive.file_path)


def extract(extraction: Extraction, engine: Engine, *, say: Say) -> list[SplitAccount]:
    """Carry it out; splits that an earlier run committed are skipped. Returns the accounts of all splits, in order.

    The output must be locked: what was planned before it was is worth nothing if another run wrote in between.

    Raises:
        OutputError, EngineError: it could not be finished; what is committed stays.
    """
    extraction.check_stored()
    if extraction.others:
        say(f"{extraction.output.root} holds documents of other archives too ({extraction.others}); they stay in")
    extraction.output.prepare(DOCUMENTS, REJECTIONS)
    if extraction.plan_lost:
        extraction.output.store_plan(extraction.plan)
    accounts = _complete(extraction, engine, extraction.intact(say), say=say)
    misled = chain_breaks(account.read for account in accounts)
    if misled:
        for found in misled:
            say(f"{found.file_path}: its splits do not meet, so it is read whole")
        unsplit = tuple(sorted({*extraction.plan.unsplit, *(found.warc_file for found in misled)}))
        whole = replace(extraction, plan=replace(extraction.plan, unsplit=unsplit))
        accounts = _complete(whole, engine, whole.committed(), say=say)
    return accounts


def _complete(
    extraction: Extraction, engine: Engine, done: Mapping[str, SplitAccount], *, say: Say
) -> list[SplitAccount]:
    """Extract the splits of the plan that are not done yet, and whatever else lies there goes."""
    plan, output = extraction.plan, extraction.output
    splits = plan.splits()
    pending = [split for split in splits if split.split_id not in done]
    if done and pending != splits:
        say(f"skipping {len(splits) - len(pending)} of {len(splits)} splits: committed by an earlier run")
    if pending:
        engine.check_reach({split.file_path for split in pending})
        if former := former_in(output):
            say(former.gone(former.more_archives({archive.warc_file for archive in plan.archives})))
        output.clear_corpus()  # it would be of other documents
        output.store_plan(plan)
        output.keep_splits(done)
        _run(pending, extraction, engine)
        done = {**done, **output.accounts(split.split_id for split in pending)}
    return in_order(splits, done, output)


def in_order(splits: Sequence[Split], done: Mapping[str, SplitAccount], output: Output) -> list[SplitAccount]:
    """The accounts of these splits; raises IntegrityError if one is not committed."""
    missing = [split.split_id for split in splits if split.split_id not in done]
    if missing:
        raise IntegrityError(
            f"{len(missing)} of {len(splits)} splits of {output.root} are not extracted yet: run the same extract again"
        )
    return [done[split.split_id] for split in splits]


def _run(pending: Sequence[Split], extraction: Extraction, engine: Engine) -> None:
    config, output = extraction.config, extraction.output
    ordered = sorted(
        pending, key=lambda split: (split.start - split.end, split.split_id)
    )  # so that workers end together
    sizes = {split.split_id: split.end - split.start for split in ordered}
    folder = output.path(DOCUMENTS)
    with output.work_list(ordered) as work:
        run_graph(
            lambda pipeline: extract_graph(
                pipeline, work, config, extraction.reader, layout=extraction.plan.layout, output=output.root
            ),
            engine.flags_for(worth_starting([likely_bytes(split) for split in ordered]), stage="extract"),
            progress=_progress(folder, sizes),
        )
    output.prepare(DOCUMENTS, REJECTIONS)  # sweeps the heartbeats, and what lost workers left


def _progress(folder: str, sizes: Mapping[str, int]) -> ProgressLine:
    if is_local(folder):
        return ProgressLine(lambda seconds: observe(folder, sizes, seconds=seconds))
    return ProgressLine(
        lambda seconds: observe_listed(list_files(folder, "*.parquet"), sizes, seconds=seconds), costly=True
    )
