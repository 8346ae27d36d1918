"""The jobs behind the commands: an output, an engine, and what is done with them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import curate as curation
from pipeline import extract as extraction
from pipeline.accounts import Counts, total
from pipeline.config import Config
from pipeline.manifest import manifest, to_bytes
from pipeline.output import Output
from pipeline.plan import Plan
from pipeline.run import Engine, check_flags
from transforms.score.detector import Detector
from transforms.write.stage import commit, is_local


@dataclass(frozen=True, slots=True)
class Job:
    """Where to write and where to run."""

    output: Output
    engine: Engine


def prepare(output: str, *, flags: Sequence[str], workers: int | None) -> Job:
    """A job with checked Beam flags and an output address that does not depend on the working directory."""
    check_flags(flags)
    return Job(Output(_address(output)), Engine(tuple(flags), workers))


def _address(folder: str) -> str:
    return os.path.abspath(folder) if is_local(folder) else folder.rstrip("/")


def plan(job: Job, inputs: Sequence[str], config: Config, *, limit: int | None) -> Plan:
    """What extracting these inputs would do; nothing is written."""
    return extraction.plan_extraction(inputs, config, job.output, limit=limit)


def describe(plan: Plan, job: Job) -> str:
    """What a dry run says of a plan."""
    splits, pending = plan.splits(), extraction.pending_splits(plan, job.output)
    size = sum(archive.size for archive in plan.archives)
    return (
        f"would read {len(plan.archives)} archives ({size / 1e6:.1f} MB) in {len(splits)} splits, "
        f"{len(splits) - len(pending)} of them committed already, into {job.output.root}; nothing was written"
    )


def extract(job: Job, plan: Plan, config: Config) -> Counts:
    """Carry out the plan; returns the checked counts from records to documents."""
    extraction.extract(plan, config, job.output, job.engine, say=say)
    counts = total(extraction.plan_accounts(plan, job.output))
    counts.check()
    return counts


def describe_counts(counts: Counts, job: Job) -> str:
    """What extract says when it is done."""
    return (
        f"{counts.records} records, {counts.responses} responses: {counts.rows} documents, "
        f"{counts.rejected} rejected; in {job.output.root}"
    )


def curate(job: Job, folders: Sequence[str], pattern: str | None, config: Config, *, began: float) -> Counts:
    """Write corpus, manifest and, last, the mark of success; returns the checked counts from records to rows."""
    job.output.check()
    model = Detector.load().model_id
    documents = curation.find_documents([_address(folder) for folder in folders], pattern, model=model)
    counts = curation.curate(documents, config, job.output, job.engine)
    accounts = [account for _, account in documents]
    page = manifest(counts, accounts, config, model=model, elapsed=time.monotonic() - began)
    with job.output.guarded():
        commit(job.output.path("manifest.json"), lambda sink: sink.write(to_bytes(page)))
    job.output.succeed()
    return counts


def say(text: str) -> None:
    """A remark to the person at the terminal."""
    print(f"firsthand: {text}", file=sys.stderr, flush=True)
