"""The graphs keep the rules of engines that are stricter than the local runner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.coders.coders import Coder
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext

from pipeline.cli import main
from pipeline.config import Config
from pipeline.graph import curate_graph, extract_graph, rescore_graph
from pipeline.worklist import CurationLists
from tests.flink.one_pass import OnePass
from tests.outputs import corpus, rejections
from transforms.filter.reading import TextReader

GROUP = common_urns.primitives.GROUP_BY_KEY.urn
FLATTEN = common_urns.primitives.FLATTEN.urn
PAR_DO = common_urns.primitives.PAR_DO.urn


def _extract(pipeline: beam.Pipeline) -> None:
    config = Config()
    extract_graph(pipeline, "work", config, TextReader(config.filter), layout="", output="out")


def _curate(pipeline: beam.Pipeline) -> None:
    curate_graph(pipeline, CurationLists("work", "reports"), Config(), partitions=4, output="out")


def _rescore(pipeline: beam.Pipeline) -> None:
    rescore_graph(pipeline, "work", model=None, output="out")


GRAPHS = pytest.mark.parametrize("build", [_extract, _curate, _rescore])


def components(build: Callable[[beam.Pipeline], None]) -> beam_runner_api_pb2.Components:
    """A graph as a job server gets it."""
    pipeline = beam.Pipeline()
    build(pipeline)
    return pipeline.to_runner_api().components


@GRAPHS
def test_keys_of_every_group_are_written_alike_wherever_they_are_written(
    build: Callable[[beam.Pipeline], None],
) -> None:
    graph = components(build)
    coders = PipelineContext(graph).coders
    groups = [transform for transform in graph.transforms.values() if transform.spec.urn == GROUP]
    assert groups
    for group in groups:
        [given] = group.inputs.values()
        coder: Coder = coders.get_by_id(graph.pcollections[given].coder_id)
        assert coder.key_coder().is_deterministic(), group.unique_name


@GRAPHS
def test_what_is_flattened_comes_from_workers_and_goes_into_a_group(build: Callable[[beam.Pipeline], None]) -> None:
    # Flink cannot write a collection in another coder (BEAM-6523): inputs of a Flatten may
    # differ in theirs only where a worker does the flattening, which is between its own steps and a shuffle.
    graph = components(build)
    leaves = [transform for transform in graph.transforms.values() if not transform.subtransforms]
    maker = {name: leaf.spec.urn for leaf in leaves for name in leaf.outputs.values()}
    for flatten in (leaf for leaf in leaves if leaf.spec.urn == FLATTEN):
        [result] = flatten.outputs.values()
        assert {maker[given] for given in flatten.inputs.values()} == {PAR_DO}, flatten.unique_name
        assert {leaf.spec.urn for leaf in leaves if result in leaf.inputs.values()} == {GROUP}, flatten.unique_name


def test_values_of_a_group_are_gone_through_once(crawl: Path, reference: Path, tmp_path: Path) -> None:
    runner = "--runner=tests.flink.one_pass.OnePassRunner"
    assert main(["run", str(crawl), "--output", str(tmp_path / "out"), "--", runner]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)
    assert rejections(tmp_path / "out") == rejections(reference)


def test_a_second_pass_would_be_noticed() -> None:
    values = OnePass([1, 2])
    assert list(values) == [1, 2]
    with pytest.raises(RuntimeError, match="twice"):
        list(values)
