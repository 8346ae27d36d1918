"""What Beam is told of the methods of its steps."""

from __future__ import annotations

from types import MethodType

import apache_beam as beam
import pytest

from pipeline.signatures import Arguments, _ask, arguments_of


class Step(beam.DoFn):
    def process(self, element: int, moment: object = beam.DoFn.TimestampParam, *others: int, key: int = 1) -> list[int]:
        return [element]


@pytest.mark.parametrize(
    "step", [Step(), beam.Map(lambda x: x).dofn, beam.FlatMap(str).dofn], ids=["ours", "Map", "FlatMap"]
)
def test_they_are_what_beam_finds_itself(step: object) -> None:
    methods = [method for method in (getattr(step, name, None) for name in dir(step)) if isinstance(method, MethodType)]
    assert len(methods) > 10
    assert [arguments_of(method) for method in methods] == [_ask(method) for method in methods]


def test_a_function_that_is_no_method_is_asked_itself() -> None:
    def plain(a: int, b: int = 2) -> int:
        return a + b

    assert arguments_of(plain) == (["a", "b"], [2])


def test_whoever_changes_an_answer_changes_no_other() -> None:
    first: Arguments = arguments_of(Step().process)
    first[0].clear()
    assert arguments_of(Step().process) == (["element", "moment"], [beam.DoFn.TimestampParam])
