"""Beam's in-process runner, with the flags of a run made known to its worker processes.

Beam 2.77 starts them without (`FnApiRunner` is made before the options are known, and gives workers what it was made
with): what the flags say of S3, such as `--s3_endpoint_url`, would not reach them. They log what they are given, so
`check_flags` takes no credentials.
"""

from __future__ import annotations

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner, RunnerResult
from apache_beam.runners.portability.portable_runner import JobServiceHandle


class LocalRunner(FnApiRunner):
    """Runs a graph on this machine: `--runner=pipeline.local.LocalRunner`, which is what firsthand does by itself."""

    def run_pipeline(self, pipeline: beam.Pipeline, options: PipelineOptions) -> RunnerResult:
        """Run the graph to its end."""
        flags = JobServiceHandle.encode_pipeline_options(options.get_all_options(drop_default=True))
        info = beam_provision_api_pb2.ProvisionInfo(retrieval_token="none", pipeline_options=flags)  # noqa: S106
        return FnApiRunner(provision_info=ExtendedProvisionInfo(info)).run_pipeline(pipeline, options)
