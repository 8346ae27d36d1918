"""Ranges of the parameters."""

from __future__ import annotations

from transforms.dedup.params import DedupParams, SignatureParams


def test_defaults_have_no_problems_and_fit_each_other() -> None:
    assert SignatureParams().problems() == []
    assert DedupParams().problems() == []
    assert DedupParams().misfits(SignatureParams().num_hashes) == []


def test_every_signature_mistake_is_named_with_its_value() -> None:
    problems = SignatureParams(ngram=0, num_hashes=8, seed=-1).problems()
    assert [problem.split(" ")[0] for problem in problems] == ["ngram", "num_hashes", "seed"]
    assert all(f"got {value}:" in problem for value, problem in zip((0, 8, -1), problems, strict=True))


def test_every_dedup_mistake_is_named() -> None:
    params = DedupParams(method="fuzzy", bands=0, rows=65, threshold=0.0, min_shingles=0)
    names = [problem.split(" ")[0] for problem in params.problems()]
    assert names == ["method", "bands", "rows", "threshold", "min_shingles"]


def test_threshold_that_is_no_number_is_a_problem() -> None:
    assert len(DedupParams(threshold=float("nan")).problems()) == 1


def test_bands_larger_than_the_signature_do_not_fit() -> None:
    assert DedupParams(bands=14, rows=8).misfits(112) == []
    (problem,) = DedupParams(bands=15, rows=8).misfits(112)
    assert "15 * 8 = 120" in problem
