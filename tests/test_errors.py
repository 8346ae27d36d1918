"""Errors keep their cure on the way from a worker to the command line."""

from __future__ import annotations

import pickle

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.errors import ConfigError

ERROR = ConfigError(["bands is 0: give at least 1", "rows is 0: give at least 1"])


def refuse(_: int) -> int:
    raise ConfigError(ERROR.problems)


def test_every_problem_survives_pickling() -> None:
    received = pickle.loads(pickle.dumps(ERROR))
    assert isinstance(received, ConfigError)
    assert received.problems == ERROR.problems == ("bands is 0: give at least 1", "rows is 0: give at least 1")
    assert str(received) == str(ERROR)


def test_an_error_made_anew_from_its_message_is_one_problem() -> None:
    again = ConfigError(str(ERROR))
    assert again.problems == ("bands is 0: give at least 1; rows is 0: give at least 1",)
    assert str(again) == str(ERROR)


def test_an_error_in_a_worker_arrives_with_its_message() -> None:
    with pytest.raises(ConfigError) as raised, beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = pipeline | beam.Create([1]) | "Refuse" >> beam.Map(refuse)
    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(str(ERROR))
