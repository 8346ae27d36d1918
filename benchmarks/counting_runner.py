"""Beam's in-process runner, counting the bytes that go from one stage to another.

Named with `--runner=benchmarks.counting_runner.CountingRunner --shuffle_report=FILE`; it has one worker. The runner
keeps what a stage writes, encoded as it would cross a network, in one buffer for each place where it is grouped by key
(a shuffle on any engine) or kept for other stages; here each buffer counts what is put into it. Combiners are lifted
before that, so what counts is what they leave.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner.execution import (
    BundleContextManager,
    FnApiRunnerExecutionContext,
    GroupingBuffer,
    ListBuffer,
    PartitionableBuffer,
)
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner, RunnerResult
from apache_beam.runners.portability.fn_api_runner.translations import split_buffer_id


class ShuffleOptions(PipelineOptions):
    """The flag of the runner."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--shuffle_report", help="Where to write the bytes of each shuffle, as JSON.")


class CountingRunner(FnApiRunner):
    """Writes {"group": {step: bytes}, "materialize": {step: bytes}} when a pipeline has ended."""

    def run_via_runner_api(
        self, pipeline_proto: beam_runner_api_pb2.Pipeline, options: PipelineOptions
    ) -> RunnerResult:
        """Run it, and leave the report."""
        self._counts: dict[str, Counter[str]] = {"group": Counter(), "materialize": Counter()}
        result = super().run_via_runner_api(pipeline_proto, options)
        report = json.dumps(self._counts, indent=1)
        Path(options.view_as(ShuffleOptions).shuffle_report).write_text(report, encoding="utf-8")
        return result

    def _execute_bundle(
        self,
        runner_execution_context: FnApiRunnerExecutionContext,
        bundle_context_manager: BundleContextManager,
        bundle_input: Any,
    ) -> Any:
        """Run a bundle with buffers that count where it is about to write."""
        for transform, buffer_id in bundle_context_manager.stage_data_outputs.items():
            buffer = bundle_context_manager.get_buffer(buffer_id, transform)
            if not isinstance(buffer, _CountingGroups | _CountingList):
                kind, name = split_buffer_id(buffer_id)
                counts, step = self._counts[kind], _step(runner_execution_context, kind, name)
                counting = _CountingGroups if kind == "group" else _CountingList
                runner_execution_context.pcoll_buffers[buffer_id] = counting(buffer, counts, step)
        return super()._execute_bundle(runner_execution_context, bundle_context_manager, bundle_input)


def _step(context: FnApiRunnerExecutionContext, kind: str, name: str) -> str:
    """The grouping step, or the step that makes the collection."""
    transforms = context.pipeline_components.transforms
    if kind == "group":
        return str(transforms[name].unique_name)
    return next((str(step.unique_name) for step in transforms.values() if name in step.outputs.values()), name)


class _CountingGroups(GroupingBuffer):
    """A buffer of a grouping that counts."""

    def __init__(self, buffer: PartitionableBuffer, counts: Counter[str], step: str) -> None:
        vars(self).update(vars(buffer))
        self._counts, self._step = counts, step

    def append(self, elements_data: bytes) -> None:
        self._counts[self._step] += len(elements_data)
        super().append(elements_data)


class _CountingList(ListBuffer):
    """A buffer of a collection that counts."""

    def __init__(self, buffer: PartitionableBuffer, counts: Counter[str], step: str) -> None:
        vars(self).update(vars(buffer))
        self._counts, self._step = counts, step

    def append(self, element: bytes) -> None:
        self._counts[self._step] += len(element)
        super().append(element)
