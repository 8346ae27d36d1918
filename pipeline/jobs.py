"""The jobs behind the commands: an output, an engine, and what is done with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pipeline import curate as curation
from pipeline import extract as extraction
from pipeline import rescore as rescoring
from pipeline.accounts import Counts, total
from pipeline.config import Config, load
from pipeline.dataflow import DATAFLOW, staging_places
from pipeline.earlier import Earlier, find_earlier, held
from pipeline.engines import Work, notices, openings, problems
from pipeline.extract import Extraction
from pipeline.flags import engine_of
from pipeline.former import Recipe, former_in
from pipeline.manifest import folders_of, manifest, to_bytes
from pipeline.output import Output
from pipeline.place import place_of
from pipeline.publish import publish
from pipeline.run import Engine, check_flags
from pipeline.seal import head_of, sealed
from pipeline.verify.check import many
from transforms.errors import InputError
from transforms.report.glimpse import GLIMPSE
from transforms.report.story import Story
from transforms.score.detector import Detector
from transforms.terminal import shown
from transforms.write.stage import commit, list_files

Settings = tuple[str | None, tuple[str, ...]]
"""A configuration file and overrides, as the user gave them."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where to write and where to run."""

    output: Output
    engine: Engine


def prepare(output: str, *, flags: Sequence[str], workers: int | None, inputs: Sequence[str] = ()) -> Job:
    """A job with checked Beam flags and an output address that does not depend on the working directory."""
    work = Work(tuple(inputs), output, workers)
    check_flags(flags, found=problems(flags, work))
    place = place_of(output)
    for notice in (*notices(flags, work), *openings(flags)):
        say(notice)
    if engine_of(flags) in DATAFLOW:
        for folder in staging_places(flags):
            list_files(folder, "_SUCCESS")  # where there is no bucket, Beam's client would try for ten minutes
    return Job(Output(place), Engine(tuple(flags), workers))


def plan(job: Job, inputs: Sequence[str], config: Config, *, limit: int | None, base: str | None = None) -> Extraction:
    """What extracting these inputs would do; nothing is written."""
    return extraction.plan_extraction(inputs, config, job.output, limit=limit, say=say, base=base)


def describe(work: Extraction) -> str:
    """What a dry run says."""
    archives, splits = work.plan.archives, work.plan.splits()
    done = work.committed()  # by their ends: a look at every byte belongs to what is then done
    size = sum(archive.size for archive in archives)
    return (
        f"would read {size / 1e6:.1f} MB in {many(len(archives), 'archive')}, cut into {many(len(splits), 'split')}, "
        f"{len(done)} of them committed already, into {work.output.root}; nothing was written"
    )


def extract(job: Job, work: Extraction) -> Counts:
    """Carry out the extraction; returns the checked counts from records to documents."""
    counts = total(extraction.extract(work, job.engine, say=say))
    counts.check()
    if not counts.records:
        raise InputError(f"no input holds a record: {job.output.path('rejections')} says what each is; name archives")
    return counts


def describe_counts(counts: Counts, job: Job) -> str:
    """What a job says when it is done."""
    return (
        f"{counts.records} records, {counts.responses} responses: {counts.rows} rows, "
        f"{counts.rejected} rejected; in {job.output.root}"
    )


def rescore(job: Job) -> str:
    """Score the documents of the output again where another detector has; returns what to say of it.

    Raises:
        InputError: the folder holds no extraction, or a file that is no documents file.
    """
    job.output.check()
    job.output.plan()
    with job.output.locked():
        done = rescoring.rescore(job.output, job.engine)
        if job.output.has_stale_corpus():
            say(f"{job.output.path('corpus')} is of other scores than the documents: run `firsthand curate` again")
    return (
        f"{many(done.files, 'file')} with {many(done.rows, 'row')} scored again by {done.model}, "
        f"{done.current} current already; in {job.output.root}"
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Documents that can stand in one corpus, and the configuration of all that is done with them."""

    documents: curation.Documents
    config: Config
    model: str
    earlier: tuple[Earlier, ...] = ()  # the corpora that hold pages already

    def recipe(self) -> Recipe:
        """What the corpus is made of."""
        archives = {account.read.split.warc_file for _, account in self.documents}
        return Recipe(archives, self.config, {one.head for one in self.earlier})


def find(folders: Sequence[str], pattern: str | None, settings: Settings, *, against: Sequence[str] = ()) -> Source:
    """The documents of these outputs or of a glob; `against`: earlier outputs.

    What `settings`, a configuration file and overrides, leave out of extraction is as the documents have it.
    """
    model = Detector.load().model_id
    documents = curation.find_documents([place_of(folder) for folder in folders], pattern, model=model)
    config = load(*settings, documents=documents[0][1].settings)
    earlier = find_earlier(against, (account for _, account in documents), config)
    return Source(documents, config, model, earlier)


@dataclass(frozen=True, slots=True)
class Curated:
    """What came of a curation."""

    counts: Counts  # checked, from records to rows
    story: Story  # the figures of the corpus, of all its rows or of some


def curate(job: Job, source: Source, *, began: float, fresh: bool = False) -> Curated:
    """Write corpus, manifest, what is published beside them and, last, the mark of success.

    `fresh`: the documents were extracted, or looked through, a moment ago.
    """
    with ExitStack() as stack:
        for other in curation.others(source.documents, job.output):
            stack.enter_context(other.held())
        stack.enter_context(held(source.earlier, job.output))
        curation.check(source.documents, job.output, fresh=fresh)
        if former := former_in(job.output):
            say(former.gone(former.differences(source.recipe())))
        done = curation.curate(source.documents, source.config, job.output, job.engine, earlier=source.earlier)
    accounts = [account for _, account in source.documents]
    folders = folders_of((path for path, _ in source.documents), job.output.root)
    elapsed = time.monotonic() - began
    page = manifest(done.counts, accounts, source.config, model=source.model, elapsed=elapsed, documents=folders)
    if source.earlier:
        page["against"] = [one.entry() for one in source.earlier]
    page = sealed(page, done.files)
    content = to_bytes(page)
    with job.output.guarded():
        commit(job.output.path("manifest.json"), lambda sink: sink.write(content))
    story = publish(job.output, content, most_rows=GLIMPSE, finished=True)
    job.output.succeed(head_of(page))
    say(f"sealed by {head_of(page)}: kept elsewhere, it lets `firsthand verify --head` find any change")
    return Curated(done.counts, story)


def say(text: str) -> None:
    """A remark to the person at the terminal."""
    print(f"firsthand: {shown(text)}", file=sys.stderr, flush=True)
