"""Runs a staged job with nothing but what was staged: `python worker.py GRAPH` in the unpacked package's folder.

The graph's environments are container images; here they are this process, which imports the package from its folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import EmbeddedPythonEnvironment


def run(graph: Path) -> None:
    """Run the graph to its end; raises if it fails, or if another package than the one here would run."""
    pipeline = beam_runner_api_pb2.Pipeline.FromString(graph.read_bytes())
    here = EmbeddedPythonEnvironment.default().to_runner_api(None)
    for environment in pipeline.components.environments.values():
        environment.CopyFrom(here)
    FnApiRunner().run_via_runner_api(pipeline, PipelineOptions([])).wait_until_finish()
    for name in ("pipeline", "transforms"):
        source = str(sys.modules[name].__file__)
        if not source.startswith(os.getcwd() + os.sep):
            raise RuntimeError(f"{name} is not that of the staged package: {source}")


if __name__ == "__main__":
    run(Path(sys.argv[1]))
