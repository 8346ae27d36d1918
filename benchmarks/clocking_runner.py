"""firsthand's own local runner, with the CPU seconds and the memory of each of Beam's stages.

Named with `--runner=benchmarks.clocking_runner.ClockingRunner --clock_report=FILE`. With one worker a stage runs in
this process and nothing runs beside it, so what the process takes meanwhile is what the stage takes: its own work,
coders, grouping and the engine around them.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner.execution import BundleContextManager, FnApiRunnerExecutionContext
from apache_beam.runners.portability.fn_api_runner.fn_runner import RunnerResult

from pipeline.bundles import Stages
from pipeline.local import LocalRunner


class ClockOptions(PipelineOptions):
    """The flag of the runner."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--clock_report", help="Where to write CPU seconds and memory of each stage, as JSON.")


class _ClockingStages(Stages):
    """Writes [{"steps": [name, …], "cpu_s": seconds, "peak_mb": most memory so far}, …] when a pipeline has ended."""

    def run_via_runner_api(
        self, pipeline_proto: beam_runner_api_pb2.Pipeline, options: PipelineOptions
    ) -> RunnerResult:
        """Run it, and leave the report."""
        self._stages: list[dict[str, object]] = []
        result = super().run_via_runner_api(pipeline_proto, options)
        Path(options.view_as(ClockOptions).clock_report).write_text(
            json.dumps(self._stages, indent=1), encoding="utf-8"
        )
        return result

    def _execute_bundle(
        self,
        runner_execution_context: FnApiRunnerExecutionContext,
        bundle_context_manager: BundleContextManager,
        bundle_input: Any,
    ) -> Any:
        """Run a bundle, and note what it took."""
        began = time.process_time()
        result = super()._execute_bundle(runner_execution_context, bundle_context_manager, bundle_input)
        steps = [transform.unique_name for transform in bundle_context_manager.stage.transforms]
        self._stages.append({"steps": steps, "cpu_s": time.process_time() - began, "peak_mb": _peak_mb()})
        return result


def _peak_mb() -> float:
    """The most memory that this process had until now, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


class ClockingRunner(LocalRunner):
    """The local runner, clocked."""

    stages = _ClockingStages
