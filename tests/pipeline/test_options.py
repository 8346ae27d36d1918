"""Beam's options with views that are made once."""

from __future__ import annotations

import copy
import pickle

from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions, StandardOptions

from pipeline.options import Options


def test_a_view_is_made_once() -> None:
    options = Options(["--streaming"])
    assert options.view_as(StandardOptions) is options.view_as(StandardOptions)
    assert options.view_as(StandardOptions).streaming


def test_views_say_what_those_of_beam_say() -> None:
    flags = ["--runner=Some", "--job_name=x", "--labels=a=1", "--labels=b=2"]
    ours, beams = Options(flags), PipelineOptions(flags)
    for options in (ours, beams):
        options.view_as(StandardOptions).runner = "Other"
        options.view_as(GoogleCloudOptions).labels.append("c=3")
    assert ours.get_all_options() == beams.get_all_options()
    assert ours.view_as(StandardOptions).runner == "Other"


def test_a_copy_has_values_of_its_own() -> None:
    options = Options(["--runner=Some"])
    options.view_as(StandardOptions)
    other = copy.deepcopy(options)
    other.view_as(StandardOptions).runner = "Other"
    assert options.view_as(StandardOptions).runner == "Some"


def test_what_beam_leaves_out_of_a_pickle_is_in_no_view_either() -> None:
    options = Options(["--impersonate_service_account=secret@example"])
    options.view_as(GoogleCloudOptions)
    assert pickle.loads(pickle.dumps(options)).view_as(GoogleCloudOptions).labels is None
    assert options.__getstate__()["_all_options"] == {**options._all_options, "impersonate_service_account": None}
    assert "_views" not in options.__getstate__()
