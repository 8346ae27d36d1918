"""What Beam's Dask runner leaves out and ours does not, on one small graph."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.run import run_graph
from tests.engines.machines import DaskCluster

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(find_spec("distributed") is None, reason="needs Dask: pip install 'firsthand[engines]'"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    """One worker."""
    one = DaskCluster.start(tmp_path, machines=1, nannies=False)
    yield one
    one.stop()


def test_every_end_of_a_graph_is_reached_and_every_step_taken_once(tmp_path: Path, cluster: DaskCluster) -> None:
    said = tmp_path / "said"

    def say(what: str) -> str:
        with open(said, "a") as file:
            file.write(f"{what}\n")
        return what

    class Sum(beam.DoFn):  # type: ignore[misc]
        def start_bundle(self) -> None:
            self.total = 0

        def process(self, number: int) -> None:
            self.total += number

        def finish_bundle(self) -> Iterator[WindowedValue]:
            say("bundle")
            yield WindowedValue(self.total, 0, [GlobalWindow()])

    def build(pipeline: beam.Pipeline) -> None:
        numbers = pipeline | beam.Create([10]) | beam.FlatMap(lambda n: list(range(n))) | beam.Reshuffle()
        side = pipeline | "Side" >> beam.Create([100]) | beam.Map(lambda n: (say("side"), n)[1])
        numbers | "Add" >> beam.Map(lambda n, more: say(f"end {n + more}"), AsSingleton(side))
        numbers | beam.ParDo(Sum()) | beam.CombineGlobally(sum) | "Tell" >> beam.Map(lambda n: say(f"sum {n}"))

    run_graph(build, cluster.flags())
    lines = sorted(said.read_text().splitlines())
    assert lines == [*["bundle"] * 6, *(f"end {100 + number}" for number in range(10)), "side", "sum 45"]
