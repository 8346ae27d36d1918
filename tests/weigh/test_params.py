from __future__ import annotations

import pytest

from transforms.weigh.params import WeighParams


def test_the_defaults_have_no_problem() -> None:
    assert WeighParams().problems() == []


def test_every_mistake_is_reported_at_once() -> None:
    params = WeighParams(
        rho=1.5, beta=-1.0, cap=0.5, length_edges=(256, 128), prior="guess", pseudo_count=0.0, bootstrap=3,
        repeats=0.0, bucket_edges=(0.5, 0.5), seed=-1,
    )  # fmt: skip
    named = [problem.split(" is ")[0] for problem in params.problems()]
    assert sorted(named) == [
        "beta", "bootstrap", "bucket_edges", "cap", "length_edges", "prior", "pseudo_count", "repeats", "rho", "seed",
    ]  # fmt: skip


def test_a_problem_names_value_and_cure() -> None:
    assert WeighParams(cap=0.5).problems() == ["cap is 0.5, expected at least 1, the mean weight"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["rho", "beta", "cap", "pseudo_count", "repeats", "prior"])
def test_what_is_no_finite_number_is_a_problem(name: str, value: float) -> None:
    assert len(WeighParams(**{name: value}).problems()) == 1


@pytest.mark.parametrize(("prior", "problems"), [(0.0, 1), (1.0, 1), (0.4, 0), ("estimate", 0), ("0.4", 1)])
def test_a_fixed_prior_lies_strictly_between_0_and_1(prior: float | str, problems: int) -> None:
    assert len(WeighParams(prior=prior).problems()) == problems


def test_more_bands_than_a_byte_can_number_are_a_problem() -> None:
    edges = tuple(float(edge) for edge in range(1, 200))
    assert len(WeighParams(bucket_edges=edges).problems()) == 1
