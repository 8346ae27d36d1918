"""What a sample of a crawl cannot tell: the costs of an engine, each with the command that measured it.

Seconds are of CPU where nothing else is said, on a machine where a process was ready after START_S; the sample measures
how long it takes here, and the seconds below are scaled by the ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

START_S = 1.78
"""Until a process had imported the engine, read its models and started its parser (`benchmarks.plan --terms`)."""
NOISE = 0.1
"""Share by which CPU seconds of the same work differ between runs on one machine (`benchmarks.plan`)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Costs of one engine."""

    engine: str
    graph_s: float  # of an extract graph without a page, beside the start
    worker_s: float  # of a worker process that extracts, from its start to its end
    curate_s: float  # of a curate graph without a page
    curate_worker_s: float  # of a worker process that curates
    wait_s: float  # on the clock, for a graph: until its workers work
    page_s: float  # of the engine, a response extracted
    file_s: float  # of curation, a documents file
    row_s: float  # of curation, a document: its columns, its text sorted and written
    block_s: float  # of curation, a block that crosses a shuffle of dedup
    in_process: bool  # one worker is the process of the command itself, and what is shuffled stays in its memory
    source: str  # what measured them


LOCAL = Terms(
    engine="local",
    graph_s=0.35,
    worker_s=1.96,
    curate_s=1.18,
    curate_worker_s=2.07,
    wait_s=2.0,
    page_s=0.00012,
    file_s=0.021,
    row_s=0.0001,
    block_s=0.000016,
    in_process=True,
    source="python -m benchmarks.plan --terms",
)
FLINK = replace(LOCAL, engine="flink", wait_s=20.0, in_process=False, source="assumed: docs/flink.md")
DATAFLOW = replace(LOCAL, engine="dataflow", wait_s=240.0, in_process=False, source="assumed: nobody measured Dataflow")
ENGINES = {terms.engine: terms for terms in (LOCAL, FLINK, DATAFLOW)}
